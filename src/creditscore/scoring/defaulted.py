"""Who is in default already: no forecast is needed, and none is made."""

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from creditscore.book import Book
from creditscore.domain import Reason
from creditscore.errors import ContractError
from creditscore.features.daily import LedgerState
from creditscore.outcomes import DefaultDefinition, outcomes
from creditscore.scoring.bundle import Bundle

IN_DEFAULT = "in_default_flag"
IN_DEFAULT_REASON = Reason("D01", en="The customer is in default", zh="客户已处于违约状态")
CERTAIN_LOG_ODDS = math.log(2.0**53 - 1)  # of the largest probability below 1 that a float can tell from it


def with_default_flag(
    book: Book, bundle: Bundle, snapshot: pd.DataFrame, *, state: LedgerState | None = None
) -> pd.DataFrame:
    """Add ``in_default_flag`` to the snapshot of one day: 1.0 for who is in default on it, as far as it was known then.

    The model learned from customers who were not in default, so it has nothing to say of those who are. Where the book
    has no payments, every invoice would look unpaid; then events alone tell, and without events in the definition the
    flag is missing.

    Parameters
    ----------
    book
        The book.
    bundle
        Gives the definition of default.
    snapshot
        Rows of one day with ``customer_id`` and ``as_of``.
    state
        The ledger as of that day, where it is carried from day to day; it tells the arrears without the history.
    """
    told = told_by(book, bundle.definition)
    if snapshot.empty or told is None:
        return snapshot.assign(**{IN_DEFAULT: np.nan})
    arrears = None if state is None or told.days_past_due is None else state.arrears(told.days_past_due)
    if arrears is not None:
        late = arrears.index[arrears >= max(bundle.definition.material_amount, 1)]
        flag = snapshot["customer_id"].isin(late).to_numpy()
        flag = flag | _told_by_events(book, bundle, snapshot)
        return snapshot.assign(**{IN_DEFAULT: flag.astype(np.float64)})
    return snapshot.assign(**{IN_DEFAULT: _flags(book, told, snapshot).astype(np.float64)})


def told_by(book: Book, definition: DefaultDefinition) -> DefaultDefinition | None:
    """Return what of a definition the book can tell: without payments its events alone; ``None`` where it has none."""
    if book.has("payments") and definition.days_past_due is not None:
        return definition
    return replace(definition, days_past_due=None) if definition.events else None


def _told_by_events(book: Book, bundle: Bundle, snapshot: pd.DataFrame) -> npt.NDArray[np.bool_]:
    if not bundle.definition.events:
        return np.zeros(len(snapshot), np.bool_)
    return _flags(book, replace(bundle.definition, days_past_due=None), snapshot)


def _flags(book: Book, definition: DefaultDefinition, snapshot: pd.DataFrame) -> npt.NDArray[np.bool_]:
    day = snapshot["as_of"].iloc[0].date()
    found = outcomes(book, snapshot[["customer_id", "as_of"]], definition=definition, observed_until=day)
    flag = found.set_index("customer_id")["in_default_flag"].reindex(snapshot["customer_id"])
    return flag.to_numpy(np.bool_)


def defaulted(frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell for each row whether ``in_default_flag`` is 1; rows without the flag are not in default.

    Raises
    ------
    ContractError
        If the flag holds something else than 0, 1 and missing values.
    """
    if IN_DEFAULT not in frame.columns:
        return np.zeros(len(frame), dtype=np.bool_)
    values = pd.to_numeric(frame[IN_DEFAULT], errors="coerce")
    if (frame[IN_DEFAULT].notna() & ~values.isin([0.0, 1.0])).any():
        raise ContractError(
            where=f"feature row, column {IN_DEFAULT!r}",
            found="It holds something else than 0, 1 and missing values.",
            fix="Give 1 for a customer in default, else 0.",
        )
    return (values == 1.0).to_numpy(dtype=np.bool_)
