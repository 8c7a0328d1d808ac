"""A run made once more: its snapshot from the book as it was, its scores, and what was decided."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter

import ibis
import pandas as pd

from creditscore.accounts import accounts_of
from creditscore.book import Book
from creditscore.decisions import CARRIED, OWN_COLUMNS, decide_own, link_kinds
from creditscore.domain import Progress, Workspace
from creditscore.features import Feature, observe, panel, snapshot_hash
from creditscore.policy import Policy
from creditscore.scoring.bundle import Bundle
from creditscore.scoring.decided import DecidedScores
from creditscore.scoring.defaulted import IN_DEFAULT, with_default_flag
from creditscore.scoring.ground import Ground
from creditscore.scoring.insertion import decided_tables
from creditscore.scoring.replaying.records import RunRecords
from creditscore.scoring.rows import KEYS, score_rows
from creditscore.scoring.run import DailyRun, RunInputs
from creditscore.scoring.snapshots import daily_features

CLOCK = {"started_at", "duration_seconds"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A run with all that made it.

    Parameters
    ----------
    run
        The run as the ledger has it.
    previous
        The run that it goes on from, or ``None``.
    bundle, policy
        Found by the hashes that the run names.
    scores
        Its scores, of all customers or of those asked for.
    """

    run: DailyRun
    previous: DailyRun | None
    bundle: Bundle
    policy: Policy
    scores: pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """The same, made once more.

    Parameters
    ----------
    snapshot
        The features.
    scores
        The scores, with what was decided where that was made again.
    columns
        Columns of the scores that were made again.
    tables
        What else was decided, by table of the store; nothing where only some customers were asked for.
    ledger
        The run as the ledger would have it, without its clock; nothing likewise.
    """

    snapshot: pd.DataFrame
    scores: pd.DataFrame
    columns: tuple[str, ...]
    tables: Mapping[str, pd.DataFrame]
    ledger: Mapping[str, object]


def snapshot_again(
    book: Book, recorded: Recorded, *, customer_ids: Sequence[str] = (), progress: Progress
) -> pd.DataFrame:
    """Make the run's snapshot once more, of all customers or of some.

    Parameters
    ----------
    book
        The book as the run saw it.
    recorded
        The run.
    customer_ids
        Customers wanted; all by default. Those that the book does not know on the day have no row.
    progress
        Told after each query.
    """
    day, features = recorded.run.as_of, daily_features(recorded.bundle)
    if customer_ids:
        frame = _of_some(book, recorded, customer_ids, features)
    else:
        frame = panel(book, days=[day], features=features, progress=progress)
    return with_default_flag(book, recorded.bundle, frame)


def day_again(
    workspace: Workspace, book: Book, recorded: Recorded, snapshot: pd.DataFrame, *, progress: Progress
) -> Again:
    """Score and decide a whole day once more.

    Parameters
    ----------
    workspace, book, recorded
        The portfolio, the book as the run saw it, and the run.
    snapshot
        Its snapshot, made again.
    progress
        Told after each piece.

    Raises
    ------
    StoreError
        If what the previous run left is gone.
    """
    begun = perf_counter()
    ground = _ground(workspace, book, recorded, snapshot)
    scores = score_rows(recorded.bundle, recorded.policy, snapshot, progress=progress)
    decided: DecidedScores = ground.decide(scores, snapshot[IN_DEFAULT])
    run = ground.run_of(decided, started_at=recorded.run.started_at, begun=begun)
    return Again(
        snapshot=snapshot,
        scores=decided.scores,
        columns=tuple(name for name in decided.scores.columns if name not in KEYS),
        tables={table.name: frame for table, frame in decided_tables(decided.day)},
        ledger={name: value for name, value in asdict(run).items() if name not in CLOCK},
    )


def customers_again(
    records: RunRecords, recorded: Recorded, snapshot: pd.DataFrame, *, customer_ids: Sequence[str] = ()
) -> Again:
    """Score once more, and decide what of each customer no other one moves.

    Parameters
    ----------
    records, recorded
        The store and the run.
    snapshot
        Its snapshot, made again, of all customers or of some.
    customer_ids
        Those customers; all by default.
    """
    scores = score_rows(recorded.bundle, recorded.policy, snapshot)
    today = scores[["customer_id", "score", "exposure_amount"]].assign(**{IN_DEFAULT: snapshot[IN_DEFAULT].to_numpy()})
    before = recorded.previous
    held = None if before is None else records.scores_of(before, customer_ids or None)[list(CARRIED)]
    own = decide_own(
        recorded.policy,
        today,
        as_of=recorded.run.as_of,
        held=held,
        held_on=None if before is None else before.as_of,
    )
    told = scores.drop(columns="reserve_amount")
    return Again(
        snapshot=snapshot,
        scores=pd.concat([told, own.customers[list(OWN_COLUMNS)]], axis=1),
        columns=(*(name for name in told.columns if name not in KEYS), *OWN_COLUMNS),
        tables={},
        ledger={},
    )


def _of_some(book: Book, recorded: Recorded, customer_ids: Sequence[str], features: Sequence[Feature]) -> pd.DataFrame:
    """Observe those customers that the book knows on the day; of the others no more is read than they need."""
    day = recorded.run.as_of
    with book.relations() as relations:
        customers = relations.table("customers")
        mine = customers.customer_id.isin(list(customer_ids)) & (customers.known_on <= ibis.literal(day))
        known = relations.fetch(customers.filter(mine).select("customer_id").distinct())
    names = pd.Series(known["customer_id"].to_pylist(), dtype="str", name="customer_id")
    return observe(book, pd.DataFrame({"customer_id": names, "as_of": pd.Timestamp(day)}), features=features)


def _ground(workspace: Workspace, book: Book, recorded: Recorded, snapshot: pd.DataFrame) -> Ground:
    run, bundle, policy = recorded.run, recorded.bundle, recorded.policy
    accounts = accounts_of(book, run.as_of, link_kinds=link_kinds(policy))
    inputs = RunInputs(
        as_of=run.as_of,
        snapshot_hash=snapshot_hash(snapshot),
        accounts_hash=accounts.hash,
        bundle_hash=bundle.hash,
        policy_hash=policy.hash,
        code_version=run.code_version,
        previous_run_id=run.previous_run_id,
    )
    return Ground(
        workspace=workspace,
        bundle=bundle,
        policy=policy,
        accounts=accounts,
        previous=recorded.previous,
        inputs=inputs,
        files=book.files,
    )
