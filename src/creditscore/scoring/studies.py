"""What the stored days teach about the policy: the workspace's side of the frontier and the backtest."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import pandas as pd

from creditscore.accounts import limits_in_force, sales_between
from creditscore.book import Book
from creditscore.decisions import GOVERNANCE_GRID, Backtest, backtest, frontier
from creditscore.domain import Workspace
from creditscore.errors import StoreError
from creditscore.outcomes import DefaultDefinition, default_entries, outcomes
from creditscore.policy import Governance, Policy, policy_in_force
from creditscore.scoring.champion import open_champion
from creditscore.scoring.daily import read_scores, scores_path
from creditscore.scoring.defaulted import CERTAIN_LOG_ODDS, IN_DEFAULT, told_by
from creditscore.scoring.files import is_whole

STORED = ["customer_id", "as_of", "log_odds", "exposure_amount"]


def stored_days(workspace: Workspace) -> tuple[date, ...]:
    """Return the days whose scores lie in the workspace, the first one first."""
    named = (folder.name.removeprefix("as_of=") for folder in workspace.scores.glob("as_of=*"))
    days = sorted(map(date.fromisoformat, named))
    return tuple(day for day in days if is_whole(scores_path(workspace, day)))


def stored_scores(workspace: Workspace) -> pd.DataFrame:
    """Return the stored scores of all days: keys, log-odds of default, exposure, and who was in default on the day.

    Raises
    ------
    StoreError
        If no day is stored.
    """
    days = stored_days(workspace)
    if not days:
        raise StoreError(
            where=workspace.scores.name, found="No day is stored.", fix="Run `creditscore score` for some days first."
        )
    frame = pd.concat([read_scores(workspace, as_of=day)[STORED] for day in days], ignore_index=True)
    return frame.assign(**{IN_DEFAULT: frame["log_odds"] == CERTAIN_LOG_ODDS})


def governance_frontier(workspace: Workspace, *, grid: Sequence[Governance] = GOVERNANCE_GRID) -> pd.DataFrame:
    """Replay each setting of governance on all stored days, under the edges of today's policy.

    Whoever scored a day, its log-odds count as they were stored: the past is taken as it was.

    Parameters
    ----------
    workspace
        The portfolio.
    grid
        The settings.

    Returns
    -------
    DataFrame
        As :func:`creditscore.decisions.frontier` returns it.

    Raises
    ------
    StoreError
        If no day is stored.
    ParameterError
        If only one is.
    BundleError, PolicyError, ContractError
        If no sound bundle decides, the policy is broken, or the book cannot tell of defaults.
    """
    policy = policy_in_force(workspace)
    scores = stored_scores(workspace)
    scored = scores.assign(score=policy.scale.score(scores["log_odds"].to_numpy()))
    return frontier(scored, _defaults(workspace), policy=policy, grid=grid)


def backtest_policies(workspace: Workspace, *, policies: tuple[Policy, Policy], least_days: int = 28) -> Backtest:
    """Replay two policies on the stored days, the sales made after them and what became of the customers.

    The first stored day is replayed, then the next one at least ``least_days`` later, and so on; the sales of a day are
    those up to the next replayed one, so no sale counts twice. The days between still move the governed colours.

    Parameters
    ----------
    workspace
        The portfolio.
    policies
        A and B.
    least_days
        Fewest days from one replayed day to the next.

    Raises
    ------
    StoreError
        If no day is stored.
    ParameterError
        If no outcome window has ended, or the book knows no payments.
    BundleError, ContractError
        If no sound bundle decides, or the book cannot tell of defaults.
    """
    scores, book = stored_scores(workspace), Book.open(workspace.book)
    steps = _steps(stored_days(workspace), least_days=least_days)
    until = pd.DataFrame(steps, columns=["as_of", "until_on"]).astype("datetime64[ms]")
    asked = scores[["customer_id", "as_of"]].merge(until, on="as_of")
    labels = outcomes(book, asked, definition=_told(book, open_champion(workspace).definition))
    ended = set(labels.loc[labels["default_flag"].notna(), "as_of"].dt.date)
    sold = [_traded(book, day, end) for day, end in steps if day in ended]
    keys = ["customer_id", "as_of"]
    trades = asked.merge(labels[[*keys, "default_flag"]], on=keys, validate="one_to_one")
    return backtest(scores, trades.merge(_joined(sold), on=keys, how="outer"), policies=policies)


def _steps(days: Sequence[date], *, least_days: int) -> list[tuple[date, date]]:
    """Return replayed days, each with the next one; the last one begins no step."""
    chosen = [days[0]]
    for day in days[1:]:
        if (day - chosen[-1]).days >= least_days:
            chosen.append(day)
    return list(pairwise(chosen))


def _traded(book: Book, day: date, until: date) -> pd.DataFrame:
    """Return limits of a day and the sales after it, by what is known today of their payment."""
    sales = sales_between(book, book.known_days()[1], after=day, until=until)
    limits = limits_in_force(book, day)[["customer_id", "limit_amount"]]
    found = sales.merge(limits, on="customer_id", how="outer", validate="one_to_one")
    return found.assign(as_of=pd.Timestamp(day)).astype({"as_of": "datetime64[ms]"})


def _joined(sold: list[pd.DataFrame]) -> pd.DataFrame:
    columns = ["customer_id", "as_of", "sales_amount", "unpaid_amount", "limit_amount"]
    return pd.concat(sold, ignore_index=True)[columns] if sold else pd.DataFrame(columns=columns)


def _defaults(workspace: Workspace) -> pd.DataFrame:
    book = Book.open(workspace.book)
    return default_entries(book, definition=_told(book, open_champion(workspace).definition))


def _told(book: Book, definition: DefaultDefinition) -> DefaultDefinition:
    return told_by(book, definition) or definition
