"""Arrays of the simulation and how they become columns of the book."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from creditscore.book.contract import Kind
from creditscore.book.tables import TABLES

Whole = npt.NDArray[np.int64]
Small = npt.NDArray[np.int8]
Real = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Columns = Mapping[str, Any]

CUSTOMER_DIGITS = 7
INVOICE_DIGITS = 5
PAYMENT_DIGITS = 2
OTHER_DIGITS = 4


def keys(prefix: str, *parts: tuple[Whole, int]) -> pa.Array:
    """Return keys of one width, so that their order as text is their order as numbers.

    Parameters
    ----------
    prefix
        ASCII text in front.
    parts
        Numbers and the digits to write each with.

    Examples
    --------
    >>> keys("I", (np.array([7]), 4), (np.array([12]), 3)).to_pylist()
    ['I0007012']
    """
    rows = len(parts[0][0])
    blocks = [np.broadcast_to(np.frombuffer(prefix.encode(), dtype=np.uint8), (rows, len(prefix)))]
    blocks += [_digits(numbers, width) for numbers, width in parts]
    text = np.concatenate(blocks, axis=1)
    offsets = np.arange(rows + 1, dtype=np.int64) * text.shape[1]
    wide = pa.LargeStringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(text.tobytes()))
    return wide.cast(pa.string())


def _digits(numbers: Whole, width: int) -> npt.NDArray[np.uint8]:
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return (numbers[:, None] // powers % 10 + ord("0")).astype(np.uint8)


def customer_keys(numbers: Whole) -> pa.Array:
    """Return the customers' keys; numbers start at 0, keys at 1."""
    return keys("C", (numbers + 1, CUSTOMER_DIGITS))


def words(choices: tuple[str, ...], picked: npt.NDArray[np.integer[Any]]) -> pa.Array:
    """Return the text that each number picks."""
    return pa.array(choices, pa.string()).take(pa.array(picked))


def table(name: str, columns: Columns) -> pa.Table:
    """Return rows of the table ``name``; days are counted from 1970-01-01, masked values are missing."""
    contract = TABLES[name]
    return pa.table([_column(columns[column.name], column.kind) for column in contract.columns], schema=contract.schema)


def _column(values: npt.ArrayLike | pa.Array, kind: Kind) -> pa.Array:
    if isinstance(values, pa.Array | pa.ChunkedArray):
        return values
    mask = np.ma.getmaskarray(values) if isinstance(values, np.ma.MaskedArray) else None
    plain = np.asarray(values)
    if kind is Kind.DAY:
        return pa.array(plain.astype(np.int32), mask=mask).cast(pa.date32())
    return pa.array(plain, kind.arrow, mask=mask)


def numbered(groups: Whole) -> Whole:
    """Return running numbers of the rows of each group from 1; equal groups stand together.

    >>> numbered(np.array([4, 4, 9, 9, 9])).tolist()
    [1, 2, 1, 2, 3]
    """
    places = np.arange(len(groups), dtype=np.int64)
    if not len(groups):
        return places
    starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
    return places - np.repeat(starts, np.diff(np.r_[starts, len(groups)])) + 1


def chance(odds: npt.ArrayLike) -> Real:
    """Return the probability with these log-odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.asarray(odds))))


def log_odds(probability: npt.ArrayLike) -> Real:
    """Return the log-odds of a probability."""
    share = np.asarray(probability)
    return np.asarray(np.log(share) - np.log1p(-share))


def moved(cumulative: Real, uniform: Real) -> Small:
    """Return the state that a uniform number picks from each row of cumulative probabilities."""
    return (uniform[:, None] >= cumulative[:, :-1]).sum(axis=1).astype(np.int8)
