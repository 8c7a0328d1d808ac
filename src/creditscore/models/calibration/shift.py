"""One constant in log-odds that brings a mean PD to where it should be."""

from scipy.optimize import brentq
from scipy.special import expit, logit

from creditscore.models.checks import Floats

CLOSE = 1e-15  # in log-odds; the mean PD is then closer still, because its slope is at most 1/4


def shift_to_mean(log_odds: Floats, *, goal: float) -> float:
    """Return the constant that must be added to finite log-odds (n,) so that their mean PD is ``goal`` in (0, 1).

    The mean PD rises with the constant from 0 to 1, so there is exactly one, between the constants that would take the
    riskiest and the safest row to the goal; Brent's method finds it.

    >>> import numpy as np
    >>> round(shift_to_mean(np.array([-2.0, 0.0, 2.0]), goal=0.5), 12)
    0.0
    """
    aim = float(logit(goal))
    # One beyond either end, so that rounding cannot put the goal outside.
    ends = aim - float(log_odds.max()) - 1.0, aim - float(log_odds.min()) + 1.0
    return float(brentq(lambda shift: float(expit(log_odds + shift).mean()) - goal, *ends, xtol=CLOSE, rtol=4 * CLOSE))
