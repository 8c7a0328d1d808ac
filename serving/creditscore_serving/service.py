"""The BentoML service: it starts the workers, probes them and tells their metrics; the application answers.

BentoML puts its layers (tracing, a line of log a request, metrics by path, a timer a request) around whatever is mounted
in it, which costs most of the time of an answer, and a series of metrics for every customer's path. So the application
stands before them and hands on only what is not its own; see docs/serving.md for what each layer costs.
"""

import os
import sys
from typing import Any, cast

import bentoml
from starlette.types import ASGIApp, Receive, Scope, Send

from creditscore.domain import Workspace
from creditscore_serving.application import application_of, is_own
from creditscore_serving.desk.desk import Desk
from creditscore_serving.gauges import Gauges
from creditscore_serving.logs import configure_logs
from creditscore_serving.metrics import Metrics

SWITCH_SECONDS = 0.001  # an edition is made beside the answers; the usual 5 ms would be felt in them
WORKERS = "CREDITSCORE_WORKERS"


class Fronted(bentoml.Service):  # type: ignore[misc]  # bentoml ships no types
    """A service whose application is asked before BentoML's own."""

    def to_asgi(self, is_main: bool = True) -> ASGIApp:  # noqa: FBT001, FBT002 - the signature is BentoML's
        """Return what a worker serves."""
        behind = cast("ASGIApp", super().to_asgi(is_main=is_main))
        front = self.inner.application

        async def served(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http" and is_own(scope["path"]):
                await front(scope, receive, send)
            else:
                await behind(scope, receive, send)

        return served


def service_of(workspace: Workspace) -> bentoml.Service[Any]:
    """Return the service of one workspace; nothing of it is opened before a worker starts."""
    desk, metrics, gauges = Desk(workspace), Metrics(), Gauges()

    def show() -> None:
        gauges.show(desk.editions.current, edition_age_seconds=desk.editions.age_seconds)

    @bentoml.service(
        name="creditscore",
        service_class=Fronted,
        workers=int(os.environ.get(WORKERS, "1")),
        traffic={"timeout": 30},
    )
    class Scores:
        """Daily scores and decisions on customers, and scores of posted snapshot rows."""

        application = staticmethod(application_of(desk, observe=metrics.observe))

        def __init__(self) -> None:
            sys.setswitchinterval(SWITCH_SECONDS)
            configure_logs()
            metrics.open()
            gauges.open()
            desk.open(after=show)

        def __is_ready__(self) -> bool:
            """Tell BentoML whether a score can be answered."""
            return desk.editions.current is not None

        @bentoml.on_shutdown
        def close(self) -> None:
            """Stop watching for what is newer."""
            desk.close()

    return cast("bentoml.Service[Any]", Scores)
