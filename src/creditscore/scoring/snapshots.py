"""Where a daily run's features come from: a day's from the state of the day before, several days' from one panel."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from time import perf_counter

import pandas as pd

from creditscore.book import Book
from creditscore.domain import Progress, Workspace
from creditscore.features import Feature, catalogue, panel
from creditscore.features.daily import StateFolder, TooWide, serves, snapshot_by_state
from creditscore.scoring.bundle import Bundle
from creditscore.scoring.defaulted import with_default_flag
from creditscore.scoring.rows import EXPOSURE

DAYS_AT_ONCE = 10  # days that share one pass over the book; bounds the memory


@dataclass(frozen=True, slots=True)
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
    """

    as_of: date
    frame: pd.DataFrame
    seconds: float


def snapshots_of(
    workspace: Workspace, book: Book, bundle: Bundle, *, days: Sequence[date], progress: Progress
) -> Iterator[DaySnapshot]:
    """Give the snapshot of each day, with the same bits whichever way it is made.

    One day is made by advancing the state that the workspace keeps, so that it costs a day and not the history; several
    days share one pass over the book.
    """
    features = daily_features(bundle)
    if len(days) == 1:
        yield _by_state(workspace, book, bundle, day=days[0], progress=progress) or _anew(
            book, bundle, day=days[0], progress=progress
        )
        return
    for start in range(0, len(days), DAYS_AT_ONCE):
        some_days = days[start : start + DAYS_AT_ONCE]
        begun = perf_counter()
        together = panel(book, days=some_days, features=features)
        seconds = (perf_counter() - begun) / len(some_days)
        for day in some_days:
            begun = perf_counter()
            rows = together[together["as_of"] == pd.Timestamp(day)].reset_index(drop=True)
            frame = with_default_flag(book, bundle, rows)
            yield DaySnapshot(day, frame, seconds + perf_counter() - begun)


def _by_state(workspace: Workspace, book: Book, bundle: Bundle, *, day: date, progress: Progress) -> DaySnapshot | None:
    """Advance the state that the workspace keeps; none where it does not serve."""
    begun, features = perf_counter(), daily_features(bundle)
    if not serves(book, features) or StateFolder(workspace.state).is_ahead_of(day):
        return None
    try:
        found = snapshot_by_state(book, as_of=day, folder=workspace.state, features=features, progress=progress)
    except (OSError, TooWide):  # the state is a convenience: a full disk or vast amounts do not stop the run
        return None
    frame = with_default_flag(book, bundle, found.snapshot, state=found.state)
    return DaySnapshot(day, frame, perf_counter() - begun)


def _anew(book: Book, bundle: Bundle, *, day: date, progress: Progress) -> DaySnapshot:
    begun = perf_counter()
    frame = with_default_flag(book, bundle, panel(book, days=[day], features=daily_features(bundle), progress=progress))
    return DaySnapshot(day, frame, perf_counter() - begun)


def daily_features(bundle: Bundle) -> tuple[Feature, ...]:
    """Return the bundle's features, and the exposure where it is none of them."""
    exposure = [one for one in catalogue() if one.name == EXPOSURE and EXPOSURE not in bundle.feature_names]
    return (*bundle.features, *exposure)
