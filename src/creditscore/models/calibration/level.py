"""Level calibration: one number, for periods with too few defaults to tell a slope."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from creditscore.models.calibration.fields import count, floor_of, number
from creditscore.models.calibration.rates import RateCalibration
from creditscore.models.calibration.shift import shift_to_mean
from creditscore.models.checks import Floats

JEFFREYS = 0.5


class LevelCalibration(RateCalibration):
    """Log-odds of default as ``intercept + log-odds of the forest``: the slope is taken on trust.

    The intercept makes the mean PD of the calibration period ``(d + 1/2) / (n + 1)`` for d defaults among n rows, the
    mean of Jeffreys' posterior [1]_, so it exists without a single default too.

    Parameters
    ----------
    floor
        Rates are clipped to ``[floor, 1 - floor]``.

    Attributes
    ----------
    intercept_ : float
        Shift in log-odds.
    default_count_, row_count_ : int
        What it rests on; part of the record, so that a thin basis stays visible.

    References
    ----------
    .. [1] Brown, L. D., Cai, T. T., DasGupta, A. (2001). Interval estimation for a binomial proportion. Statistical
       Science 16(2), 101-133. doi:10.1214/ss/1009213286

    Examples
    --------
    >>> import numpy as np
    >>> calibration = LevelCalibration().fit([0.01, 0.02, 0.03, 0.04], [0, 0, 1, 0])
    >>> round(float((1 / (1 + np.exp(-calibration.log_odds([0.01, 0.02, 0.03, 0.04])))).mean()), 12)
    0.3
    """

    kind: ClassVar[str] = "level"
    both_classes: ClassVar[bool] = False

    def to_record(self) -> dict[str, Any]:
        """Return intercept, floor, and how many defaults and rows they rest on."""
        return {
            "kind": self.kind,
            "intercept": self.intercept_,
            "floor": self.floor,
            "default_count": self.default_count_,
            "row_count": self.row_count_,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Return the calibration with the record's intercept."""
        read = cls(floor=floor_of(record))
        read.intercept_ = number(record, "intercept")
        read.default_count_, read.row_count_ = count(record, "default_count"), count(record, "row_count")
        return read

    def _learn(self, x: Floats, y: Floats) -> None:
        self.default_count_, self.row_count_ = int(y.sum()), len(y)
        goal = (self.default_count_ + JEFFREYS) / (self.row_count_ + 2 * JEFFREYS)
        self.intercept_ = shift_to_mean(x, goal=goal)

    def _at(self, x: Floats) -> Floats:
        return self.intercept_ + x
