"""The standing ledger: the row of every invoice as it is known today, kept as plain arrays that may lie on a disk."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from creditscore.features.ledger.columns import Column
from creditscore.features.ledger.kernels import chosen_by, mark
from creditscore.features.ledger.rows import Rows
from creditscore.features.ledger.times import LATEST

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Arrays = Mapping[str, npt.NDArray[Any]]

# What is kept of a row: its customer's number, 128 bits that stand for the invoice's id, and what is known of it.
FIELDS: Mapping[str, type[np.generic]] = {
    "customer": np.int32,
    "key_low": np.uint64,
    "key_high": np.uint64,
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
    "known_on": np.int32,
}
KEYS = ("customer", "key_low", "key_high")
MASKED = ("disputed_flag", "last_paid_on")
COLUMNS = tuple(name for name in FIELDS if name not in (*KEYS, "known_on") and not name.endswith("_known"))


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of the standing ledger.

    Parameters
    ----------
    arrays
        One array a field, all of one length.
    dead
        Rows that another part has replaced since.
    """

    arrays: Arrays
    dead: Flags

    def __len__(self) -> int:
        return len(self.dead)

    @classmethod
    def of(cls, arrays: Arrays) -> Self:
        """Return a part whose rows all live."""
        return cls(arrays, np.zeros(len(arrays["customer"]), np.bool_))

    @classmethod
    def empty(cls) -> Self:
        """Return a part without rows."""
        return cls.of({name: np.empty(0, kind) for name, kind in FIELDS.items()})

    def found(self, low: Keys, high: Keys, *, order: Places) -> Places:
        """Return the living rows whose keys are given.

        Parameters
        ----------
        low, high
            The two halves of the keys.
        order
            The rows in the order of the lower half of their keys.
        """
        lows, highs = self.arrays["key_low"], self.arrays["key_high"]
        start, stop = (_searched(lows, order, low, side=side) for side in ("left", "right"))
        rows = order[np.concatenate([np.arange(a, b) for a, b in zip(start, stop, strict=True)] or [start])]
        wanted = np.repeat(high, stop - start)
        return rows[(highs[rows] == wanted) & ~self.dead[rows]]

    def without(self, rows: Places) -> Self:
        """Return the part with some rows dead."""
        dead = self.dead.copy()
        dead[rows] = True
        return replace(self, dead=dead)

    def living(self) -> Flags:
        """Return which rows live."""
        return ~self.dead

    def turning(self, tables: Mapping[str, tuple[int, Flags]]) -> Flags:
        """Return the living rows one of whose days is among those told.

        Parameters
        ----------
        tables
            For each day column the first day of a table, and for each day from it whether a row of that day turns.
        """
        flags = np.zeros(len(self), np.bool_)
        for name, (first, table) in tables.items():
            mark(self.arrays[name], np.int32(first), table, flags)
        return flags & ~self.dead

    def of_customers(self, wanted: Flags) -> Flags:
        """Return the living rows of some customers, told by number."""
        flags = np.zeros(len(self), np.bool_)
        chosen_by(self.arrays["customer"], wanted, flags)
        return flags & ~self.dead

    def rows(self, chosen: Flags) -> Rows:
        """Return rows as the ledger's engine takes them; they hold until further notice."""
        places = np.flatnonzero(chosen)
        taken = {name: self.arrays[name][places] for name in FIELDS if not name.startswith("key_")}
        columns = {name: Column(taken[name], taken[f"{name}_known"] if name in MASKED else None) for name in COLUMNS}
        return Rows(taken["customer"], taken["known_on"], np.full(len(places), LATEST), columns)

    def kept(self, chosen: Flags) -> dict[str, npt.NDArray[Any]]:
        """Return the arrays of some rows."""
        places = np.flatnonzero(chosen)
        return {name: self.arrays[name][places] for name in FIELDS}


def joined(parts: Iterator[Arrays]) -> dict[str, npt.NDArray[Any]]:
    """Put arrays of several parts together."""
    several = list(parts)
    return {
        name: np.concatenate([one[name] for one in several]) if several else np.empty(0, kind)
        for name, kind in FIELDS.items()
    }


def _searched(lows: Keys, order: Places, wanted: Keys, *, side: str) -> Places:
    """Search sorted keys, which are read through their order so that a part on disk is touched in few places only."""
    low, high = np.zeros(len(wanted), np.int64), np.full(len(wanted), len(order), np.int64)
    while True:
        open_ = low < high
        if not open_.any():
            return low
        middle = (low + high) // 2
        at = lows[order[np.minimum(middle, len(order) - 1)]]
        below = open_ & ((at < wanted) if side == "left" else (at <= wanted))
        low = np.where(below, middle + 1, low)
        high = np.where(open_ & ~below, middle, high)
