"""What was decided on the days scored, read from the store and the book."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from creditscore.accounts import ageing
from creditscore.book import Book
from creditscore.decisions import ROLL_BOUNDS, Adequacy, adequacy, matured_losses, observed_rolls
from creditscore.domain import Workspace, pd_column
from creditscore.errors import ContractError, ParameterError
from creditscore.outcomes import DefaultDefinition
from creditscore.policy import Policy
from creditscore.scoring import DailyRun, ScoreStore

NO_PAYMENTS = "the book has no payments, so nobody knows what is open"


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
    adequacy
        The reserve of the last day against what could be lost, or why nothing can be said of it.
    """

    as_of: date
    policy_hash: str
    scores: pd.DataFrame
    open_amounts: pd.DataFrame | None
    ledger: pd.DataFrame
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
    with ScoreStore(workspace.store_url) as store:
        run, ledger = store.latest_run(), store.reserve_ledger()
        if run is None:
            return None
        scores = store.scores(run.as_of)
        snapshots = [_snapshot(store.scores(day)) for day in _judged_days(ledger)]
    open_amounts = ageing(book, run.as_of, bounds=ROLL_BOUNDS) if _tells_what_is_open(book) else None
    return DecidedDays(
        as_of=run.as_of,
        policy_hash=run.policy_hash,
        scores=scores,
        open_amounts=open_amounts,
        ledger=ledger,
        adequacy=_adequacy(
            policy, book, _reserved(scores, run), open_amounts=open_amounts, snapshots=snapshots, definition=definition
        ),
    )


def _tells_what_is_open(book: Book) -> bool:
    return book.has("invoices") and book.has("payments")


def _judged_days(ledger: pd.DataFrame) -> list[date]:
    """Return the last day scored of each month: more of them would tell little more."""
    days = ledger["as_of"].drop_duplicates()
    return [day.date() for day in days.groupby(days.dt.strftime("%Y-%m")).max()]


def _snapshot(scores: pd.DataFrame) -> pd.DataFrame:
    return scores[["customer_id", "as_of", "governed_colour", "exposure_amount"]].rename(
        columns={"governed_colour": "colour"}
    )


def _reserved(scores: pd.DataFrame, run: DailyRun) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": scores["customer_id"],
            "colour": scores["governed_colour"],
            "exposure_amount": scores["exposure_amount"],
            "held_amount": scores["held_amount"],
            "default_probability": scores[pd_column(run.horizon_months)],
            "as_of": scores["as_of"],
        }
    )


def _adequacy(
    policy: Policy,
    book: Book,
    reserved: pd.DataFrame,
    *,
    open_amounts: pd.DataFrame | None,
    snapshots: Sequence[pd.DataFrame],
    definition: DefaultDefinition,
) -> Adequacy | str:
    """Compare the reserve with what could be lost; where the book cannot tell, say why."""
    if open_amounts is None:
        return NO_PAYMENTS
    try:
        return adequacy(
            policy,
            reserved,
            matured=matured_losses(book, pd.concat(snapshots, ignore_index=True), definition=definition),
            ageing=open_amounts,
            rolls=observed_rolls(book, reserved["as_of"].iloc[0].date()),
        )
    except (ContractError, ParameterError) as error:
        return f"{error.where}: {error.found}".rstrip(".")
