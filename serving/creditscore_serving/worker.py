"""What one worker process opens, and nothing of it before it is asked for.

The process that minds the workers describes the service too; it shall not load the library.
"""

import os
import sys
from functools import cached_property
from typing import TYPE_CHECKING, Final

from starlette.types import ASGIApp

from creditscore.domain import Workspace
from creditscore_serving.gauges import Gauges
from creditscore_serving.logs import configure_logs
from creditscore_serving.metrics import Metrics

if TYPE_CHECKING:
    from creditscore_serving.access import Guard
    from creditscore_serving.desk.desk import Desk

SWITCH_SECONDS: Final = 0.001  # an edition is made beside the answers; the usual 5 ms would be felt in them
WORKERS: Final = "CREDITSCORE_WORKERS"


def worker_count() -> int:
    """Return how many processes answer."""
    return int(os.environ.get(WORKERS, "1"))


class Worker:
    """Desk, guard, metrics and log of a process.

    Parameters
    ----------
    workspace
        The portfolio.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.metrics = Metrics()
        self.gauges = Gauges()

    @cached_property
    def desk(self) -> "Desk":
        """What answers."""
        from creditscore_serving.desk.desk import Desk  # noqa: PLC0415 - see the module

        return Desk(self.workspace)

    @cached_property
    def guard(self) -> "Guard":
        """Who may ask what."""
        from creditscore_serving.access import Guard  # noqa: PLC0415 - see the module

        return Guard(self.workspace, workers=worker_count())

    @property
    def is_ready(self) -> bool:
        """Whether a score can be answered."""
        return self.desk.editions.current is not None

    def application(self, host: ASGIApp) -> ASGIApp:
        """Return the application, with that of the framework behind it."""
        from creditscore_serving.application import application_of  # noqa: PLC0415 - see the module
        from creditscore_serving.connections import bound_connections  # noqa: PLC0415 - as above

        bound_connections(self.guard.settings.limits)
        return application_of(self.desk, observe=self.metrics.observe, host=host, guard=self.guard)

    def open(self) -> None:
        """Begin to look for what is to be served, and to tell of it."""
        sys.setswitchinterval(SWITCH_SECONDS)
        configure_logs()
        self.metrics.open()
        self.gauges.open()
        self.desk.open(after=self._show)

    def close(self) -> None:
        """Stop looking, and write what waits for the access log."""
        self.desk.close()
        self.guard.close()

    def _show(self) -> None:
        editions = self.desk.editions
        self.gauges.show(editions.current, edition_age_seconds=editions.age_seconds)
