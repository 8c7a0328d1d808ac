"""Cox's calibration line: whether log-odds of default mean what they say, and in which way they do not."""

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from creditscore.errors import ParameterError
from creditscore.validation.estimate import Estimate, normal_estimate
from creditscore.validation.inputs import Floats, Values, check_level, forecast

MOST_STEPS = 50
TOLERANCE = 1e-10
ROUNDING = 1e-12  # share of a loss by which two equal ones may differ


@dataclass(frozen=True, slots=True)
class CalibrationLine:
    """Cox's line ``log-odds(default) = intercept + slope * log-odds(PD)``; slope 1 and intercept 0 if calibrated.

    ``in_the_large`` is the intercept when the slope is held at 1: above 0, the PD are too low on the whole.
    """

    slope: Estimate
    intercept: Estimate
    in_the_large: Estimate


def calibration_line(default_flag: Values, default_probability: Values, *, level: float = 0.95) -> CalibrationLine:
    """Fit Cox's calibration line by maximum likelihood [1]_, with Wald intervals.

    Returns
    -------
    CalibrationLine
        All NaN where no finite maximum exists: a single class, or log-odds that separate the classes. Slope and
        intercept alone are NaN where all PD are equal.

    Raises
    ------
    ParameterError
        If a PD is 0 or 1 exactly, since its log-odds are infinite.

    References
    ----------
    .. [1] Cox (1958), Biometrika 45(3-4), 562-565. doi:10.1093/biomet/45.3-4.562

    Examples
    --------
    >>> line = calibration_line([0, 0, 0, 1, 0, 1, 1, 1], [0.1] * 4 + [0.9] * 4)  # came: 1/4 and 3/4
    >>> round(line.slope.value, 4), round(line.slope.low, 4), round(line.slope.high, 4)
    (0.5, -0.2283, 1.2283)
    """
    check_level(level)
    flag, probability = forecast(default_flag, default_probability)
    edge = int(((probability == 0) | (probability == 1)).sum())
    if edge:
        raise ParameterError(
            where="default_probability",
            found=f"{edge} of {probability.size} values are exactly 0 or 1.",
            fix="Calibrate the model so that no PD is certain; log-odds need values between.",
        )
    log_odds = special.logit(probability)
    ones = np.ones_like(log_odds)
    (large,) = _fit_logistic(flag, ones[:, None], offset=log_odds, level=level)
    if np.ptp(log_odds) == 0:  # rounding can hide from the rank of the information that a constant carries no slope
        nowhere = Estimate(math.nan, math.nan, math.nan)
        return CalibrationLine(nowhere, nowhere, large)
    intercept, slope = _fit_logistic(flag, np.column_stack((ones, log_odds)), offset=log_odds, level=level)
    return CalibrationLine(slope.scaled(1.0, 1.0), intercept, large)


def _fit_logistic(flag: Floats, design: Floats, *, offset: Floats, level: float) -> tuple[Estimate, ...]:
    """Return the maximum-likelihood coefficients beside a known offset, NaN where there is no finite maximum."""
    unknown = (Estimate(math.nan, math.nan, math.nan),) * design.shape[1]
    coefficients = np.zeros(design.shape[1])
    for _ in range(MOST_STEPS):
        fitted = special.expit(offset + design @ coefficients)
        information = (design * (fitted * (1 - fitted))[:, None]).T @ design
        if np.linalg.matrix_rank(information, hermitian=True) < design.shape[1]:
            return unknown
        step: Floats = np.asarray(np.linalg.solve(information, design.T @ (flag - fitted)), dtype=np.float64)
        if np.abs(step).max() < TOLERANCE:
            errors = np.sqrt(np.diag(np.linalg.inv(information)))
            pairs = zip(coefficients, errors, strict=True)
            return tuple(normal_estimate(float(value), float(error), level=level) for value, error in pairs)
        coefficients = coefficients + _shortened(step, flag, design, offset + design @ coefficients)
    return unknown


def _shortened(step: Floats, flag: Floats, design: Floats, log_odds: Floats) -> Floats:
    """Halve a Newton step until it does not lower the likelihood by more than rounding does.

    Next to the maximum the gain of a step is smaller than the rounding of the loss; such a step is taken as it is.
    """
    move = design @ step
    loss = _loss(flag, log_odds) * (1 + ROUNDING)
    share = 1.0
    while share > TOLERANCE and _loss(flag, log_odds + share * move) > loss:
        share /= 2
    return share * step


def _loss(flag: Floats, log_odds: Floats) -> float:
    return float((np.logaddexp(0.0, log_odds) - flag * log_odds).sum())
