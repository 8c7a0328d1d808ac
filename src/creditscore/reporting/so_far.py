"""Which customers are known to have defaulted while the outcome window of their score is still open."""

from datetime import date

import numpy as np
import pandas as pd

from creditscore.book import Book
from creditscore.domain import add_months
from creditscore.outcomes import DefaultDefinition, default_entries


def with_defaults_seen(
    book: Book, judged: pd.DataFrame, *, definition: DefaultDefinition, observed_until: date
) -> pd.DataFrame:
    """Return the scores with what is known so far of the windows that have not ended.

    It is no label: who has not defaulted may still do so. The book is read once for all days, no further back than the
    first open window begins, and not at all where every window has ended or has yet to begin.

    Parameters
    ----------
    book
        The book.
    judged
        Scores of customers not in default when scored: ``customer_id``, ``as_of``.
    definition
        What counts as a default, and the horizon.
    observed_until
        Last day of observation; an entry that became known later is not seen.

    Returns
    -------
    DataFrame
        The same rows, with ``default_seen_flag`` (float64): 1 if the customer entered default in
        ``(as_of, observed_until]``, 0 if not; missing where the window has ended, and everywhere where the book lacks
        the payments that the definition asks for.
    """
    days = pd.Series(judged["as_of"].unique())
    open_days = days[[add_months(day.date(), definition.horizon_months) > observed_until for day in days]]
    is_open = judged["as_of"].isin(open_days)
    unpaid = definition.days_past_due is not None and book.has("invoices") and not book.has("payments")
    if unpaid or not is_open.any():
        return judged.assign(default_seen_flag=np.nan)
    first = judged.loc[is_open, "as_of"].min().date()
    if first >= observed_until:
        return judged.assign(default_seen_flag=np.where(is_open, 0.0, np.nan))
    entries = default_entries(book, definition=definition, observed_until=observed_until, after=first)
    last = entries.groupby("customer_id")["default_on"].max()
    # Not mapped: pandas makes floats of the days where nobody has entered default.
    seen = last.reindex(judged["customer_id"]).set_axis(judged.index) > judged["as_of"]
    return judged.assign(default_seen_flag=seen.astype("float64").where(is_open))
