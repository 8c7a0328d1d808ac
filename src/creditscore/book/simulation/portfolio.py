"""Which portfolio to simulate, and its calendar."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from creditscore.book.simulation.columns import Whole
from creditscore.domain import add_months
from creditscore.errors import ParameterError

EPOCH = date(1970, 1, 1)
MOST_CUSTOMERS = 9_999_999  # seven digits of the customer's number


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Size, length and seed of a simulated portfolio; equal portfolios are equal to the last byte.

    Parameters
    ----------
    customers
        Number of customers, at least 1.
    months
        Number of months, at least 1.
    seed
        Seed of all random numbers, at least 0.
    first_month
        First day of the first month.

    Raises
    ------
    ParameterError
        If a number is out of range or the first day is not the first of a month.

    Examples
    --------
    >>> Portfolio(customers=5_000, months=36, seed=7).last_day
    datetime.date(2024, 12, 31)
    >>> Portfolio(customers=0, months=36, seed=7)
    Traceback (most recent call last):
    creditscore.errors.ParameterError: Portfolio: customers is 0. Give a number from 1 to 9,999,999.
    """

    customers: int
    months: int
    seed: int
    first_month: date = date(2022, 1, 1)

    def __post_init__(self) -> None:
        for name, value, least, most in (
            ("customers", self.customers, 1, MOST_CUSTOMERS),
            ("months", self.months, 1, 600),
            ("seed", self.seed, 0, 2**63 - 1),
        ):
            if not least <= value <= most:
                raise ParameterError(
                    where="Portfolio", found=f"{name} is {value}.", fix=f"Give a number from {least} to {most:,}."
                )
        if self.first_month.day != 1:
            raise ParameterError(
                where="Portfolio", found=f"first_month is {self.first_month}.", fix="Give the first day of a month."
            )

    @property
    def last_day(self) -> date:
        """Last day of the last month."""
        return add_months(self.first_month, self.months) - timedelta(days=1)

    def month_starts(self, *, before: int = 0) -> Whole:
        """Return the first day of each month from ``before`` months earlier, and of the month after the last.

        Days are counted from 1970-01-01, as Arrow stores them.
        """
        starts = [add_months(self.first_month, month) for month in range(-before, self.months + 1)]
        return np.array([(day - EPOCH).days for day in starts], dtype=np.int64)
