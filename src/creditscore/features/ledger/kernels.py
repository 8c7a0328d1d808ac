"""The inner loops: from spans of days to sums and extremes for each customer and day of observation."""

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Array = Any  # what numba takes is told by each signature
NOTHING = np.iinfo(np.int64).min  # the largest of no values

_DAYS = "int32[::1]"
_PLACES = "int32[::1], int32[::1], int32[::1]"


@numba.njit(f"Tuple(({_PLACES}))({_DAYS}, {_DAYS}, {_DAYS}, {_DAYS}, {_DAYS}, {_DAYS})", nogil=True, cache=True)
def places(first: Array, end: Array, known_on: Array, superseded_on: Array, customer: Array, days: Array) -> Array:
    """Return the rows that count on some day of observation, and the range of days on which each does.

    Parameters
    ----------
    first, end
        Span of each row; of length 1 where it is the same for all.
    known_on, superseded_on
        Validity of each row.
    customer
        Number of each row's customer; negative where it is not observed.
    days
        Days of observation, ascending.
    """
    count, last = len(customer), len(days)
    rows, starts, stops = np.empty(count, np.int32), np.empty(count, np.int32), np.empty(count, np.int32)
    one_first, one_end, found = len(first) == 1, len(end) == 1, 0
    for row in range(count):
        if customer[row] < 0:
            continue
        low = max(first[0] if one_first else first[row], known_on[row])
        high = min(end[0] if one_end else end[row], superseded_on[row])
        if low >= high or days[0] >= high or days[last - 1] < low:
            continue
        start = 0
        while days[start] < low:
            start += 1
        stop = start
        while stop < last and days[stop] < high:
            stop += 1
        if start < stop:
            rows[found], starts[found], stops[found] = row, start, stop
            found += 1
    return rows[:found], starts[:found], stops[:found]


@numba.njit(f"void(int64[:, ::1], {_PLACES}, {_DAYS}, int64[::1])", nogil=True, cache=True)
def add(sums: Array, rows: Array, starts: Array, stops: Array, customer: Array, values: Array) -> None:
    """Add the value of each row to its customer's sum on each of its days."""
    for place in range(len(rows)):
        row = rows[place]
        value, who = values[row], customer[row]
        for day in range(starts[place], stops[place]):
            sums[who, day] += value


@numba.njit(f"void(int64[:, ::1], {_PLACES}, {_DAYS}, int64[::1])", nogil=True, cache=True)
def lift(largest: Array, rows: Array, starts: Array, stops: Array, customer: Array, values: Array) -> None:
    """Lift its customer's largest value to the value of each row, on each of its days."""
    for place in range(len(rows)):
        row = rows[place]
        value, who = values[row], customer[row]
        for day in range(starts[place], stops[place]):
            largest[who, day] = max(largest[who, day], value)


@numba.njit("void(int32[::1], int32, bool_[::1], bool_[::1])", nogil=True, cache=True)
def mark(days: Array, first: Array, table: Array, flags: Array) -> None:
    """Flag the rows whose day is true in a table of days that begins with ``first``."""
    for row in range(len(days)):
        place = days[row] - first
        if 0 <= place < len(table) and table[place]:
            flags[row] = True


@numba.njit("void(int32[::1], bool_[::1], bool_[::1])", nogil=True, cache=True)
def chosen_by(customer: Array, wanted: Array, flags: Array) -> None:
    """Flag the rows whose customer is wanted."""
    for row in range(len(customer)):
        if wanted[customer[row]]:
            flags[row] = True


@numba.njit("void(uint64[::1], uint64[::1], uint64[::1], uint64[::1], bool_[::1], bool_[::1])", nogil=True, cache=True)
def members(low: Array, high: Array, wanted_low: Array, wanted_high: Array, buckets: Array, flags: Array) -> None:
    """Flag the keys that are among those wanted, which are sorted by their lower half.

    Parameters
    ----------
    low, high
        The two halves of the keys.
    wanted_low, wanted_high
        The two halves of the wanted ones.
    buckets
        For each value of a key's last bits whether a wanted key has it; as many as a power of two.
    flags
        Where to flag.
    """
    last_bits = np.uint64(len(buckets) - 1)
    for row in range(len(low)):
        if buckets[low[row] & last_bits]:
            place = np.searchsorted(wanted_low, low[row])
            while place < len(wanted_low) and wanted_low[place] == low[row]:
                if wanted_high[place] == high[row]:
                    flags[row] = True
                place += 1
