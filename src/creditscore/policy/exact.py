"""Shares of money in exact integers: a share is a whole number of basis points."""

import numpy as np
import numpy.typing as npt

from creditscore.errors import PolicyError

WHOLE = 10_000  # basis points in 1
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


def in_basis_points(where: str, share: float) -> int:
    """Return a share of 1 in basis points.

    Raises
    ------
    PolicyError
        If it is no whole number of them.
    """
    points = round(share * WHOLE)
    if points / WHOLE != share:
        raise PolicyError(
            where=where,
            found=f"{share} is no whole number of basis points.",
            fix="Round it to four decimals, so that amounts are exact.",
        )
    return points


def floor_share(amount: IntArray, *, basis_points: IntArray) -> IntArray:
    """Return shares of amounts of 0 or more in minor units, rounded down; exact, and it cannot overflow.

    Examples
    --------
    >>> floor_share(np.array([101, 10]), basis_points=np.array([7_000, 10_000])).tolist()
    [70, 10]
    """
    whole, rest = np.divmod(amount, WHOLE)
    return whole * basis_points + rest * basis_points // WHOLE
