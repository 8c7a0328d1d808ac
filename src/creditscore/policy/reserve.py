"""The reserve: a share of the exposure, in exact integers."""

from dataclasses import dataclass

import numpy as np

from creditscore.domain import Colour
from creditscore.errors import PolicyError
from creditscore.policy.colours import BEST_FIRST
from creditscore.policy.exact import WHOLE, IntArray, in_basis_points


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveRates:
    """Share of the exposure held in reserve for each colour.

    Parameters
    ----------
    green, yellow, red
        Rates from 0 to 1 in whole basis points, rising from green to red.
    top_up_on_downgrade
        Whether a downgrade raises the reserve at once; if not, the first run of a month raises what is short.
    release_after_days
        Days for which a better colour must have held before its lower rate counts; 0 releases at once.
    """

    green: float
    yellow: float
    red: float
    top_up_on_downgrade: bool
    release_after_days: int

    def __post_init__(self) -> None:
        if not 0 <= self.green <= self.yellow <= self.red <= 1:
            raise PolicyError(
                where="ReserveRates",
                found=f"green {self.green:g}, yellow {self.yellow:g}, red {self.red:g} do not rise within 0 to 1.",
                fix="Give shares of 1 that rise from green to red.",
            )
        for rate in self.best_first:
            in_basis_points("ReserveRates", rate)
        if self.release_after_days < 0:
            raise PolicyError(
                where="ReserveRates",
                found=f"release_after_days is {self.release_after_days}.",
                fix="Give 0 or more whole days.",
            )

    @property
    def best_first(self) -> tuple[float, ...]:
        """The rates of green, yellow and red."""
        return self.green, self.yellow, self.red

    @property
    def basis_points(self) -> tuple[int, ...]:
        """The rates of green, yellow and red in basis points."""
        return tuple(in_basis_points("ReserveRates", rate) for rate in self.best_first)

    def of(self, colour: Colour) -> float:
        """Return the rate of one colour."""
        return self.best_first[BEST_FIRST.index(colour)]


def reserve_amounts(exposure_amount: IntArray, *, basis_points: IntArray) -> IntArray:
    """Return the reserve of each exposure in minor units, rounded half up; a negative exposure needs none.

    Integers only, and split by 10,000 first, so the result is exact and cannot overflow.

    Parameters
    ----------
    exposure_amount
        Exposures in minor units.
    basis_points
        Rate of each, 0 to 10,000.

    Examples
    --------
    >>> reserve_amounts(np.array([50, 49, -10]), basis_points=np.array([300, 300, 300])).tolist()
    [2, 1, 0]
    """
    whole, rest = np.divmod(np.maximum(exposure_amount, 0), WHOLE)
    return whole * basis_points + (rest * basis_points + WHOLE // 2) // WHOLE
