"""Roll rates as a book shows them over the months before a day."""

from datetime import date
from itertools import pairwise

from creditscore.accounts import ageing, sales_between
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
    return roll_rates(
        [ageing(book, end, bounds=ROLL_BOUNDS) for end in ends],
        sales_amounts=[
            int(sales_between(book, until, after=after, until=until)["sales_amount"].sum())
            for after, until in pairwise(ends)
        ],
    )
