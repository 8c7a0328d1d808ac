"""Facts as they stand: the current version of each, in plain arrays that may lie on a disk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from creditscore.features.ledger.kernels import chosen_by, mark, members

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Arrays = dict[str, npt.NDArray[Any]]
Fields = Mapping[str, type[np.generic]]

LOW, HIGH = "key_low", "key_high"  # the halves of the MD5 of a fact's id: enough to tell facts apart, in little room
BUCKETS = 1 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """Some facts of a kind.

    Parameters
    ----------
    arrays
        One array a field, all of one length.
    dead
        Facts that another version has replaced.
    """

    arrays: Arrays
    dead: Flags

    def __len__(self) -> int:
        return len(self.dead)

    @classmethod
    def of(cls, arrays: Arrays) -> Self:
        """Return a part whose facts all stand."""
        return cls(arrays, np.zeros(len(arrays[LOW]), np.bool_))

    @property
    def living(self) -> Flags:
        """Which facts stand."""
        return ~self.dead

    def found(self, low: Keys, high: Keys, *, order: Places) -> Places:
        """Return where the standing facts of some keys lie.

        Parameters
        ----------
        low, high
            The two halves of the keys.
        order
            The facts in the order of the lower half of their keys.
        """
        _, places = matches(self.arrays, order, low, high)
        return places[~self.dead[places]]

    def without(self, places: Places) -> Self:
        """Return the part with some facts dead."""
        dead = self.dead.copy()
        dead[places] = True
        return replace(self, dead=dead)

    def turning(self, tables: Mapping[str, tuple[int, Flags]]) -> Flags:
        """Return the standing facts one of whose days is among those told.

        Parameters
        ----------
        tables
            For each day column the first day of a table, and for each day from it whether a fact of that day turns.
        """
        flags = np.zeros(len(self), np.bool_)
        for name, (first, table) in tables.items():
            mark(self.arrays[name], np.int32(first), table, flags)
        return flags & ~self.dead

    def of_customers(self, wanted: Flags) -> Flags:
        """Return the standing facts of some customers, told by number."""
        flags = np.zeros(len(self), np.bool_)
        chosen_by(self.arrays["customer"], wanted, flags)
        return flags & ~self.dead

    def pointing_at(self, low: Keys, high: Keys, *, field: str) -> Flags:
        """Return the standing facts that name one of some other facts in a field of theirs."""
        flags = np.zeros(len(self), np.bool_)
        if len(low):
            order = np.argsort(low, kind="stable")
            mine = self.arrays[f"{field}_low"], self.arrays[f"{field}_high"]
            members(*mine, low[order], high[order], _buckets(low), flags)
        return flags & ~self.dead

    def taken(self, chosen: Flags | Places) -> Arrays:
        """Return the arrays of some facts."""
        places = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen
        return {name: values[places] for name, values in self.arrays.items()}


@dataclass(frozen=True, slots=True)
class Shelf:
    """All facts of a kind as they stand: many that are left where they lie, and the few that came since.

    Parameters
    ----------
    base
        Facts as of the day on which the shelf was filled.
    order
        The base's facts in the order of the lower half of their keys.
    tail
        Facts that came or changed since.
    """

    base: Part
    order: Places
    tail: Part

    @property
    def parts(self) -> tuple[Part, Part]:
        """Both parts."""
        return self.base, self.tail

    def standing(self, low: Keys, high: Keys) -> Arrays:
        """Return the facts of some keys, as they stand."""
        base, tail = self._places(low, high)
        return joined([self.base.taken(base), self.tail.taken(tail)])

    def without(self, low: Keys, high: Keys) -> Self:
        """Return the shelf without the facts of some keys."""
        base, tail = self._places(low, high)
        rest = self.tail.without(tail)
        return replace(self, base=self.base.without(base), tail=Part.of(rest.taken(rest.living)))

    def added(self, facts: Arrays) -> Self:
        """Return the shelf with facts that it did not have."""
        return replace(self, tail=Part.of(joined([self.tail.arrays, facts])))

    def _places(self, low: Keys, high: Keys) -> tuple[Places, Places]:
        tail_order = np.argsort(self.tail.arrays[LOW], kind="stable")
        return self.base.found(low, high, order=self.order), self.tail.found(low, high, order=tail_order)


def matches(facts: Arrays, order: Places, low: Keys, high: Keys) -> tuple[Places, Places]:
    """Return which of some keys are those of facts, and where these facts lie; ``order`` sorts them by :data:`LOW`."""
    start, stop = (_searched(facts[LOW], order, low, side=side) for side in ("left", "right"))
    count = stop - start
    nth = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    asked, places = np.repeat(np.arange(len(low)), count), order[np.repeat(start, count) + nth]
    same = facts[HIGH][places] == high[asked]
    return asked[same], places[same]


def joined(several: Sequence[Arrays]) -> Arrays:
    """Put arrays together."""
    return {name: np.concatenate([one[name] for one in several]) for name in several[0]}


def nothing_of(fields: Fields) -> Arrays:
    """Return arrays of no fact."""
    return {name: np.empty(0, kind) for name, kind in fields.items()}


def latest(facts: Arrays) -> Arrays:
    """Return the latest known version of each fact."""
    order = np.lexsort((facts["known_on"], facts[HIGH], facts[LOW]))
    low, high = facts[LOW][order], facts[HIGH][order]
    last = np.ones(len(order), np.bool_)
    last[:-1] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    return {name: values[order[last]] for name, values in facts.items()}


def _buckets(low: Keys) -> Flags:
    """Return a table of which last bits of a key occur, so that most others are told apart at a glance."""
    table = np.zeros(BUCKETS, np.bool_)
    table[(low & np.uint64(BUCKETS - 1)).astype(np.int64)] = True
    return table


def _searched(lows: Keys, order: Places, wanted: Keys, *, side: str) -> Places:
    """Search sorted keys, which are read through their order so that a part on disk is touched in few places only."""
    low, high = np.zeros(len(wanted), np.int64), np.full(len(wanted), len(order), np.int64)
    while True:
        searching = low < high
        if not searching.any():
            return low
        middle = (low + high) // 2
        at = lows[order[np.minimum(middle, len(order) - 1)]]
        below = searching & ((at < wanted) if side == "left" else (at <= wanted))
        low = np.where(below, middle + 1, low)
        high = np.where(searching & ~below, middle, high)
