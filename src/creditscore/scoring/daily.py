"""The daily run: snapshot, scores, decisions, files, ledger."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter

import pandas as pd

from creditscore.book import Book
from creditscore.domain import Progress, Workspace, silent
from creditscore.errors import ParameterError, StoreError
from creditscore.features import Feature, snapshot_hash
from creditscore.policy import Policies, Policy
from creditscore.scoring.bundle import Bundle
from creditscore.scoring.champion import open_champion
from creditscore.scoring.defaulted import IN_DEFAULT
from creditscore.scoring.files import is_whole, write_frame
from creditscore.scoring.ground import ground_of
from creditscore.scoring.parts import Parts
from creditscore.scoring.policies import keep_policy
from creditscore.scoring.rows import score_rows
from creditscore.scoring.run import DailyRun
from creditscore.scoring.shadow import Shadow
from creditscore.scoring.snapshots import DaySnapshot, snapshots_of
from creditscore.scoring.store import ScoreStore

LARGE = 100_000  # rows of a day that takes long enough to be told of step by step


def score_portfolio(
    workspace: Workspace, *, as_of: date, features: Sequence[Feature] = (), progress: Progress = silent
) -> DailyRun:
    """Score every customer of the book as of one day, and serve the result.

    The snapshot and the scores become Parquet files of their day, each in one step, and then one transaction puts the
    run and its scores into the store. Killed at any moment, the run served before is still served, and running again
    completes. Running again on the same book, bundle, policy and code changes nothing.

    Parameters
    ----------
    workspace
        The portfolio.
    as_of
        Last day whose information may be used; today at the latest.
    features
        Features of the recipe's own that the shipped catalogue does not know.
    progress
        Told after each step.

    Returns
    -------
    DailyRun
        The run as the ledger records it; where nothing changed, the earlier one.

    Raises
    ------
    ParameterError
        If the day lies in the future, before the book's first fact, or before what the champion learned from.
    BundleError, PolicyError, StoreError
        If no sound bundle decides, the policy is broken, or the store or the disk refuses.
    """
    (run,) = score_days(workspace, [as_of], features=features, progress=progress)
    return run


def score_days(
    workspace: Workspace, days: Sequence[date], *, features: Sequence[Feature] = (), progress: Progress = silent
) -> tuple[DailyRun, ...]:
    """Score several days one after the other, each as :func:`score_portfolio` does and with the same bits.

    The days share passes over the book, so thirty days take little longer than a few. A challenger is scored beside the
    champion on the same days; see :mod:`creditscore.scoring.shadow`.

    Parameters
    ----------
    workspace, features, progress
        As for :func:`score_portfolio`.
    days
        Days, each once, in any order.

    Returns
    -------
    tuple of DailyRun
        One run a day, by day.

    Raises
    ------
    ParameterError
        If there is no day, a day twice, a day in the future, before the book's first fact, or before the last day whose
        facts the champion learned from: a score must not know more than its day did.
    """
    check_days(days)
    with ScoreStore(workspace.store_url) as store:
        desk = _Desk(
            workspace=workspace,
            book=Book.open(workspace.book),
            bundle=open_champion(workspace, features=features),
            store=store,
        )
        check_knowledge(desk.bundle, min(days))
        policies = Policies.of(workspace)
        shadow = Shadow.of(workspace, features=features)
        challenger = None if shadow is None else shadow.bundle
        runs = []
        for one in snapshots_of(
            workspace, desk.book, desk.bundle, days=sorted(days), progress=progress, challenger=challenger
        ):
            within = progress if len(one.frame) >= LARGE else silent
            policy = policies.on(one.as_of)
            run = desk.publish(one, policy=policy, progress=within)
            if shadow is not None:
                shadow.score(one, run, policy=policy, champion=partial(read_scores, workspace, as_of=run.as_of))
            runs.append(run)
            progress("daily scores", len(runs), len(days))
    return tuple(runs)


def read_scores(
    workspace: Workspace,
    *,
    as_of: date,
    columns: Sequence[str] | None = None,
    customers: Collection[str] | None = None,
) -> pd.DataFrame:
    """Read the Parquet file of one day's scores.

    Parameters
    ----------
    workspace
        The portfolio.
    as_of
        The day.
    columns, customers
        Columns and customers wanted; by default all. Nothing else is held in memory.

    Raises
    ------
    StoreError
        If the day has none.
    """
    return _read(scores_path(workspace, as_of), columns=columns, customers=customers)


def read_snapshot(workspace: Workspace, *, as_of: date) -> pd.DataFrame:
    """Read the Parquet file of one day's snapshot.

    Raises
    ------
    StoreError
        If the day has none.
    """
    return _read(snapshot_path(workspace, as_of))


def scores_path(workspace: Workspace, as_of: date) -> Path:
    """Return where the scores of a day lie."""
    return workspace.scores / f"as_of={as_of}" / "scores.parquet"


def snapshot_path(workspace: Workspace, as_of: date) -> Path:
    """Return where the snapshot of a day lies."""
    return workspace.snapshots / f"as_of={as_of}" / "snapshot.parquet"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """All that a daily run works with, opened once."""

    workspace: Workspace
    book: Book
    bundle: Bundle
    store: ScoreStore

    def publish(self, found: DaySnapshot, *, policy: Policy, progress: Progress) -> DailyRun:
        """Score one snapshot, write its files and serve it, unless exactly this is there already."""
        day, snapshot = found.as_of, found.frame
        started_at, begun = datetime.now(UTC) - timedelta(seconds=found.seconds), perf_counter() - found.seconds
        ground = ground_of(
            self.workspace,
            self.book,
            self.bundle,
            policy=policy,
            store=self.store,
            snapshot=(day, snapshot_hash(snapshot)),
        )
        served = self.store.latest_run(day)
        files = snapshot_path(self.workspace, day), scores_path(self.workspace, day)
        if served is not None and ground.was_decided_by(served) and all(map(is_whole, files)):
            return served
        keep_policy(self.workspace, policy)
        scores = score_rows(self.bundle, policy, snapshot, progress=progress)
        decided = ground.decide(scores, snapshot[IN_DEFAULT])
        for written, (path, frame) in enumerate(zip(files, (snapshot, decided.scores), strict=True), start=1):
            write_frame(frame, path)
            progress("files written", written, len(files))
        ground.leave(decided)
        run = ground.run_of(decided, started_at=started_at, begun=begun)
        return self.store.publish(run, decided, progress=progress)


def check_days(days: Sequence[date]) -> None:
    """Refuse to score no day, a day twice, or a day in the future."""
    if not days or len(set(days)) < len(days):
        raise ParameterError(
            where="as_of",
            found=f"{len(days)} days are given, {len(set(days))} of them different.",
            fix="Give each day once.",
        )
    today = date.today()  # noqa: DTZ011 - a book's days are the user's own calendar days
    if max(days) > today:
        raise ParameterError(
            where="as_of", found=f"{max(days)} lies in the future.", fix=f"Score {today} or an earlier day."
        )


def check_knowledge(bundle: Bundle, day: date) -> None:
    """Refuse to score a day before the last one whose facts the bundle learned from."""
    if bundle.learned_until is not None and day < bundle.learned_until:
        raise ParameterError(
            where="as_of",
            found=f"{day} lies before {bundle.learned_until}, the last day whose facts the champion learned from.",
            fix="Score that day or a later one, or train with `--as-of` an earlier day.",
        )


def _read(
    path: Path, *, columns: Sequence[str] | None = None, customers: Collection[str] | None = None
) -> pd.DataFrame:
    if not is_whole(path):
        raise StoreError(
            where=f"{path.parent.name}/{path.name}",
            found="There is no such file.",
            fix="Run `creditscore score` for that day.",
        )
    if path.is_dir():
        return Parts(path).frame(columns=columns, customers=customers)
    # The folder names the day for engines that read all days at once; the file holds it too.
    wanted = None if columns is None else list(columns)
    filters = None if customers is None else [("customer_id", "in", set(customers))]
    return pd.read_parquet(path, partitioning=None, columns=wanted, filters=filters)
