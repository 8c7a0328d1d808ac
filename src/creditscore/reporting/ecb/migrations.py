"""Where the customers of a scored day were when the outcome window after it had ended."""

from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd

from creditscore.book import Book
from creditscore.domain import Text, Workspace, add_months, text
from creditscore.errors import ContractError
from creditscore.outcomes import outcomes
from creditscore.reporting.ecb.inputs import OUTSIDE, Counts, Migrations
from creditscore.reporting.sections.wording import counted
from creditscore.scoring import Bundle, ScoreStore, read_scores

LEEWAY: Final = timedelta(days=7)  # how much longer than the window the days may lie apart
STRANGE: Final = "a scored day holds a grade that the master scale of today does not know."


def migrations_of(workspace: Workspace, book: Book, bundle: Bundle, *, grades: tuple[str, ...]) -> Migrations | str:
    """Count where the customers of a day that the bundle scored were one outcome window later; or say why not.

    Both days must have been scored by this bundle: a change of model is no migration of customers. As one model rates
    the whole portfolio, nobody moves to another one.

    Parameters
    ----------
    workspace, book
        The portfolio.
    bundle
        The model that is validated.
    grades
        The grades, best first.
    """
    with ScoreStore(workspace.store_url) as store:
        days = [day for day, run in store.served_runs().items() if run.bundle_hash == bundle.hash]
    pair = _a_window_apart(days, months=bundle.horizon_months)
    if pair is None:
        return _too_few(days, months=bundle.horizon_months)
    first, last = pair
    try:
        counts = _counts(_placed(workspace, book, bundle, first=first, last=last), grades=grades)
    except ContractError as error:
        return error.found
    period = text("{first} to {last}", first=f"{first}", last=f"{last}")
    return STRANGE if counts is None else Migrations(counts=counts, period=period)


def _too_few(days: list[date], *, months: int) -> Text:
    apart = counted(months, "month")
    if not days:
        return text(
            "two scored days {months} apart are needed (at most a week more), and this bundle scored not at all.",
            months=apart,
        )
    return text(
        "two scored days {months} apart are needed (at most a week more), and this bundle scored from {first} to "
        "{last}.",
        months=apart,
        first=f"{days[0]}",
        last=f"{days[-1]}",
    )


def _a_window_apart(days: list[date], *, months: int) -> tuple[date, date] | None:
    """Return the latest two days that lie a window apart, or a few days more."""
    for last in reversed(days):
        for first in reversed(days):
            if timedelta(0) <= last - add_months(first, months) <= LEEWAY:
                return first, last
    return None


def _placed(workspace: Workspace, book: Book, bundle: Bundle, *, first: date, last: date) -> pd.DataFrame:
    """Return the performing customers with exposure of the first day, with their grade then and their place at last."""
    then, now = read_scores(workspace, as_of=first), read_scores(workspace, as_of=last)
    known = outcomes(book, then[["customer_id", "as_of"]], definition=bundle.definition, observed_until=last)
    rows = then.merge(known, on=["customer_id", "as_of"], validate="one_to_one")
    idle = (rows["exposure_amount"] <= 0).fillna(value=False).astype(bool)
    rows = rows[~rows["in_default_flag"] & ~idle].set_index("customer_id")
    grade_at_last = now.set_index("customer_id")["grade"].reindex(rows.index)
    place = grade_at_last.where(grade_at_last.notna(), OUTSIDE[2]).where(rows["default_flag"] != 1, OUTSIDE[0])
    return pd.DataFrame({"grade": rows["grade"], "place": place})


def _counts(placed: pd.DataFrame, *, grades: tuple[str, ...]) -> Counts | None:
    columns = [*grades, *OUTSIDE]
    if not (placed["grade"].isin(list(grades)).all() and placed["place"].isin(columns).all()):
        return None
    matrix = pd.crosstab(placed["grade"], placed["place"]).reindex(index=list(grades), columns=columns, fill_value=0)
    return matrix.to_numpy(dtype=np.int64)
