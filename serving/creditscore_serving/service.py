"""The BentoML service: it starts the workers, probes them and tells their metrics; the application answers.

BentoML puts its layers (tracing, a line of log a request, metrics by path, a timer a request) around whatever is
mounted in it, which costs most of the time of an answer, and a series of metrics for every customer's path. So the
application stands before them and hands on only what is not its own; docs/serving.md tells what each layer costs.
"""

from typing import Any, cast

import bentoml
from starlette.types import ASGIApp

from creditscore.domain import Workspace
from creditscore_serving.worker import Worker, worker_count


class Fronted(bentoml.Service):
    """A service whose application is asked before BentoML's own."""

    def to_asgi(self, is_main: bool = True) -> ASGIApp:  # noqa: FBT001, FBT002 - the signature is BentoML's
        """Return what a worker serves."""
        host = cast("ASGIApp", super().to_asgi(is_main=is_main))
        return cast("ASGIApp", self.inner.worker.application(host))


def service_of(workspace: Workspace) -> bentoml.Service[Any]:
    """Return the service of one workspace; only a worker loads the library and opens anything."""
    opened = Worker(workspace)

    @bentoml.service(name="creditscore", service_class=Fronted, workers=worker_count(), traffic={"timeout": 30})
    class Scores:
        """Daily scores and decisions on customers, and scores of posted snapshot rows."""

        worker = opened

        def __init__(self) -> None:
            self.worker.open()

        def __is_ready__(self) -> bool:
            """Tell BentoML whether a score can be answered."""
            return self.worker.is_ready

        @bentoml.on_shutdown
        def close(self) -> None:
            """End with the process."""
            self.worker.close()

    return cast("bentoml.Service[Any]", Scores)
