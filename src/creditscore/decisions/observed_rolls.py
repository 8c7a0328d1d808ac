"""Roll rates as a book shows them over the months before a day."""

from datetime import date

import pandas as pd

from creditscore.accounts import open_totals, sales_totals
from creditscore.book import Book
from creditscore.decisions.provision_matrix import ROLL_BOUNDS, RollRates, roll_rates
from creditscore.domain import add_months, month_ends


def observed_rolls(book: Book, as_of: date, *, months: int = 12) -> RollRates:
    """Return the roll rates of the last full months before a day, each month end as it was known on that day.

    Parameters
    ----------
    book
        The book.
    as_of
        Last day whose information is used.
    months
        How many months to observe, counted back from the last month end that is not after ``as_of``.

    Raises
    ------
    ParameterError
        If ``months`` is less than 1.
    """
    ends = month_ends(add_months(as_of.replace(day=1), -months - 1), as_of)[-months - 1 :] if months > 0 else []
    owed, sold = (
        open_totals(book, ends, bounds=ROLL_BOUNDS),
        sales_totals(book, ends).set_index("until")["sales_amount"],
    )
    days = pd.DatetimeIndex(ends).as_unit("ms")
    return roll_rates(
        [owed[owed["as_of"] == day] for day in days],
        sales_amounts=[int(sold.get(day, 0)) for day in days[1:]],
    )
