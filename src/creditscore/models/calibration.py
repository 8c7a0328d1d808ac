"""Calibration: from a forest's default rate to a probability of default that later periods bear out."""

from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit
from sklearn.base import BaseEstimator

from creditscore.errors import ParameterError
from creditscore.models.checks import Floats, checked_labels

WHERE = "LogisticCalibration"
STEPS = 100
TOLERANCE = 1e-10


class LogisticCalibration(BaseEstimator):
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
    >>> rates = np.repeat([0.1, 0.4], 100)
    >>> defaults = np.r_[np.arange(100) < 20, np.arange(100) < 50]
    >>> calibration = LogisticCalibration().fit(rates, defaults)
    >>> expit(calibration.log_odds([0.1, 0.4])).round(6)
    array([0.2, 0.5])
    """

    def __init__(self, *, floor: float = 1e-4) -> None:
        self.floor = floor

    def fit(self, rates: ArrayLike, y: ArrayLike) -> Self:
        """Fit slope and intercept on the forest's rates (n,) and the labels (n,) of the calibration period.

        Raises
        ------
        ParameterError
            If the floor, a rate or a label is out of range, the labels are of one class, all rates are equal, or
            the rates separate the classes, or they rank the period backwards.
        """
        x = self._forest_log_odds(rates)
        labels = checked_labels(WHERE, y, rows=len(x))
        if np.ptp(x) == 0:
            raise ParameterError(
                where=WHERE, found="All rates are equal.", fix="Fit the forest on features that tell cases apart."
            )
        if _separated(x, labels):
            raise ParameterError(
                where=WHERE,
                found="The rates separate the classes, so the likelihood has no maximum.",
                fix="Use a longer calibration period with more defaults.",
            )
        self.intercept_, self.slope_ = _maximum_likelihood(x, labels)
        if self.slope_ <= 0:
            raise ParameterError(
                where=WHERE,
                found=f"The slope is {self.slope_:.3f}: the forest ranks the calibration period backwards.",
                fix="Use a longer calibration period, or a forest that still ranks.",
            )
        return self

    def log_odds(self, rates: ArrayLike) -> Floats:
        """Return the calibrated log-odds of default (n,) of the forest's rates (n,)."""
        return self.intercept_ + self.slope_ * self._forest_log_odds(rates)

    def _forest_log_odds(self, rates: ArrayLike) -> Floats:
        if not 0 < self.floor < 0.5:  # noqa: PLR2004 - half
            raise ParameterError(where=WHERE, found=f"floor is {self.floor}.", fix="Give a number between 0 and 0.5.")
        given = np.asarray(rates, dtype=np.float64)
        if given.ndim != 1 or not ((given >= 0) & (given <= 1)).all():
            raise ParameterError(
                where=WHERE, found="The rates are not numbers between 0 and 1.", fix="Give one default rate a row."
            )
        return logit(np.clip(given, self.floor, 1 - self.floor))


def _separated(x: Floats, y: Floats) -> bool:
    defaults, others = x[y == 1], x[y == 0]
    return bool(others.max() <= defaults.min() or defaults.max() <= others.min())


def _maximum_likelihood(x: Floats, y: Floats) -> tuple[float, float]:
    """Return intercept and slope by Newton's method, halving a step that would lower the likelihood."""
    design = np.column_stack([np.ones_like(x), x])
    beta = np.zeros(2)
    loss = _loss(design, y, beta)
    for _ in range(STEPS):
        p = expit(design @ beta)
        gradient = design.T @ (p - y)
        if np.abs(gradient).max() <= TOLERANCE * len(y):
            break
        step = np.linalg.solve(design.T @ (design * (p * (1 - p))[:, None]) + 1e-12 * np.eye(2), gradient)
        while (tried := _loss(design, y, beta - step)) > loss and np.abs(step).max() > np.finfo(float).eps:
            step = step / 2
        beta, loss = beta - step, tried
    return float(beta[0]), float(beta[1])


def _loss(design: Floats, y: Floats, beta: Floats) -> float:
    z = design @ beta
    return float(np.sum(np.logaddexp(0, z) - y * z))
