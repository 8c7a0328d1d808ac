"""The paths within this process: the files of the day, and the notebook's call in every way that rows can be cut."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pandas as pd

from creditscore.domain import Workspace
from creditscore.scoring.daily import read_scores
from creditscore.scoring.parity.day import ParityDay
from creditscore.scoring.parity.proof import PathResult

SMALL_BATCHES, LARGE_BATCHES = (2, 7, 64), (333, 1_000)
THREADS = 4
Path = Callable[[], PathResult]


def paths_within(workspace: Workspace, day: ParityDay, *, sample: int) -> list[Path]:
    """Return the paths to go within this process.

    Parameters
    ----------
    workspace, day
        The portfolio and its day.
    sample
        Customers who are scored one at a time, and in small batches; larger ones hold all customers.
    """
    few, everyone = day.drawn(sample), day.snapshot
    return [
        lambda: _of_the_file(workspace, day),
        lambda: _scored(day, "notebook: the whole snapshot", [everyone]),
        lambda: _scored(day, "notebook: rows in the reverse order", [everyone.iloc[::-1]]),
        lambda: _scored(day, "notebook: one row at a time", batches(few, 1)),
        *(_in_batches(day, few, size) for size in SMALL_BATCHES),
        *(_in_batches(day, everyone, size) for size in LARGE_BATCHES),
        lambda: _on_threads(day, "one row at a time", batches(few, 1)),
        lambda: _on_threads(day, f"batches of {LARGE_BATCHES[0]:,}", batches(everyone, LARGE_BATCHES[0])),
    ]


def _of_the_file(workspace: Workspace, day: ParityDay) -> PathResult:
    found = read_scores(workspace, as_of=day.run.as_of)
    return day.compare("daily run: scores file", found, customers=day.stored["customer_id"], decided=True)


def _in_batches(day: ParityDay, rows: pd.DataFrame, size: int) -> Path:
    return lambda: _scored(day, f"notebook: batches of {size:,}", batches(rows, size))


def _scored(day: ParityDay, path: str, batches: Iterable[pd.DataFrame]) -> PathResult:
    return _together(day, path, [day.score(rows) for rows in batches])


def _on_threads(day: ParityDay, how: str, batches: Iterable[pd.DataFrame]) -> PathResult:
    with ThreadPoolExecutor(THREADS) as threads:
        return _together(day, f"notebook: {how} on {THREADS} threads", list(threads.map(day.score, batches)))


def _together(day: ParityDay, path: str, pieces: list[pd.DataFrame]) -> PathResult:
    found = pd.concat(pieces, ignore_index=True) if pieces else day.score(day.snapshot)
    return day.compare(path, found, customers=found["customer_id"])


def batches(rows: pd.DataFrame, size: int) -> Iterator[pd.DataFrame]:
    """Give the rows, so many at once."""
    for start in range(0, len(rows), size):
        yield rows.iloc[start : start + size]
