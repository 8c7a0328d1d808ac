"""The BentoML service: it starts the workers, probes them and tells their metrics; the application answers.

BentoML puts its layers (tracing, a line of log a request, metrics by path, a timer a request) around whatever is
mounted in it, which costs most of the time of an answer, and a series of metrics for every customer's path. So the
application stands before them and hands on only what is not its own; docs/serving.md tells what each layer costs.
"""

import logging
import os
import sys
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import bentoml
from starlette.types import ASGIApp

from creditscore.domain import Workspace
from creditscore_serving.metrics import Metrics

if TYPE_CHECKING:
    from creditscore_serving.desk.desk import Desk

SWITCH_SECONDS = 0.001  # an edition is made beside the answers; the usual 5 ms would be felt in them
WORKERS = "CREDITSCORE_WORKERS"
ROOM = "creditscore_serving"


class Fronted(bentoml.Service):
    """A service whose application is asked before BentoML's own."""

    def to_asgi(self, is_main: bool = True) -> ASGIApp:  # noqa: FBT001, FBT002 - the signature is BentoML's
        """Return what a worker serves."""
        host = cast("ASGIApp", super().to_asgi(is_main=is_main))
        return cast("ASGIApp", self.inner.application(host))


def service_of(workspace: Workspace) -> bentoml.Service[Any]:
    """Return the service of one workspace; only a worker loads the library and opens anything."""
    metrics = Metrics()

    @cache
    def desk() -> "Desk":
        from creditscore_serving.desk.desk import Desk  # noqa: PLC0415 - the process that minds the workers needs none

        return Desk(workspace)

    def application(host: ASGIApp) -> ASGIApp:
        from creditscore_serving.application import application_of  # noqa: PLC0415 - as above

        return application_of(desk(), observe=metrics.observe, host=host)

    return cast("bentoml.Service[Any]", _described(desk, application, metrics))


def _described(desk: Callable[[], "Desk"], application: Callable[[ASGIApp], ASGIApp], metrics: Metrics) -> object:
    front = application

    @bentoml.service(
        name="creditscore",
        service_class=Fronted,
        workers=int(os.environ.get(WORKERS, "1")),
        traffic={"timeout": 30},
    )
    class Scores:
        """Daily scores and decisions on customers, and scores of posted snapshot rows."""

        application = staticmethod(front)

        def __init__(self) -> None:
            sys.setswitchinterval(SWITCH_SECONDS)
            logging.getLogger(ROOM).setLevel(logging.INFO)  # the framework shows warnings alone
            metrics.open()
            desk().open()

        def __is_ready__(self) -> bool:
            """Tell BentoML whether a score can be answered."""
            return desk().editions.current is not None

        @bentoml.on_shutdown
        def close(self) -> None:
            """Stop watching for what is newer."""
            desk().close()

    return Scores
