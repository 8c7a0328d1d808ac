"""From the ledger to a replay: a run found, made once more, and compared with what was recorded."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date

import pandas as pd

from creditscore.book import Book, TableFate, book_as_seen, fates_since
from creditscore.domain import Progress, Workspace, silent
from creditscore.errors import ParameterError, some
from creditscore.features import Feature, snapshot_hash
from creditscore.scoring.bits import Difference, differences
from creditscore.scoring.champion import bundle_of
from creditscore.scoring.code import code_version
from creditscore.scoring.policies import policy_of
from creditscore.scoring.replaying.findings import altered_run, moved_features, told_beforehand, undecidable, why
from creditscore.scoring.replaying.rebuilding import Again, Recorded, customers_again, day_again, snapshot_again
from creditscore.scoring.replaying.records import DECIDED_TABLES, RunRecords
from creditscore.scoring.replaying.replay import Finding, Replay
from creditscore.scoring.run import DailyRun
from creditscore.scoring.seen import files_seen

SCORES, RUNS = "scores", "runs"
_BOOK_UNTOLD = Finding(
    code="book_not_recorded",
    text="It was not recorded which book the run saw, so the book was read as it is now.",
)


def replay(
    workspace: Workspace,
    *,
    as_of: date | None = None,
    run_id: str | None = None,
    customer_ids: Sequence[str] = (),
    features: Sequence[Feature] = (),
    progress: Progress = silent,
) -> Replay:
    """Make a past run once more from what was recorded, and compare every bit with the ledger.

    The bundle and the policy are found by the hashes of the run. The features are computed anew from the book as it was
    known on the day: a fact that was corrected later is there as it was, and what reached the book after the run is
    left out even where it claims to have been known by then. A whole day is decided anew too; of some customers, what
    no other customer moves.

    Parameters
    ----------
    workspace
        The portfolio.
    as_of
        The day, whose served run is replayed; the latest day scored by default.
    run_id
        A run, served or not: its id, or at least four first digits of it.
    customer_ids
        Customers to replay; all of the day by default.
    features
        Features of the recipe's own that the shipped catalogue does not know.
    progress
        Told after each step.

    Raises
    ------
    ParameterError
        If there is no such run, or a customer was not scored in it.
    BundleError, PolicyError
        If the bundle or the policy of the run is gone or altered.
    StoreError
        If the day was not scored or the store refuses.
    """
    wanted = tuple(dict.fromkeys(customer_ids))
    with RunRecords(workspace.store_url) as records:
        run = records.find(as_of, run_id)
        recorded = Recorded(
            run=run,
            previous=None if run.previous_run_id is None else records.run(run.previous_run_id),
            bundle=bundle_of(workspace, run.bundle_hash, features=features),
            policy=policy_of(workspace, run.policy_hash),
            scores=_scores(records, run, wanted),
        )
        obstacle = None if wanted else undecidable(workspace, records, recorded)
        with _book_of(workspace, run) as (book, fates):
            findings = [*told_beforehand(run, fates), *([] if obstacle is None else [obstacle])]
            snapshot = snapshot_again(book, recorded, customer_ids=wanted, progress=progress)
            again = (
                day_again(workspace, book, recorded, snapshot, progress=progress)
                if not wanted and obstacle is None
                else customers_again(records, recorded, snapshot, customer_ids=wanted)
            )
        decided = records.decided(run) if again.tables else {}
        found = _compared(recorded, again, decided)
        altered = altered_run(run)
        if altered is not None:
            found, findings = [*found, _of_run(run, "run_id")], [*findings, altered]
        if found:
            found, causes = _explained(workspace, records, recorded, again, found)
            findings = [*findings, *([_BOOK_UNTOLD] if fates is None else []), *causes]
    return Replay(
        run=run,
        customer_ids=wanted,
        customer_count=len(recorded.scores),
        replayed_by=code_version(),
        checked=_checked(again, decided),
        differences=tuple(found),
        findings=tuple(findings),
    )


def _scores(records: RunRecords, run: DailyRun, wanted: Sequence[str]) -> pd.DataFrame:
    found = records.scores_of(run, wanted or None)
    unknown = sorted(set(wanted) - set(found["customer_id"]))
    if unknown:
        raise ParameterError(
            where=f"run of {run.as_of}",
            found=f"{len(unknown)} of {len(wanted)} customers were not scored: {some(unknown)}.",
            fix="Check their ids, or choose another day.",
        )
    return found


@contextmanager
def _book_of(workspace: Workspace, run: DailyRun) -> Iterator[tuple[Book, dict[str, TableFate] | None]]:
    """Open the book as the run saw it, and tell what became of its tables since."""
    book, files = Book.open(workspace.book), files_seen(workspace, run)
    if files is None:
        yield book, None
        return
    with book_as_seen(book, files, as_of=run.as_of) as then:
        yield then, fates_since(book, files, as_of=run.as_of)


def _compared(recorded: Recorded, again: Again, decided: Mapping[str, pd.DataFrame]) -> list[Difference]:
    """Compare scores, decisions and the run itself."""
    found = differences(SCORES, recorded.scores, again.scores, keys=["customer_id"], columns=again.columns)
    for table in DECIDED_TABLES if again.tables else ():
        keys = [column.name for column in table.primary_key if column.name != "run_id"]
        frame = decided[table.name]
        columns = [name for name in frame.columns if name not in keys]
        found += differences(table.name, frame, again.tables[table.name], keys=keys, columns=columns)
    was = asdict(recorded.run)
    moved = [name for name, value in again.ledger.items() if was[name] != value]
    return found + [_of_run(recorded.run, name) for name in moved]


def _explained(
    workspace: Workspace, records: RunRecords, recorded: Recorded, again: Again, found: list[Difference]
) -> tuple[list[Difference], list[Finding]]:
    """Return the differences, those of the features before them, and why they are there."""
    moved: list[Difference] = []
    causes: list[Finding] = []
    if not again.ledger or snapshot_hash(again.snapshot) != recorded.run.snapshot_hash:
        moved, causes = moved_features(workspace, recorded, again)
    return [*moved, *found], [*causes, *why(workspace, records, recorded, again, moved=moved)]


def _of_run(run: DailyRun, column: str) -> Difference:
    return Difference(table=RUNS, column=column, row_count=1, examples=(run.run_id[:12],))


def _checked(again: Again, decided: Mapping[str, pd.DataFrame]) -> dict[str, tuple[str, ...]]:
    tables = {name: tuple(decided[name].columns) for name in again.tables}
    ledger = {RUNS: tuple(again.ledger)} if again.ledger else {}
    return {SCORES: again.columns} | tables | ledger
