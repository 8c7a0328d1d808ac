"""What a request is measured against: the customer's own history."""

import math
from dataclasses import dataclass
from typing import Self

import ibis
import numpy as np
import numpy.typing as npt
import pandas as pd

from creditscore.domain import Reason
from creditscore.features import Feature, Orders, feature, named

DAYS_IN_YEAR, DAYS_IN_MONTH = 365, 365 / 12
ORDERED, USUAL_TERM, FIRST_ORDER = "orders_365d_amount", "term_mean_365d_days", "first_order_days"
ASKED = ("amount_ratio", "extra_days")  # what a scenario model sees of a request

Floats = npt.NDArray[np.float64]


@feature(
    family="behaviour",
    unit="days",
    risk="falls",
    reason=Reason("A90", en="The first order is recent", zh="首次下单时间较近"),
)
def first_order_days(orders: Orders) -> ibis.Value:
    """Days since the first invoice that is known was issued; missing when none ever was."""
    return orders.days_since(orders.invoice_flag.ifelse(orders.issued_on, ibis.null("date")).min())


def history_features() -> tuple[Feature, ...]:
    """Return the features that a request is measured against."""
    return named(ORDERED), named(USUAL_TERM), first_order_days


@dataclass(frozen=True, slots=True)
class History:
    """What a customer usually buys and on which term.

    Parameters
    ----------
    monthly_amount
        Mean amount invoiced in a month of the last year, or since the first invoice where that is less, minor units.
    usual_term_days
        Mean payment term of the last year, rounded half up.
    """

    monthly_amount: float
    usual_term_days: int

    @classmethod
    def of(cls, row: pd.Series, *, min_days: int) -> Self | None:
        """Read the history of a row of :func:`history_features`; ``None`` where it is missing or too short.

        Parameters
        ----------
        row
            The row.
        min_days
            Days since the first invoice without which there is no history.
        """
        ordered, term, days = (float(row[name]) for name in (ORDERED, USUAL_TERM, FIRST_ORDER))
        if not (ordered > 0 and math.isfinite(term) and days >= min_days):
            return None
        months = min(days + 1, DAYS_IN_YEAR) / DAYS_IN_MONTH
        return cls(ordered / months, max(math.floor(term + 0.5), 0))

    def asked(self, amount: int, term_days: int) -> Floats:
        """Return a request as a scenario model sees it, one row (1, 2).

        The amount becomes months of usual turnover; the term becomes the days beyond the usual one, and a shorter term
        counts as the usual one.
        """
        return np.array([[amount / self.monthly_amount, float(max(term_days - self.usual_term_days, 0))]])


def asked_of(rows: pd.DataFrame, *, min_days: int) -> Floats:
    """Return the requests of many rows as a scenario model sees them, (n, 2); missing where there is no history.

    Parameters
    ----------
    rows
        Features of :func:`history_features`, ``requested_amount`` and ``requested_term_days``.
    min_days
        As for :meth:`History.of`.
    """
    asked = np.full((len(rows), len(ASKED)), np.nan)
    for place, (_, row) in enumerate(rows.iterrows()):
        history = History.of(row, min_days=min_days)
        told = pd.notna(row["requested_amount"]) and pd.notna(row["requested_term_days"])
        if history is not None and told:
            asked[place] = history.asked(int(row["requested_amount"]), int(row["requested_term_days"]))[0]
    return asked
