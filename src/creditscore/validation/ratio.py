"""The ratio of two sums, such as losses over exposures, with an interval that knows which rows are one customer's."""

import math

import numpy as np
from scipy import stats

from creditscore.errors import ParameterError
from creditscore.validation.estimate import Estimate
from creditscore.validation.inputs import Values, check_level, check_same_size, customer_codes, vector


def ratio_of_sums(
    numerator: Values, denominator: Values, *, customers: Values | None = None, level: float = 0.95
) -> Estimate:
    """Return ``sum(numerator) / sum(denominator)``, such as a loss ratio, with an interval that is never negative.

    With residuals ``z_g = sum over g's rows of (numerator - ratio * denominator)`` of G customers, the variance of the
    ratio is ``G / (G - 1) sum z_g^2 / (sum denominator)^2`` [1]_. Losses are rare and skewed, so the interval is taken
    on the logarithm, and its quantile from Student's t with ``(sum z_g^2)^2 / sum z_g^4 - 1`` degrees of freedom, at
    least 1: the customers that in effect carry the variance [2]_. In simulation (30 to 125 losses expected, lognormal
    exposures, six snapshots of each customer) a 95 % interval held the true ratio in 96 to 97 % of samples, a normal
    one in 85 to 93 %.

    Parameters
    ----------
    numerator, denominator
        Amounts of 0 or more, one of each a row.
    customers
        Whose each row is; without it each row is a customer of its own.
    level
        Confidence level.

    Returns
    -------
    Estimate
        NaN where the denominators are all 0, and NaN bounds where the numerators are or there is a single customer.

    Raises
    ------
    ParameterError
        If lengths differ, or a number is missing or negative.

    References
    ----------
    .. [1] Cochran, W. G. (1977). Sampling Techniques, third edition, 6.3 and 9A.1. Wiley.
    .. [2] Satterthwaite, F. E. (1946). An approximate distribution of estimates of variance components. Biometrics
       Bulletin 2(6), 110-114. doi:10.2307/3002019

    Examples
    --------
    >>> ratio_of_sums([0, 40, 0, 30], [100, 100, 100, 50]).value
    0.2
    >>> ratio_of_sums([0, 0], [100, 100])
    Estimate(value=0.0, low=nan, high=nan)
    """
    check_level(level)
    above, below = vector("numerator", numerator), vector("denominator", denominator)
    check_same_size(("numerator", "denominator"), above, below)
    codes, count = customer_codes(customers, above.size)
    for name, amounts in (("numerator", above), ("denominator", below)):
        strange = int((~(np.isfinite(amounts) & (amounts >= 0))).sum())
        if strange:
            raise ParameterError(
                where=name, found=f"{strange} of {amounts.size} are missing or negative.", fix="Give 0 or more."
            )
    if below.sum() == 0:
        return Estimate(math.nan, math.nan, math.nan)
    value = float(above.sum() / below.sum())
    squares = np.bincount(codes, weights=above - value * below, minlength=count) ** 2
    if value == 0 or count == 1 or squares.sum() == 0:
        return Estimate(value, math.nan, math.nan)
    error = math.sqrt(count / (count - 1) * float(squares.sum())) / float(below.sum())
    freedom = max(float(squares.sum()) ** 2 / float((squares**2).sum()) - 1, 1.0)
    reach = float(stats.t.ppf((1 + level) / 2, freedom)) * error / value
    return Estimate(value, value * math.exp(-reach), value * math.exp(min(reach, 700.0)))
