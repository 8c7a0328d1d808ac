"""Applications for credit: a served score, the customer's account and the policy make a decision record."""

from datetime import date, timedelta
from typing import Any

from creditscore.decisions import Applicant, Application, DecisionRecord, Freeze, decide_application
from creditscore.domain import Colour, Workspace, pd_column
from creditscore.errors import NotScoredError
from creditscore.scoring.carried import read_applicant
from creditscore.scoring.decision_store import DecisionStore
from creditscore.scoring.idempotency import IdempotencyKey
from creditscore.scoring.policies import policy_of
from creditscore.scoring.run import DailyRun


def apply_for_credit(
    workspace: Workspace, application: Application, *, key: IdempotencyKey | None = None
) -> DecisionRecord:
    """Decide on an application with what was served and known on the last day scored before it or on it.

    The record is kept in the store; the same application on the same facts is kept once. The policy is the one by which
    that day was scored, so that the colour and the grading come from one policy.

    Parameters
    ----------
    workspace
        The portfolio.
    application
        What is asked for.
    key
        Key of the request, kept with the record; see :meth:`DecisionStore.record`.

    Raises
    ------
    NotScoredError
        If no day was scored until the application, or the customer was not scored on it.
    StoreError
        If what the run of that day left is gone.
    PolicyError
        If the policy of that day is gone or altered.
    """
    with DecisionStore(workspace.store_url) as store:
        run, score = _served(store, application)
        frozen = store.freezes(run, [application.customer_id]).get(application.customer_id)
        known = read_applicant(workspace, run, application.customer_id)
        applicant = Applicant(
            customer_id=application.customer_id,
            as_of=run.as_of,
            industry_code=known.get("industry_code"),
            cooperation_years=known.get("cooperation_years"),
            payback_ratio=known.get("payback_ratio"),
            limit_amount=known.get("limit_amount"),
            agreed_term_days=known.get("term_days"),
            colour=Colour(score["governed_colour"]),
            score=score["score"],
            grade=score["grade"],
            default_probability=score[pd_column(run.horizon_months)],
            horizon_months=run.horizon_months,
            exposure_amount=score["exposure_amount"],
            freeze=Freeze(cause_id=frozen["cause_id"], path=frozen["path"]) if frozen else None,
        )
        record = decide_application(application, applicant, policy=policy_of(workspace, run.policy_hash))
        store.record(record, key=key)
    return record


def last_scored_day(workspace: Workspace) -> date:
    """Return the latest day whose scores are served.

    Raises
    ------
    NotScoredError
        If there is none.
    """
    with DecisionStore(workspace.store_url) as store:
        run = store.latest_run()
    if run is None:
        raise _unscored("There are no scores yet.")
    return run.as_of


def _served(store: DecisionStore, application: Application) -> tuple[DailyRun, dict[str, Any]]:
    latest = store.run_before(application.applied_on + timedelta(days=1))
    found = None if latest is None else store.look_up([application.customer_id], as_of=latest.as_of)
    if found is None:
        raise _unscored(f"No day was scored until {application.applied_on}.")
    run, scores = found
    if application.customer_id not in scores:
        raise NotScoredError(
            where="customer_id",
            found=f"This customer was not scored as of {run.as_of}.",
            fix="Check its id, or apply on a day on which the book knows it.",
        )
    return run, scores[application.customer_id]


def _unscored(found: str) -> NotScoredError:
    return NotScoredError(where="score store", found=found, fix="Run `creditscore score` for that day.")
