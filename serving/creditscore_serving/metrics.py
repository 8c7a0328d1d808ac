"""What Prometheus is told of each answer: by route, so that no customer's id becomes a name of a series."""

from collections.abc import Callable
from typing import Any

BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """Durations and counts of answers.

    The client library decides at its import whether it shares its numbers with other processes, and the worker tells
    it so only when it starts; so this is made by the worker, not when the service is described.
    """

    def __init__(self) -> None:
        self._duration: Any = None
        self._series: dict[tuple[str, str, int], Callable[[float], None]] = {}

    def open(self) -> None:
        """Register with the client library; once a process."""
        from prometheus_client import Histogram  # noqa: PLC0415 - see the class

        self._duration = Histogram(
            "creditscore_request_duration_seconds",
            "Time from the arrival of a request to the end of its answer, by route",
            ["method", "route", "status"],
            buckets=BUCKETS,
        )

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer; finding a series by its labels is slow, so each is found once."""
        series = self._series.get((method, route, status))
        if series is None:
            if self._duration is None:
                return
            series = self._duration.labels(method, route, str(status)).observe
            self._series[method, route, status] = series
        series(seconds)
