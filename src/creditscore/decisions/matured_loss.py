"""What was lost on past exposures, as far as their outcome window has ended."""

from datetime import date

import numpy as np
import pandas as pd

from creditscore.accounts import sales_between
from creditscore.book import Book
from creditscore.decisions.realised_loss import MATURED_COLUMNS
from creditscore.domain import add_months
from creditscore.outcomes import DefaultDefinition, outcomes

SNAPSHOT_COLUMNS = ("customer_id", "as_of", "colour", "exposure_amount")
LONG_AGO = date(1900, 1, 1)


def matured_losses(book: Book, snapshots: pd.DataFrame, *, definition: DefaultDefinition) -> pd.DataFrame:
    """Return what was lost on the exposures of past days.

    Lost is what a customer in default had not paid at the end of the window of what it was invoiced until the day, at
    most its exposure; in default is who entered it within the window, or was in it on the day. Later recoveries are not
    set off, and who is not in default lost nothing.

    Parameters
    ----------
    book
        The book.
    snapshots
        ``SNAPSHOT_COLUMNS``, one row for each customer and day: the governed colour and the exposure of the day.
    definition
        What counts as a default, and the length of the window.

    Returns
    -------
    pandas.DataFrame
        As :func:`creditscore.decisions.realised_losses` takes them. Days whose window has not ended and customers of
        unknown exposure have no row, and nobody has where the book lacks invoices or payments.

    Raises
    ------
    ContractError, ParameterError
        As :func:`creditscore.outcomes.outcomes` does.
    """
    known = snapshots[snapshots["exposure_amount"].notna()]
    if known.empty or not (book.has("invoices") and book.has("payments")):
        return _nothing()
    labels = outcomes(book, known[["customer_id", "as_of"]], definition=definition)
    joined = known.merge(labels, on=["customer_id", "as_of"], validate="one_to_one")
    ended = joined[joined["default_flag"].notna()]
    days = sorted(ended["as_of"].drop_duplicates())
    parts = [_of_day(book, ended[ended["as_of"] == day], day.date(), definition) for day in days]
    return pd.concat(parts, ignore_index=True) if parts else _nothing()


def _of_day(book: Book, rows: pd.DataFrame, day: date, definition: DefaultDefinition) -> pd.DataFrame:
    end = add_months(day, definition.horizon_months)
    sold = sales_between(book, end, after=LONG_AGO, until=day).set_index("customer_id")["unpaid_amount"]
    unpaid = rows["customer_id"].map(sold).astype("Int64").fillna(0).to_numpy(np.int64)
    exposure = np.maximum(rows["exposure_amount"].to_numpy(np.int64), 0)
    defaulted = rows["in_default_flag"].to_numpy(np.bool_) | (rows["default_flag"].to_numpy(np.float64) == 1)
    lost = np.where(defaulted, np.minimum(unpaid, exposure), 0)
    return rows.assign(lost_amount=lost)[list(MATURED_COLUMNS)]


def _nothing() -> pd.DataFrame:
    kinds = {"customer_id": "str", "colour": "str", "exposure_amount": "int64", "lost_amount": "int64"}
    return pd.DataFrame({name: pd.Series(dtype=kinds[name]) for name in MATURED_COLUMNS})
