"""A number with the interval that sampling puts around it."""

import math
from dataclasses import dataclass

from scipy import stats

from creditscore.validation.inputs import check_level


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value and its confidence interval.

    Parameters
    ----------
    value
        The point estimate.
    low, high
        Bounds of the interval, both NaN where the sample is too small or too regular to give one.

    Examples
    --------
    >>> Estimate(0.75, 0.7, 0.8).known
    True
    """

    value: float
    low: float
    high: float

    @property
    def known(self) -> bool:
        """Whether the interval could be computed."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    def scaled(self, factor: float, offset: float = 0.0) -> "Estimate":
        """Return ``factor * estimate + offset`` for a positive factor; Gini is ``2 * AUC - 1``."""
        return Estimate(factor * self.value + offset, factor * self.low + offset, factor * self.high + offset)


def normal_estimate(
    value: float, standard_error: float, *, level: float, lowest: float = -math.inf, highest: float = math.inf
) -> Estimate:
    """Return the symmetric normal interval, cut at the range of the quantity.

    A standard error that is zero or unknown gives NaN bounds: the sample shows no variation to learn from, which is not
    the same as certainty (a model that separates three defaults perfectly has AUC 1, but surely not exactly).

    >>> normal_estimate(0.5, 0.1, level=0.95)
    Estimate(value=0.5, low=0.3040036015459946, high=0.6959963984540054)
    >>> normal_estimate(1.0, 0.0, level=0.95)
    Estimate(value=1.0, low=nan, high=nan)
    """
    check_level(level)
    if not (math.isfinite(value) and math.isfinite(standard_error) and standard_error > 0):
        return Estimate(float(value), math.nan, math.nan)
    half = float(stats.norm.ppf((1 + level) / 2)) * standard_error
    return Estimate(float(value), float(max(value - half, lowest)), float(min(value + half, highest)))
