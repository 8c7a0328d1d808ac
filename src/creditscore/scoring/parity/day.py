"""The day that every path is to give: its snapshot, its bundle, its policy, and what was recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from creditscore.book import Book, TableFate, fates_since
from creditscore.domain import Workspace
from creditscore.errors import ContractError, StoreError
from creditscore.features import snapshot_hash
from creditscore.policy import Policy
from creditscore.scoring.bits import differences, same_bits
from creditscore.scoring.bundle import Bundle
from creditscore.scoring.champion import bundle_of
from creditscore.scoring.daily import read_snapshot
from creditscore.scoring.parity.proof import PathResult
from creditscore.scoring.policies import policy_of
from creditscore.scoring.rows import KEYS, score_rows
from creditscore.scoring.run import DailyRun
from creditscore.scoring.seen import files_seen
from creditscore.scoring.store import ScoreStore

RESERVE = "reserve_amount"


@dataclass(frozen=True, kw_only=True)
class ParityDay:
    """The latest scored day, as it was recorded.

    Parameters
    ----------
    run
        The run that is served.
    bundle, policy
        Found by the hashes that it names.
    snapshot
        Its rows of features, whose hash is the recorded one.
    stored
        Its scores and decisions in the store, sorted by customer.
    book
        The book, as far as the day is concerned still the one that the run saw; ``None`` where it has learned since.
    """

    run: DailyRun
    bundle: Bundle
    policy: Policy
    snapshot: pd.DataFrame
    stored: pd.DataFrame
    book: Book | None

    def score(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Score rows of the snapshot as a notebook does."""
        return score_rows(self.bundle, self.policy, rows)

    @cached_property
    def undecided(self) -> pd.DataFrame:
        """What was recorded, with the reserve of the raw colour instead of the governed one."""
        raw = self.score(self.snapshot).set_index("customer_id")[RESERVE]
        return self.stored.assign(**{RESERVE: raw.reindex(self.stored["customer_id"]).array})

    def drawn(self, count: int) -> pd.DataFrame:
        """Return so many rows of the snapshot at most, evenly spread over it."""
        places = np.unique(np.linspace(0, len(self.snapshot) - 1, min(count, len(self.snapshot))).round().astype(int))
        return self.snapshot.iloc[places].reset_index(drop=True)

    def compare(
        self, path: str, found: pd.DataFrame, *, customers: pd.Series, decided: bool = False, note: str = ""
    ) -> PathResult:
        """Compare what a path gave for some customers with what was recorded for them.

        Parameters
        ----------
        path
            The path, in words.
        found
            What it gave.
        customers
            Whom it was asked for.
        decided
            Whether it tells decisions too. What is computed from a row alone knows no yesterday: its reserve is that of
            the raw colour, which is not recorded, and is compared with that of the whole snapshot.
        note
            What else is to be known.
        """
        expected = self.stored if decided else self.undecided
        recorded = expected[expected["customer_id"].isin(customers)]
        columns = [name for name in expected.columns if name in found.columns and name not in KEYS]
        wrong = differences("scores", recorded, found, keys=["customer_id"], columns=["as_of", *columns])
        return PathResult(
            path=path,
            customer_count=len(recorded),
            column_count=len(columns),
            differing_count=_differing(recorded, found, columns) if wrong else 0,
            differences=tuple(wrong),
            note=note,
        )


def parity_day(workspace: Workspace) -> ParityDay:
    """Open the latest scored day.

    Raises
    ------
    StoreError
        If no day was scored, or its snapshot is not that of the run that is served.
    BundleError, PolicyError
        If the bundle or the policy of the run is gone or altered.
    """
    with ScoreStore(workspace.store_url) as store:
        run = store.latest_run()
        if run is None:
            raise StoreError(
                where="score store", found="There are no scores yet.", fix="Run `creditscore score` for a day."
            )
        stored = store.scores_of(run)
    snapshot = read_snapshot(workspace, as_of=run.as_of)
    if snapshot_hash(snapshot) != run.snapshot_hash:
        raise StoreError(
            where=f"snapshot of {run.as_of}",
            found="It is not the one that the served run was scored from.",
            fix=f"Run `creditscore score --as-of {run.as_of}`.",
        )
    return ParityDay(
        run=run,
        bundle=bundle_of(workspace, run.bundle_hash),
        policy=policy_of(workspace, run.policy_hash),
        snapshot=snapshot,
        stored=stored,
        book=_book_of(workspace, run),
    )


def _book_of(workspace: Workspace, run: DailyRun) -> Book | None:
    """Return the book where nothing was learned of the day since the run."""
    files = files_seen(workspace, run)
    try:
        book = Book.open(workspace.book)
    except ContractError:
        return None
    stands = files is not None and set(fates_since(book, files, as_of=run.as_of).values()) <= {TableFate.STANDS}
    return book if stands else None


def _differing(recorded: pd.DataFrame, found: pd.DataFrame, columns: Sequence[str]) -> int:
    """Count the customers of whom a bit differs, or that only one of the two knows."""
    before, after = recorded.set_index("customer_id"), found.set_index("customer_id")
    both = before.index.intersection(after.index)
    alike = np.ones(len(both), dtype=np.bool_)
    for name in columns:
        alike &= same_bits(before.loc[both, name], after.loc[both, name])
    alone = len(before.index.symmetric_difference(after.index))
    return alone + int(np.count_nonzero(~alike))
