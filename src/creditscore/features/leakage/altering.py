"""Other values for a column of the book: each kind is altered in its own way, and stays what it is."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from creditscore.book import Column, Kind

Integers = npt.NDArray[np.int64]
Change = Callable[[pa.Array, pa.Array, np.random.Generator], pa.Array]

MISSING_SHARE = 0.1  # of the values that a row may lack, so many become missing
TENTHS = np.array([3, 5, 7, 9, 11, 15, 20, 30])  # an amount becomes so many tenths of itself


def other_values(column: Column, values: pa.Array, pool: pa.Array, *, draws: np.random.Generator) -> pa.Array:
    """Return for each value another one of the column's kind.

    Parameters
    ----------
    column
        The column.
    values
        Its values; a missing one is filled from the pool.
    pool
        The different values that the column has in the book, sorted; words and keys are taken from it.
    draws
        Where chance comes from; equal seeds give equal values.
    """
    changed = _CHANGES[column.kind](values, pool, draws)
    if len(pool):
        changed = pc.if_else(values.is_null(), _drawn(pool, len(values), draws), changed)
    return changed if column.required else some_of(changed, pa.nulls(len(values), values.type), MISSING_SHARE, draws)


def some_of(old: pa.Array, new: pa.Array, share: float, draws: np.random.Generator) -> pa.Array:
    """Return the new values in about so large a share of the places, and the old ones in the others."""
    return pc.if_else(pa.array(draws.random(len(old)) < share), new, old)


def shifted(days: pa.Array, by: Integers) -> pa.Array:
    """Return the days moved by so many days each; missing ones stay missing.

    >>> from datetime import date
    >>> shifted(pa.array([date(2024, 2, 28), None]), np.array([2, 2])).to_pylist()
    [datetime.date(2024, 3, 1), None]
    """
    return _integers(_numbers(days.cast(pa.int32())) + by, days.is_null(), pa.int32()).cast(pa.date32())


def _another_word(values: pa.Array, pool: pa.Array, draws: np.random.Generator) -> pa.Array:
    """Go some places on in the pool, so that the word is another one wherever there are two."""
    if len(pool) == 0:
        return values
    place = _numbers(pc.index_in(values, value_set=pool))
    step = 1 + draws.integers(max(len(pool) - 1, 1), size=len(values))
    return pool.take(pa.array((place + step) % len(pool)))


def _the_same(values: pa.Array, _pool: pa.Array, _draws: np.random.Generator) -> pa.Array:
    """Return the days as they are: those of a row move together, so they are not this module's business."""
    return values


def _another_integer(values: pa.Array, _pool: pa.Array, draws: np.random.Generator) -> pa.Array:
    old = _numbers(values)
    new = old * draws.choice(TENTHS, size=len(old)) // 10
    return _integers(np.where(new == old, old + 1, new), values.is_null(), values.type)


def _another_number(values: pa.Array, _pool: pa.Array, draws: np.random.Generator) -> pa.Array:
    """Return smaller, larger or opposite numbers; those in [-1, 1] only smaller ones, so that a share stays a share."""
    old = values.fill_null(0.0).to_numpy(zero_copy_only=False)
    factors = np.stack(
        [draws.uniform(0.5, 0.95, len(old)), draws.uniform(1.05, 2.0, len(old)), np.full(len(old), -0.5)]
    )
    chosen = np.where(np.abs(old) > 1, draws.integers(len(factors), size=len(old)), 0)
    factor = factors[chosen, np.arange(len(old))]
    return pa.array(np.where(old == 0, factor, old * factor), values.type, mask=_mask(values.is_null()))


def _the_opposite(values: pa.Array, _pool: pa.Array, _draws: np.random.Generator) -> pa.Array:
    return pc.invert(values)


def _drawn(pool: pa.Array, count: int, draws: np.random.Generator) -> pa.Array:
    return pool.take(pa.array(draws.integers(len(pool), size=count)))


def _numbers(values: pa.Array) -> Integers:
    numbers: Integers = values.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    return numbers


def _integers(values: Integers, missing: pa.Array, kind: pa.DataType) -> pa.Array:
    return pa.array(values, kind, mask=_mask(missing))


def _mask(missing: pa.Array) -> npt.NDArray[np.bool_]:
    mask: npt.NDArray[np.bool_] = missing.to_numpy(zero_copy_only=False)
    return mask


_CHANGES: Mapping[Kind, Change] = MappingProxyType(
    {
        Kind.KEY: _another_word,
        Kind.TEXT: _another_word,
        Kind.DAY: _the_same,
        Kind.MONEY: _another_integer,
        Kind.WHOLE: _another_integer,
        Kind.REAL: _another_number,
        Kind.FLAG: _the_opposite,
    }
)
