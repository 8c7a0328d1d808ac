"""What was decided on the days scored, read from the store and the book."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import pandas as pd

from creditscore.accounts import ageing
from creditscore.book import Book
from creditscore.decisions import ROLL_BOUNDS, Adequacy, adequacy, matured_losses, observed_rolls
from creditscore.domain import Workspace, add_months, pd_column
from creditscore.errors import ContractError, ParameterError
from creditscore.outcomes import DefaultDefinition
from creditscore.policy import Policy
from creditscore.scoring import DailyRun, DecisionStore, read_scores

NOTHING_KNOWN = "Without invoices and payments nobody knows what is open."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DecidedDays:
    """What was decided on the days scored.

    Parameters
    ----------
    as_of
        The last day scored.
    policy_hash
        Hash of the policy that decided it.
    scores
        Its scores and decisions, as the store serves them.
    open_amounts
        What each customer owed on it by age, for the bounds ``ROLL_BOUNDS``; ``None`` where the book cannot say.
    ledger
        Closing figures of the reserve of every day scored; see :meth:`creditscore.scoring.ScoreStore.reserve_ledger`.
    applications
        One row for each decision on an application: ``applied_on``, ``route``, ``outcome``, ``requested_amount``,
        ``allowed_amount``, ``disputed_flag``, ``frozen_flag``.
    adequacy
        The reserve of the last day against what could be lost, or a sentence that says why it cannot be judged.
    """

    as_of: date
    policy_hash: str
    scores: pd.DataFrame
    open_amounts: pd.DataFrame | None
    ledger: pd.DataFrame
    applications: pd.DataFrame
    adequacy: Adequacy | str


def decided_days(
    workspace: Workspace, book: Book, *, policy: Policy, definition: DefaultDefinition
) -> DecidedDays | None:
    """Read what was decided on the days scored, whichever bundle scored them; none where no day was.

    Parameters
    ----------
    workspace, book
        The portfolio.
    policy
        The policy by which the reserve is judged.
    definition
        What counts as a default, and how long to wait for one.
    """
    with DecisionStore(workspace.store_url) as store:
        run, ledger = store.latest_run(), store.reserve_ledger()
        if run is None:
            return None
        ended = _ended_days(ledger, observed_until=book.known_days()[1], months=definition.horizon_months)
        snapshots, records = store.exposures(ended), store.applications()
    scores = read_scores(workspace, as_of=run.as_of)
    open_amounts = ageing(book, run.as_of, bounds=ROLL_BOUNDS) if _tells_what_is_open(book) else None
    return DecidedDays(
        as_of=run.as_of,
        policy_hash=run.policy_hash,
        scores=scores,
        open_amounts=open_amounts,
        ledger=ledger,
        applications=_applications(records),
        adequacy=_adequacy(
            policy,
            book,
            _reserved(scores, run),
            as_of=run.as_of,
            open_amounts=open_amounts,
            matured=partial(matured_losses, book, snapshots, definition=definition),
        ),
    )


def _tells_what_is_open(book: Book) -> bool:
    return book.has("invoices") and book.has("payments")


def _ended_days(ledger: pd.DataFrame, *, observed_until: date, months: int) -> list[date]:
    """Return the last day scored of each month whose outcome window has ended: more would tell little more."""
    days = [day.date() for day in ledger["as_of"].drop_duplicates()]
    last_of_months = {(day.year, day.month): day for day in sorted(days)}
    return [day for day in last_of_months.values() if add_months(day, months) <= observed_until]


def _applications(records: list[dict[str, Any]]) -> pd.DataFrame:
    rows = [
        {
            "applied_on": pd.Timestamp(record["application"]["applied_on"]),
            "route": record["route"],
            "outcome": record["outcome"],
            "requested_amount": record["application"]["amount"],
            "allowed_amount": record["allowed_amount"],
            "disputed_flag": record["application"]["disputed_on"] is not None,
            "frozen_flag": record["applicant"]["freeze"] is not None,
        }
        for record in records
    ]
    return pd.DataFrame(rows)


def _reserved(scores: pd.DataFrame, run: DailyRun) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": scores["customer_id"],
            "colour": scores["governed_colour"],
            "exposure_amount": scores["exposure_amount"],
            "held_amount": scores["held_amount"],
            "default_probability": scores[pd_column(run.horizon_months)],
        }
    )


def _adequacy(
    policy: Policy,
    book: Book,
    reserved: pd.DataFrame,
    *,
    as_of: date,
    open_amounts: pd.DataFrame | None,
    matured: Callable[[], pd.DataFrame],
) -> Adequacy | str:
    """Compare the reserve with what could be lost; where the book cannot tell, say why."""
    if open_amounts is None:
        return NOTHING_KNOWN
    try:
        return adequacy(
            policy,
            reserved,
            matured=matured(),
            ageing=open_amounts,
            rolls=observed_rolls(book, as_of),
        )
    except (ContractError, ParameterError) as error:
        return error.found
