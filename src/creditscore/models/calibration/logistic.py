"""Logistic calibration: log-odds of default are a straight line of the model's log-odds."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from creditscore.models.calibration.fields import broken, floor_of, number
from creditscore.models.calibration.likelihood import backwards, maximum_likelihood, refuse_separated
from creditscore.models.calibration.rates import RateCalibration
from creditscore.models.checks import Floats


class LogisticCalibration(RateCalibration):
    """Log-odds of default as ``intercept + slope x log-odds of the forest``, by maximum likelihood [1]_.

    Fit it on a later period than the forest: on the forest's own rows its rates are too good, on random folds the
    time between development and use is missing. Both numbers are unpenalised and the labels are not smoothed.

    Parameters
    ----------
    floor
        Rates are clipped to ``[floor, 1 - floor]`` before the log-odds: a forest may say 0 where none of its leaves
        saw a default, and one basis point is as little as a portfolio of thousands can tell from 0.

    Attributes
    ----------
    slope_ : float
        Above 0, so that calibration never changes an order; 1 if the forest is neither too bold nor too timid.
    intercept_ : float
        Shift in log-odds.

    References
    ----------
    .. [1] Platt, J. (1999). Probabilistic outputs for support vector machines and comparisons to regularized
       likelihood methods. Advances in Large Margin Classifiers, 61-74.

    Examples
    --------
    >>> import numpy as np
    >>> rates = np.repeat([0.1, 0.4], 100)
    >>> defaults = np.r_[np.arange(100) < 20, np.arange(100) < 50]
    >>> calibration = LogisticCalibration().fit(rates, defaults)
    >>> (1 / (1 + np.exp(-calibration.log_odds([0.1, 0.4])))).round(6)
    array([0.2, 0.5])
    """

    kind: ClassVar[str] = "logistic"

    def to_record(self) -> dict[str, Any]:
        """Return slope, intercept and floor."""
        return {"kind": self.kind, "slope": self.slope_, "intercept": self.intercept_, "floor": self.floor}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Return the calibration with the record's slope, which must be above 0, and intercept."""
        read = cls(floor=floor_of(record))
        read.slope_, read.intercept_ = number(record, "slope"), number(record, "intercept")
        if read.slope_ <= 0:
            raise broken("`slope` is not above 0")
        return read

    def _learn(self, x: Floats, y: Floats) -> None:
        refuse_separated(self._where, x, y)
        (intercept, slope), _ = maximum_likelihood(x[:, None], y)
        if slope <= 0:
            raise backwards(self._where, f"The slope is {slope:.3f}")
        self.intercept_, self.slope_ = float(intercept), float(slope)

    def _at(self, x: Floats) -> Floats:
        return self.intercept_ + self.slope_ * x
