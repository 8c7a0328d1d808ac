"""Central tendency: probabilities of default moved to a long-run level."""

from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, clone

from creditscore.errors import ParameterError
from creditscore.models.calibration.protocol import Calibration
from creditscore.models.calibration.shift import shift_to_mean
from creditscore.models.checks import Floats


class CentralTendency(BaseEstimator):
    """A calibration moved by one constant in log-odds, so that its mean PD is a long-run default rate.

    The calibration period is one stretch of one business cycle; a long-run rate, from many years, says what its level
    should have been. One constant in log-odds multiplies everybody's odds of default by the same factor, so order and
    odds ratios stay. Prior correction [1]_ [2]_ is the same kind of shift with the constant
    ``logit(long-run rate) - logit(default ratio of the period)``; that makes the mean PD equal the long-run rate only
    about, because a mean of PDs is not the PD of a mean. Here the constant is solved for, so that the mean over the
    calibration period's rates is exact. [3]_ compares this with other ways to carry a PD curve to another level.

    Parameters
    ----------
    calibration
        What is moved; a copy is fitted.
    long_run_rate
        Mean PD over the rates it is fitted on, in (0, 1).

    Attributes
    ----------
    calibration_ : Calibration
        The fitted calibration of the period.
    shift_ : float
        What is added to its log-odds.

    References
    ----------
    .. [1] King, G., Zeng, L. (2001). Logistic regression in rare events data. Political Analysis 9(2), 137-163.
       doi:10.1093/oxfordjournals.pan.a004868
    .. [2] Saerens, M., Latinne, P., Decaestecker, C. (2002). Adjusting the outputs of a classifier to new a priori
       probabilities. Neural Computation 14(1), 21-41. doi:10.1162/089976602753284446
    .. [3] Tasche, D. (2013). The art of probability-of-default curve calibration. Journal of Credit Risk 9(4), 63-103.
       doi:10.21314/JCR.2013.169

    Examples
    --------
    >>> from creditscore.models import LogisticCalibration
    >>> import numpy as np
    >>> rates = np.repeat([0.1, 0.4], 100)
    >>> defaults = np.r_[np.arange(100) < 20, np.arange(100) < 50]
    >>> moved = CentralTendency(LogisticCalibration(), long_run_rate=0.1).fit(rates, defaults)
    >>> round(float((1 / (1 + np.exp(-moved.log_odds(rates)))).mean()), 12)
    0.1
    """

    kind: ClassVar[str] = "central_tendency"

    def __init__(self, calibration: Calibration, *, long_run_rate: float) -> None:
        self.calibration = calibration
        self.long_run_rate = long_run_rate

    def fit(
        self, rates: ArrayLike, y: ArrayLike, *, groups: ArrayLike | None = None, days: ArrayLike | None = None
    ) -> Self:
        """Fit a copy of the calibration on rates (n,) and labels (n,), and move it.

        Raises
        ------
        ParameterError
            If the long-run rate lies outside (0, 1), or the calibration refuses the period.
        """
        checked_long_run_rate("CentralTendency", self.long_run_rate)
        return self._moving(clone(self.calibration).fit(rates, y, groups=groups, days=days), rates)

    def log_odds(self, rates: ArrayLike) -> Floats:
        """Return the log-odds of default (n,) of rates (n,), at the long-run level."""
        return self.calibration_.log_odds(rates) + self.shift_

    def to_record(self) -> dict[str, Any]:
        """Return the shift, the long-run rate and the record of what is moved."""
        return {
            "kind": self.kind,
            "shift": self.shift_,
            "long_run_rate": self.long_run_rate,
            "calibration": self.calibration_.to_record(),
        }

    def _moving(self, calibration: Calibration, rates: ArrayLike) -> Self:
        self.calibration_ = calibration
        self.shift_ = shift_to_mean(calibration.log_odds(rates), goal=self.long_run_rate)
        return self


def to_long_run(calibration: Calibration, rates: ArrayLike, *, rate: float) -> CentralTendency:
    """Return a fitted calibration moved so that its mean PD over ``rates`` is the long-run ``rate``.

    Parameters
    ----------
    calibration
        A fitted calibration; it stays as it is.
    rates
        Model rates (n,) of the portfolio that the long-run rate speaks of.
    rate
        Long-run default rate, in (0, 1).

    Raises
    ------
    ParameterError
        If the rate lies outside (0, 1), or there is nobody to take a mean over.

    Examples
    --------
    >>> from creditscore.models import LevelCalibration
    >>> level = LevelCalibration().fit([0.1, 0.2], [0, 0])
    >>> to_long_run(level, [0.1, 0.2], rate=1.0)
    Traceback (most recent call last):
    creditscore.errors.ParameterError: to_long_run: The long-run rate is 1.0. Give a number between 0 and 1.
    """
    checked_long_run_rate("to_long_run", rate)
    if np.size(rates) == 0:
        raise ParameterError(where="to_long_run", found="There is no rate.", fix="Give the rates of a portfolio.")
    return CentralTendency(calibration, long_run_rate=rate)._moving(calibration, rates)  # noqa: SLF001 - same module


def checked_long_run_rate(where: str, rate: float) -> float:
    """Return the long-run rate if it lies in (0, 1).

    Raises
    ------
    ParameterError
        If it does not.
    """
    if not 0 < rate < 1:
        raise ParameterError(where=where, found=f"The long-run rate is {rate}.", fix="Give a number between 0 and 1.")
    return rate
