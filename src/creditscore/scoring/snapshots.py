"""Where a daily run's features come from: a day's from the state of the day before, several days' from one panel."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from time import perf_counter

import pandas as pd

from creditscore.book import Book
from creditscore.domain import Progress, Workspace
from creditscore.features import Feature, catalogue, panel
from creditscore.features.daily import LedgerState, StateFolder, TooWide, serves, snapshot_by_state
from creditscore.scoring.bundle import Bundle
from creditscore.scoring.defaulted import IN_DEFAULT, with_default_flag
from creditscore.scoring.rows import EXPOSURE, KEYS

DAYS_AT_ONCE = 10  # days that share one pass over the book; bounds the memory


@dataclass(frozen=True, slots=True, eq=False)
class DaySnapshot:
    """The rows that a daily run scores.

    Parameters
    ----------
    as_of
        The day.
    frame
        The bundle's features, the exposure, and ``in_default_flag``.
    seconds
        How long it took.
    beside
        The same for the challenger, where there is one and its features could be computed.
    trouble
        Why they could not.
    """

    as_of: date
    frame: pd.DataFrame
    seconds: float
    beside: pd.DataFrame | None = None
    trouble: Exception | None = None


def snapshots_of(
    workspace: Workspace,
    book: Book,
    bundle: Bundle,
    *,
    days: Sequence[date],
    progress: Progress,
    challenger: Bundle | None = None,
) -> Iterator[DaySnapshot]:
    """Give the snapshot of each day, with the same bits whichever way it is made.

    One day is made by advancing the state that the workspace keeps, so that it costs a day and not the history; several
    days share one pass over the book. The features of a challenger are computed in the same pass, and the state covers
    both; if that fails, the bundle's own are computed alone.
    """
    maker = _Maker(workspace, book, bundle, challenger, progress)
    if len(days) == 1:
        yield maker.of_day(days[0])
        return
    for start in range(0, len(days), DAYS_AT_ONCE):
        yield from maker.of_days(days[start : start + DAYS_AT_ONCE])


@dataclass(frozen=True, slots=True)
class _Rows:
    """Features of a day or several, the state behind them, and why the challenger's are not among them."""

    frame: pd.DataFrame
    state: LedgerState | None = None
    trouble: Exception | None = None


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes snapshots for the bundle that decides, and for its challenger if that does no harm."""

    workspace: Workspace
    book: Book
    bundle: Bundle
    challenger: Bundle | None
    progress: Progress

    def of_day(self, day: date) -> DaySnapshot:
        """Make one day's, by the state if it serves."""
        begun = perf_counter()
        return self._split(self._of_both(lambda wanted: self._one(day, wanted), [day]), day, since=begun)

    def of_days(self, days: Sequence[date]) -> Iterator[DaySnapshot]:
        """Make several days' in one pass."""
        begun = perf_counter()
        together = self._of_both(lambda wanted: _Rows(panel(self.book, days=days, features=wanted)), days)
        seconds = (perf_counter() - begun) / len(days)
        for day in days:
            begun = perf_counter()
            rows = together.frame[together.frame["as_of"] == pd.Timestamp(day)].reset_index(drop=True)
            yield self._split(replace(together, frame=rows), day, since=begun - seconds)

    def _of_both(self, make: Callable[[tuple[Feature, ...]], _Rows], days: Sequence[date]) -> _Rows:
        own = daily_features(self.bundle)
        if self.challenger is None:
            return make(own)
        try:
            return make(_united(own, daily_features(self.challenger)))
        except Exception as error:  # noqa: BLE001 - a challenger that breaks in any way must not stop the champion
            # Not by the state: it covers both, and would be built anew for one.
            return _Rows(panel(self.book, days=days, features=own, progress=self.progress), trouble=error)

    def _one(self, day: date, wanted: tuple[Feature, ...]) -> _Rows:
        return self._by_state(day, wanted) or _Rows(
            panel(self.book, days=[day], features=wanted, progress=self.progress)
        )

    def _by_state(self, day: date, wanted: tuple[Feature, ...]) -> _Rows | None:
        """Advance the state that the workspace keeps; none where it does not serve."""
        folder = self.workspace.state
        if not serves(self.book, wanted) or StateFolder(folder).is_ahead_of(day):
            return None
        try:
            found = snapshot_by_state(self.book, as_of=day, folder=folder, features=wanted, progress=self.progress)
        except (OSError, TooWide):  # the state is a convenience: a full disk or vast amounts do not stop the run
            return None
        return _Rows(found.snapshot, found.state)

    def _split(self, rows: _Rows, day: date, *, since: float) -> DaySnapshot:
        frame = with_default_flag(self.book, self.bundle, _columns_of(rows.frame, self.bundle), state=rows.state)
        seconds = perf_counter() - since  # the challenger's share is not the run's
        if self.challenger is None or rows.trouble is not None:
            return DaySnapshot(day, frame, seconds, trouble=rows.trouble)
        try:
            return DaySnapshot(day, frame, seconds, beside=self._beside(self.challenger, rows, frame))
        except Exception as error:  # noqa: BLE001 - as above
            return DaySnapshot(day, frame, seconds, trouble=error)

    def _beside(self, challenger: Bundle, rows: _Rows, frame: pd.DataFrame) -> pd.DataFrame:
        own = _columns_of(rows.frame, challenger)
        if challenger.definition == self.bundle.definition:
            return own.assign(**{IN_DEFAULT: frame[IN_DEFAULT]})
        return with_default_flag(self.book, challenger, own, state=rows.state)


def _united(own: tuple[Feature, ...], others: tuple[Feature, ...]) -> tuple[Feature, ...]:
    names = {feature.name for feature in own}
    return (*own, *(feature for feature in others if feature.name not in names))


def _columns_of(rows: pd.DataFrame, bundle: Bundle) -> pd.DataFrame:
    return rows[[*KEYS, *(feature.name for feature in daily_features(bundle))]]


def daily_features(bundle: Bundle) -> tuple[Feature, ...]:
    """Return the bundle's features, and the exposure where it is none of them."""
    exposure = [one for one in catalogue() if one.name == EXPOSURE and EXPOSURE not in bundle.feature_names]
    return (*bundle.features, *exposure)
