"""The most prudent default rates that hardly any default allows."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import beta

from creditscore.errors import ParameterError
from creditscore.models.checks import Floats


def most_prudent_rates(customers: ArrayLike, defaults: ArrayLike, *, confidence: float) -> Floats:
    """Return the most prudent default rate of each grade that the defaults do not refute [1]_.

    If the grades are ordered, a grade's PD cannot exceed that of a worse one; most prudently, all worse grades share
    it. So its upper confidence bound follows from the customers and the defaults of this grade and all worse ones
    together, which for independent defaults is Clopper and Pearson's (1934). Where a worse grade's bound is smaller,
    because it happened to default less, the better one's bound holds for it too.

    Parameters
    ----------
    customers, defaults
        Of each grade, the best first.
    confidence
        Level of the bounds, in (0, 1).

    Raises
    ------
    ParameterError
        If the level is out of range, a grade is empty or has more defaults than customers, or everybody in the worst
        grade defaulted.

    References
    ----------
    .. [1] Pluto, K., Tasche, D. (2005). Estimating probabilities of default for low default portfolios.
       arXiv:cond-mat/0411699, section 2 (no defaults) and 3 (few).

    Examples
    --------
    The paper's grades A, B and C with 100, 400 and 300 customers and no default:

    >>> most_prudent_rates([100, 400, 300], [0, 0, 0], confidence=0.9).round(4)
    array([0.0029, 0.0033, 0.0076])

    >>> most_prudent_rates([100], [100], confidence=0.9)
    Traceback (most recent call last):
    creditscore.errors.ParameterError: most_prudent_rates: Everybody in the worst grade defaulted. Such a portfolio \
needs no prudent bound: use LevelCalibration.
    """
    checked_confidence("most_prudent_rates", confidence)
    n, d = np.asarray(customers, dtype=np.float64), np.asarray(defaults, dtype=np.float64)
    if n.shape != d.shape or n.ndim != 1 or not ((n >= 1) & (d >= 0) & (d <= n)).all() or n.size == 0:
        raise ParameterError(
            where="most_prudent_rates",
            found="A grade is empty, or has more defaults than customers.",
            fix="Give as many customer counts as default counts, with 0 <= defaults <= customers and customers >= 1.",
        )
    if d[-1] == n[-1]:
        raise ParameterError(
            where="most_prudent_rates",
            found="Everybody in the worst grade defaulted.",
            fix="Such a portfolio needs no prudent bound: use LevelCalibration.",
        )
    from_here, defaulted = (np.cumsum(values[::-1])[::-1] for values in (n, d))
    bounds = beta.ppf(confidence, defaulted + 1, from_here - defaulted)
    return np.maximum.accumulate(bounds)


def checked_confidence(where: str, confidence: float) -> float:
    """Return a confidence level that lies in (0, 1).

    Raises
    ------
    ParameterError
        If it does not.
    """
    if not 0 < confidence < 1:
        raise ParameterError(where=where, found=f"confidence is {confidence}.", fix="Give a number between 0 and 1.")
    return confidence
