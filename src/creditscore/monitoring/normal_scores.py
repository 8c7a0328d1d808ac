"""Values as standard normal scores by their rank in a reference: bounded, without unit, the same for every feature."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from scipy.special import ndtri

from creditscore.monitoring.shift import Floats


@dataclass(frozen=True, slots=True, eq=False)
class NormalScores:
    """The normal score of any value, by the share of a reference that lies below it, ties counting one half [1]_.

    A shift is then told in standard deviations, an outlier weighs no more than the largest value of the reference, and
    one floor suits all features.

    References
    ----------
    .. [1] van der Waerden (1952), Indagationes Mathematicae 14, 453-458. doi:10.1016/S1385-7258(52)50063-5

    Examples
    --------
    >>> scale = NormalScores.of(pd.Series([1.0, 2.0, 2.0, 9.0]))
    >>> scale(pd.Series([2.0, 50.0, float("nan")])).round(2).tolist()
    [0.0, 1.15, nan]
    """

    ordered: Floats

    @classmethod
    def of(cls, reference: "pd.Series[Any]") -> Self:
        """Learn the ranks of a reference's values, leaving out missing ones."""
        values = reference.to_numpy(dtype=np.float64, na_value=np.nan)
        return cls(np.sort(values[~np.isnan(values)]))

    def __call__(self, column: "pd.Series[Any]") -> Floats:
        """Return the scores of a column; NaN where it is missing, 0 everywhere where the reference has no value."""
        values = column.to_numpy(dtype=np.float64, na_value=np.nan)
        size = self.ordered.size
        if size == 0:
            return np.where(np.isnan(values), np.nan, 0.0)
        below = np.searchsorted(self.ordered, values, side="left")
        ties = np.searchsorted(self.ordered, values, side="right") - below
        half = 0.5 / size
        return np.where(np.isnan(values), np.nan, ndtri(np.clip((below + ties / 2) / size, half, 1 - half)))
