"""What Prometheus is told of what is served: how old, which edition, and how many customers have each colour."""

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from creditscore_serving.served.edition import Edition

DIGITS = 12  # of a hash, enough to tell bundles apart


class Gauges:
    """State of a worker, shown anew after each look for something newer.

    As :class:`Metrics` it registers when the worker starts. With several workers each shows its own edition, and the
    greatest age of all.
    """

    def __init__(self) -> None:
        self._shown: Edition | None = None
        self._made: dict[str, Any] = {}

    def open(self) -> None:
        """Register with the client library; once a process."""
        from prometheus_client import Gauge  # noqa: PLC0415 - see the class

        self._made = {
            "scores_age": Gauge(
                "creditscore_scores_age_seconds",
                "Time since the end (UTC) of the day whose scores are served",
                multiprocess_mode="livemax",
            ),
            "edition_age": Gauge(
                "creditscore_edition_age_seconds",
                "Time since what is served was last known to be the newest",
                multiprocess_mode="livemax",
            ),
            "day": Gauge(
                "creditscore_served_day_timestamp_seconds",
                "The day whose scores are served, as the Unix time of its begin (UTC)",
                multiprocess_mode="livemin",
            ),
            "edition": Gauge(
                "creditscore_edition_info",
                "1 for the edition that a worker serves",
                ["edition", "bundle", "model", "as_of"],
                multiprocess_mode="liveall",
            ),
            "customers": Gauge(
                "creditscore_served_customers",
                "Customers of the day that is served, by governed colour and by the bundle that scored them",
                ["colour", "bundle"],
                multiprocess_mode="livemax",
            ),
        }

    def show(self, edition: "Edition | None", *, edition_age_seconds: float) -> None:
        """Show an edition and its age.

        Parameters
        ----------
        edition
            What is served; ``None`` where nothing is.
        edition_age_seconds
            Time since it was known to be the newest.
        """
        self._made["edition_age"].set(edition_age_seconds)
        if edition is None:
            return
        self._made["scores_age"].set(scores_age_seconds(edition.day.run.as_of, now=datetime.now(UTC)))
        if edition is not self._shown:
            self._replace(edition)

    def _replace(self, edition: "Edition") -> None:
        """Show another edition; what the former showed becomes 0, so that no series of it stands still."""
        if self._shown is not None:
            self._tell(self._shown, present=False)
        self._tell(edition, present=True)
        self._shown = edition

    def _tell(self, edition: "Edition", *, present: bool) -> None:
        run, bundle = edition.day.run, edition.model.bundle
        self._made["day"].set(datetime.combine(run.as_of, time(), UTC).timestamp())
        self._made["edition"].labels(edition.id, bundle.hash[:DIGITS], bundle.name, f"{run.as_of}").set(present)
        for colour, count in edition.day.scores.counts("governed_colour").items():
            self._made["customers"].labels(colour, run.bundle_hash[:DIGITS]).set(count if present else 0)


def scores_age_seconds(as_of: date, *, now: datetime) -> float:
    """Return how long ago a day ended; 0 while it has not.

    >>> scores_age_seconds(date(2024, 12, 31), now=datetime(2025, 1, 1, 6, tzinfo=UTC))
    21600.0
    """
    ended = datetime.combine(as_of + timedelta(days=1), time(), UTC)
    return max((now - ended).total_seconds(), 0.0)
