"""The ledger as it stands: one row an invoice, with what its standing payments come to."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from creditscore.features.daily.shelf import HIGH, LOW, Arrays, Fields, Flags, matches
from creditscore.features.ledger.columns import Column
from creditscore.features.ledger.rows import Rows
from creditscore.features.ledger.times import EARLIEST, LATEST, Days

BILL: Fields = {
    "customer": np.int32,
    LOW: np.uint64,
    HIGH: np.uint64,
    "known_on": np.int32,
    "issued_on": np.int32,
    "due_on": np.int32,
    "amount": np.int64,
    "disputed_flag": np.bool_,
    "disputed_flag_known": np.bool_,
    "paid_amount": np.int64,
    "paid_by_due_amount": np.int64,
    "last_paid_on": np.int32,
    "last_paid_on_known": np.bool_,
    "payment_count": np.int64,
}
PAYMENT: Fields = {
    LOW: np.uint64,
    HIGH: np.uint64,
    "known_on": np.int32,
    "bill_low": np.uint64,
    "bill_high": np.uint64,
    "paid_on": np.int32,
    "amount": np.int64,
}
MASKED = ("disputed_flag", "last_paid_on")
COLUMNS = (
    "issued_on", "due_on", "amount", "disputed_flag", "paid_amount", "paid_by_due_amount", "last_paid_on",
    "payment_count",
)  # fmt: skip


def rows_of(bills: Arrays, *, known_on: Days, superseded_on: Days) -> Rows:
    """Return bills as rows that the ledger's engine takes."""
    columns = {name: Column(bills[name], bills[f"{name}_known"] if name in MASKED else None) for name in COLUMNS}
    return Rows(bills["customer"], known_on, superseded_on, columns)


def rows_lasting(bills: Arrays) -> Rows:
    """Return bills as rows that hold on any day."""
    size = len(bills[LOW])
    return rows_of(bills, known_on=filled_days(EARLIEST, size), superseded_on=filled_days(LATEST, size))


def filled_days(day: int | np.int32, size: int) -> Days:
    """Return one day many times."""
    return np.full(size, day, np.int32)


def numbered(column: pa.ChunkedArray, customers: pd.Index) -> tuple[pd.Index, Days]:
    """Return customers, new ones at the end, and the number of each id of a column."""
    told = column.combine_chunks().dictionary_encode()
    ids = pd.Index(told.dictionary.to_pandas(), dtype="str")
    new = ids[customers.get_indexer(ids) < 0]
    customers = customers.append(new) if len(new) else customers
    return customers, customers.get_indexer(ids).astype(np.int32)[told.indices.to_numpy()]


def plain(column: pa.ChunkedArray) -> npt.NDArray[Any]:
    """Return a column as an array, days as whole numbers, 0 or false where it is missing."""
    array = column.combine_chunks()
    array = array.cast(pa.int32()) if pa.types.is_date32(array.type) else array
    if array.null_count:
        nothing = False if pa.types.is_boolean(array.type) else 0
        array = pc.fill_null(array, pa.scalar(nothing, array.type))
    return array.to_numpy(zero_copy_only=False)


def known(column: pa.ChunkedArray) -> Flags:
    """Return where a column has a value."""
    return pc.is_valid(column.combine_chunks()).to_numpy(zero_copy_only=False)


def bill_arrays(table: pa.Table, numbers: Days) -> Arrays:
    """Return a table of invoices as bills; what it does not tell is 0."""
    given = {name: plain(table[name]) for name in table.column_names if name in BILL}
    flags = {f"{name}_known": known(table[name]) for name in MASKED if name in table.column_names}
    empty = {name: np.zeros(len(table), kind) for name, kind in BILL.items() if name not in {*given, *flags}}
    found = empty | given | flags | {"customer": numbers}
    return {name: found[name].astype(kind, copy=False) for name, kind in BILL.items()}


def with_payments(bills: Arrays, payments: Arrays) -> Arrays:
    """Return bills with what payments, all standing ones that name a bill among them, come to.

    Parameters
    ----------
    bills
        Bills, each once.
    payments
        Payments; those that name none of the bills are left aside.
    """
    order, count = np.argsort(bills[LOW], kind="stable"), len(bills[LOW])
    mine, place = matches(bills, order, payments["bill_low"], payments["bill_high"])
    payments = {name: values[mine] for name, values in payments.items()}
    by_due = payments["paid_on"] <= bills["due_on"][place]
    last = np.full(count, np.iinfo(np.int32).min, np.int32)
    np.maximum.at(last, place, payments["paid_on"])
    number = np.bincount(place, minlength=count)
    return bills | {
        "paid_amount": _sums(place, payments["amount"], count),
        "paid_by_due_amount": _sums(place[by_due], payments["amount"][by_due], count),
        "last_paid_on": np.where(number > 0, last, 0).astype(np.int32),
        "last_paid_on_known": number > 0,
        "payment_count": number.astype(np.int64),
    }


def _sums(place: npt.NDArray[np.intp], amounts: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.int64]:
    sums = np.zeros(count, np.int64)
    np.add.at(sums, place, amounts)
    return sums


def unpaid(bills: Arrays) -> Flags:
    """Tell of which bills something is owed."""
    owed: Flags = bills["amount"] > bills["paid_amount"]
    return owed
