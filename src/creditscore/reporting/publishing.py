"""From a workspace to the files of its reports."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from creditscore.book import Book
from creditscore.domain import Workspace, add_months, pd_column
from creditscore.errors import StoreError
from creditscore.monitoring import AlarmGroup, alarm_of, drift, grouped
from creditscore.outcomes import DefaultDefinition, outcomes
from creditscore.policy import policy_in_force
from creditscore.reporting.accuracy import ScoredDays, accuracy_report
from creditscore.reporting.decided import decided_days
from creditscore.reporting.defaulters import daily_defaulters
from creditscore.reporting.document import Report
from creditscore.reporting.drift import Comparison, drift_report, with_colours
from creditscore.reporting.rivals import rivals_of
from creditscore.reporting.saving import save_formats
from creditscore.reporting.so_far import with_defaults_seen
from creditscore.scoring import (
    IN_DEFAULT,
    IN_DEFAULT_REASON,
    Bundle,
    MonitoringStore,
    ScoreStore,
    open_champion,
    read_scores,
    read_snapshot,
)

ACCURACY, DRIFT, DETAIL = "accuracy", "drift", "drift_detail.html"
GRADED = ["customer_id", "as_of", "score", "grade", "reason_1"]
STATED = ["score", "grade", "colour"]


def accuracy_of(workspace: Workspace) -> Report:
    """Judge the champion by its evaluation, and by what became of the customers scored since.

    Parameters
    ----------
    workspace
        The portfolio.

    Raises
    ------
    BundleError
        If no sound bundle decides.
    ContractError
        If the workspace has no book.
    """
    bundle = open_champion(workspace)
    book, policy = Book.open(workspace.book), policy_in_force(workspace)
    return accuracy_report(
        bundle,
        policy=policy,
        scored=scored_days(workspace, book, bundle),
        decided=decided_days(workspace, book, policy=policy, definition=bundle.definition),
        rivals=rivals_of(workspace),
        currency=book.currency,
    )


def drift_of(workspace: Workspace, *, as_of: date | None = None, detail: Path | None = None) -> Report:
    """Compare a scored day with what the champion learned from.

    Development leaves out who is in default already, so this does too; like is compared with like.

    Parameters
    ----------
    workspace
        The portfolio.
    as_of
        A scored day; by default the latest.
    detail
        Where Evidently's own page goes; it must lie beside the report.

    Raises
    ------
    BundleError
        If no sound bundle decides.
    StoreError
        If the day was not scored, or none was.
    """
    bundle = open_champion(workspace)
    day = as_of or _latest(workspace)
    policy = policy_in_force(workspace, day)
    reference = with_colours(bundle.reference(), policy)
    scored = _snapshot_with_scores(workspace, day)
    current = scored[scored[IN_DEFAULT] != 1].reset_index(drop=True)
    result = drift(reference, current, features=bundle.contract, detail=detail)
    comparison = Comparison(
        as_of=day,
        reference=reference,
        current=current,
        result=result,
        in_default_count=len(scored) - len(current),
        watched=watched_groups(workspace, day),
    )
    return drift_report(bundle, comparison, policy=policy, detail=detail.name if detail else None)


def write_accuracy_report(workspace: Workspace) -> Path:
    """Write the accuracy report of the champion into the workspace, in every format, and return the page's path."""
    return save_formats(accuracy_of(workspace), workspace.reports / ACCURACY)[0]


def write_drift_report(workspace: Workspace, *, as_of: date | None = None) -> Path:
    """Write the drift report of a scored day, in every format, and return the page's path.

    Evidently's own page is written beside it.
    """
    report = drift_of(workspace, as_of=as_of, detail=workspace.reports / DETAIL)
    return save_formats(report, workspace.reports / DRIFT)[0]


def watched_groups(workspace: Workspace, day: date) -> tuple[AlarmGroup, ...] | None:
    """Return what the watch raised on a day, by source; ``None`` where it has not watched the run that is served."""
    with MonitoringStore(workspace.store_url) as store:
        entry, run = store.monitored_day(day), store.latest_run(day)
        if entry is None or run is None or entry["run_id"] != run.run_id:
            return None
        return grouped(map(alarm_of, store.monitored_alarms(day)))


def scored_days(workspace: Workspace, book: Book, bundle: Bundle) -> ScoredDays | None:
    """Return what the bundle's daily runs scored and what became of it; none where it scored nothing.

    Only days count whose scores are this bundle's today: another one's merit is not its own.
    """
    with ScoreStore(workspace.store_url) as store:
        runs = {day: run for day, run in store.served_runs().items() if run.bundle_hash == bundle.hash}
    if not runs:
        return None
    days = pd.DataFrame(
        {"as_of": pd.to_datetime(list(runs)), "customer_count": [r.customer_count for r in runs.values()]}
    )
    last_of_months = days.groupby(days["as_of"].dt.strftime("%Y-%m"))["as_of"].max()
    until = book.known_days()[1]
    graded = pd.concat(
        [_graded(workspace, book, bundle, as_of=day.date(), observed_until=until) for day in last_of_months],
        ignore_index=True,
    )
    # Who is in default already cannot enter it: no case, neither good nor bad.
    judged = graded[~graded["in_default_flag"]].reset_index(drop=True)
    seen = with_defaults_seen(book, judged, definition=bundle.definition, observed_until=until)
    defaulters = daily_defaulters(workspace, judged, pd_name=pd_column(bundle.horizon_months))
    return ScoredDays(days=days, judged=seen, observed_until=until, graded=graded, defaulters=defaulters)


def _graded(workspace: Workspace, book: Book, bundle: Bundle, *, as_of: date, observed_until: date) -> pd.DataFrame:
    columns = [*GRADED, pd_column(bundle.horizon_months)]
    scores = read_scores(workspace, as_of=as_of, columns=columns)
    if add_months(as_of, bundle.horizon_months) > observed_until:
        # Nobody has a label yet, and who was in default the run itself says: the ledger need not be read for it.
        in_default = scores["reason_1"] == IN_DEFAULT_REASON.code
        return scores.assign(in_default_flag=in_default, default_flag=np.nan)
    labels = _labels(book, scores[["customer_id", "as_of"]], definition=bundle.definition)
    return scores.merge(labels, on=["customer_id", "as_of"], validate="one_to_one")


def _labels(book: Book, observations: pd.DataFrame, *, definition: DefaultDefinition) -> pd.DataFrame:
    """Return the outcomes, all missing where the book lacks the payments that the definition asks for."""
    if definition.days_past_due is not None and book.has("invoices") and not book.has("payments"):
        return observations.assign(in_default_flag=False, default_flag=np.nan)
    return outcomes(book, observations, definition=definition)


def _latest(workspace: Workspace) -> date:
    with ScoreStore(workspace.store_url) as store:
        run = store.latest_run()
    if run is None:
        raise StoreError(
            where="score store", found="No day has been scored yet.", fix="Run `creditscore score --as-of DAY` first."
        )
    return run.as_of


def _snapshot_with_scores(workspace: Workspace, day: date) -> pd.DataFrame:
    scores = read_scores(workspace, as_of=day)[["customer_id", *STATED]]
    return read_snapshot(workspace, as_of=day).merge(scores, on="customer_id", validate="one_to_one")
