"""Applications for credit: a served score, the customer's account and the policy make a decision record."""

from datetime import date
from typing import Any

import pandas as pd

from creditscore.accounts import affiliations, histories, limits_in_force, open_receivables, segments
from creditscore.book import Book
from creditscore.decisions import (
    Applicant,
    Application,
    DecisionRecord,
    Freeze,
    decide_application,
    follow_alerts,
    freezes,
)
from creditscore.domain import Colour, Workspace, pd_column
from creditscore.errors import ParameterError, StoreError
from creditscore.policy import Alerts
from creditscore.scoring.policies import policy_of
from creditscore.scoring.run import DailyRun
from creditscore.scoring.store import ScoreStore


def apply_for_credit(workspace: Workspace, application: Application) -> DecisionRecord:
    """Decide on an application with what was served and known on the last day scored before it or on it.

    The policy is the one by which that day was scored, so that the colour and the grading come from one policy.

    Parameters
    ----------
    workspace
        The portfolio.
    application
        What is asked for.

    Raises
    ------
    StoreError
        If no day was scored until the application.
    ParameterError
        If the customer was not scored on that day.
    PolicyError
        If the policy of that day is gone or altered.
    """
    run, score = _served(workspace, application)
    policy, book = policy_of(workspace, run.policy_hash), Book.open(workspace.book)
    applicant = Applicant(
        **_account(book, application.customer_id, run.as_of),
        customer_id=application.customer_id,
        as_of=run.as_of,
        colour=Colour(score["colour"]),
        score=score["score"],
        grade=score["grade"],
        default_probability=score[pd_column(run.horizon_months)],
        horizon_months=run.horizon_months,
        exposure_amount=score["exposure_amount"],
        freeze=_freeze(book, application.customer_id, run.as_of, alerts=policy.alerts),
    )
    return decide_application(application, applicant, policy=policy)


def last_scored_day(workspace: Workspace) -> date:
    """Return the latest day whose scores are served.

    Raises
    ------
    StoreError
        If there is none.
    """
    with ScoreStore(workspace.store_url) as store:
        run = store.latest_run()
    if run is None:
        raise _unscored("There are no scores yet.")
    return run.as_of


def _served(workspace: Workspace, application: Application) -> tuple[DailyRun, dict[str, Any]]:
    with ScoreStore(workspace.store_url) as store:
        days = [run.as_of for run in store.runs() if run.as_of <= application.applied_on]
        found = store.look_up([application.customer_id], as_of=max(days)) if days else None
    if found is None:
        raise _unscored(f"No day was scored until {application.applied_on}.")
    run, scores = found
    if application.customer_id not in scores:
        raise ParameterError(
            where=f"customer {application.customer_id!r}",
            found=f"It was not scored as of {run.as_of}.",
            fix="Check its id, or apply on a day on which the book knows it.",
        )
    return run, scores[application.customer_id]


def _account(book: Book, customer_id: str, as_of: date) -> dict[str, Any]:
    """Return what the book knows of one customer; ``None`` where it is missing."""
    limits = _row(limits_in_force(book, as_of), customer_id)
    past, segment = _row(histories(book, as_of), customer_id), _row(segments(book, as_of), customer_id)
    return {
        "industry_code": segment.get("industry_code"),
        "cooperation_years": past.get("cooperation_years"),
        "payback_ratio": past.get("payback_ratio"),
        "limit_amount": limits.get("limit_amount"),
        "agreed_term_days": limits.get("term_days"),
    }


def _freeze(book: Book, customer_id: str, as_of: date, *, alerts: Alerts) -> Freeze | None:
    """Return why a customer is frozen as of a day; who is needs no history, only the open receivables and the links."""
    levels = follow_alerts(open_receivables(book, as_of), alerts, as_of=as_of)
    links = affiliations(book, as_of, kinds=alerts.red.freeze_links)
    found = _row(freezes(levels, links, red=alerts.red), customer_id)
    return Freeze(cause_id=found["cause_id"], path=found["path"]) if found else None


def _row(frame: pd.DataFrame, customer_id: str) -> dict[str, Any]:
    rows = frame[frame["customer_id"] == customer_id].to_dict("records")
    return {str(name): value for name, value in rows[0].items() if not pd.isna(value)} if rows else {}


def _unscored(found: str) -> StoreError:
    return StoreError(where="score store", found=found, fix="Run `creditscore score` for that day.")
