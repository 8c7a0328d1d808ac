"""A rising curve through a few points, the same bits for a row alone and in a batch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from creditscore.models.calibration.fields import broken, number, numbers
from creditscore.models.checks import Floats

POINTS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Straight lines between points, and straight lines beyond the first and the last.

    Parameters
    ----------
    knots
        Places (k,) of the points, rising; at least two.
    values
        Values (k,) there, never falling.
    end_slope
        Slope before the first and after the last point, at least 0.
    """

    knots: Floats
    values: Floats
    end_slope: float

    def __call__(self, x: Floats) -> Floats:
        """Return the values (n,) at ``x`` (n,), never falling with it."""
        left = np.clip(np.searchsorted(self.knots, x, side="right") - 1, 0, len(self.knots) - POINTS)
        start, end = self.knots[left], self.knots[left + 1]
        low, high = self.values[left], self.values[left + 1]
        share = np.clip((x - start) / (end - start), 0.0, 1.0)
        within = np.minimum(low + share * (high - low), high)  # the sum may round to beyond the next point
        beyond = np.minimum(x - self.knots[0], 0.0) + np.maximum(x - self.knots[-1], 0.0)
        return within + self.end_slope * beyond

    def raised(self, shift: float) -> Self:
        """Return the curve moved up by ``shift``."""
        return type(self)(self.knots, self.values + shift, self.end_slope)

    def to_record(self) -> dict[str, Any]:
        """Return the points and the slope beyond them as plain JSON values."""
        return {"knots": self.knots.tolist(), "values": self.values.tolist(), "end_slope": self.end_slope}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Return the curve of a record.

        Raises
        ------
        ParameterError
            If there are fewer than two points, or they do not rise.
        """
        knots, values = numbers(record, "knots"), numbers(record, "values")
        if len(knots) < POINTS or len(knots) != len(values) or (np.diff(knots) <= 0).any():
            raise broken("`knots` and `values` are not two or more points at different places")
        return cls(knots, values, number(record, "end_slope", low=0.0))
