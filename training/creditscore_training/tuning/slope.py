"""The calibration slope of a few defaults, and how far it may be from the truth."""

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from creditscore import validation

WIDTH = 1.959963984540054  # standard errors on either side of a 95 % interval


@dataclass(frozen=True, slots=True)
class Slope:
    """Slope of Cox's calibration line, with its standard error.

    Parameters
    ----------
    value
        The slope; 0 where none can be fitted, because the probabilities tell no rows apart.
    error
        Standard error, 0 or more. A default counts once, from however many days it is seen.
    """

    value: float
    error: float

    @classmethod
    def of(
        cls,
        default_flag: npt.NDArray[np.float64],
        default_probability: npt.NDArray[np.float64],
        customers: npt.NDArray[np.object_],
    ) -> Self:
        """Fit the line to rows; of a customer's defaulting rows, the first says nearly all that the others say."""
        found = validation.calibration_line(default_flag, default_probability).slope
        if math.isnan(found.value):
            return cls(0.0, 0.0)
        defaults = default_flag == 1
        seen = float(defaults.sum()) / len(set(customers[defaults]))
        return cls(found.value, (found.high - found.value) / WIDTH * math.sqrt(seen))

    @property
    def low(self) -> float:
        """Lower end of the 95 % interval."""
        return self.value - WIDTH * self.error

    @property
    def high(self) -> float:
        """Upper end of the 95 % interval."""
        return self.value + WIDTH * self.error

    def with_own_error(self, relative: float) -> "Slope":
        """Return the slope with the error that the calibration itself brings, as a share of the slope."""
        return Slope(self.value, math.hypot(self.error, self.value * relative))

    def excess(self, low: float, high: float) -> float:
        """Return by how much the interval misses all slopes from ``low`` to ``high``; 0 or less if it holds some."""
        return max(low - self.high, self.low - high)
