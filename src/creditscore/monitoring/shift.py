"""How far means moved between two sides that share customers, each customer counted once."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows of one side: a matrix of what is measured, missing as NaN, and whose row each is, as numbers from 0."""

    matrix: Floats
    customers: Codes

    def of(self, wanted: npt.NDArray[np.bool_]) -> "Rows":
        """Return some of the rows."""
        return Rows(self.matrix[wanted], self.customers[wanted])


@dataclass(frozen=True, slots=True, eq=False)
class Shift:
    """What moved in each column: difference of the means, statistic, and customers on the smaller side."""

    difference: Floats
    statistic: Floats
    customers: npt.NDArray[np.int64]


def shift(now: Rows, then: Rows, *, floors: Floats) -> Shift:
    """Return the change of each column's mean, and how surely it exceeds a floor.

    The statistic is ``(|difference| - floor) / sqrt(sum of u_c^2)``. A customer's share ``u_c`` in the numerator is the
    sum of its rows now, less the mean then and the floor, over all rows now, less the same of its rows then. Where both
    sides hold the same customers, one row each, this is the self-normalized sum of their changes less the floor: if
    customers move independently and up as readily as down, it exceeds ``x`` on either side with a chance of at most
    ``2 exp(-x^2 / 2)``, for any number of customers and any distribution [1]_. A floor only lowers it: where the
    statistic with a floor exceeds ``x``, so does that without one [2]_. Where the sides share few customers the
    statistic is nearly normal, and a normal tail lies below the same bound.

    Parameters
    ----------
    now, then
        The two sides, of the same columns; customers are numbered alike.
    floors
        Least change that matters, for each column.

    Returns
    -------
    Shift
        NaN differences and statistics of 0 where a side has no value.

    References
    ----------
    .. [1] Efron (1969), Journal of the American Statistical Association 64(328), 1278-1302.
       doi:10.1080/01621459.1969.10501056
    .. [2] By the triangle inequality for the norm of the changes; the statistic never exceeds the root of the number of
       customers.

    Examples
    --------
    >>> who = np.arange(4)
    >>> then = Rows(np.array([[0.0], [1.0], [2.0], [3.0]]), who)
    >>> found = shift(Rows(then.matrix + 1, who), then, floors=np.array([0.5]))
    >>> found.difference.tolist(), found.statistic.tolist(), found.customers.tolist()
    ([1.0], [2.0], [4])
    """
    counts = [_present(side).sum(axis=0) for side in (now, then)]
    with np.errstate(invalid="ignore", divide="ignore"):
        means = [np.nansum(side.matrix, axis=0) / count for side, count in zip((now, then), counts, strict=True)]
        difference = means[0] - means[1]
        beyond = np.maximum(np.abs(difference) - floors, 0.0)
        shares = _shares(now, then, start=means[1], floor=np.sign(difference) * floors)
        statistic = beyond / np.sqrt(np.square(shares).sum(axis=0))
    smaller = np.minimum(*(_customers(side) for side in (now, then)))
    return Shift(difference, np.where(beyond > 0, statistic, 0.0), smaller)


def _shares(now: Rows, then: Rows, *, start: Floats, floor: Floats) -> Floats:
    """Return what each customer adds to the difference beyond the floor."""
    total = np.zeros((_count(now, then), start.size))
    for side, centre, sign in ((now, start + floor, 1.0), (then, start, -1.0)):
        part = np.nan_to_num((side.matrix - centre) / _present(side).sum(axis=0))
        np.add.at(total, side.customers, sign * part)
    return total


def _present(side: Rows) -> npt.NDArray[np.bool_]:
    return ~np.isnan(side.matrix)


def _count(*sides: Rows) -> int:
    return max((int(side.customers.max()) + 1 for side in sides if side.customers.size), default=0)


def _customers(side: Rows) -> npt.NDArray[np.int64]:
    """Return the customers with a value, for each column."""
    seen = np.zeros((_count(side), side.matrix.shape[1]), dtype=bool)
    np.logical_or.at(seen, side.customers, _present(side))
    return seen.sum(axis=0).astype(np.int64)
