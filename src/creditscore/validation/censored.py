"""How well a ranking separates while outcome windows are still open: concordance of times until default."""

import math

import numpy as np

from creditscore.errors import ParameterError
from creditscore.validation.estimate import Estimate, normal_estimate
from creditscore.validation.inputs import Floats, Values, check_same_size, ranked

SEEN = 1e-12  # a chance of still being watched below this carries no weight that a sample could bear


def censored_concordance(
    default_flag: Values, observed_days: Values, default_probability: Values, *, level: float = 0.95
) -> Estimate:
    """Return the share of pairs that the ranking orders right, of those whose order in time is known.

    A pair counts where one customer defaulted while the other was still watched and had not: the earlier default must
    have the higher probability, ties counting one half. Each default weighs ``G(t-)^-2``, with ``G`` Kaplan and Meier's
    estimate of the chance of still being watched, so that the figure does not depend on how long customers happened to
    be watched: inverse probability of censoring weighting, Uno's concordance [1]_. It speaks of defaults up to the
    longest time watched; where all were watched equally long, every weight is 1, and it is the concordance of what is
    known so far. It is not the AUC of the whole horizon: early defaults are easier to see.

    Parameters
    ----------
    default_flag
        1 where the customer defaulted while it was watched, 0 where it was watched to the end without.
    observed_days
        Days until the default, or until the watch ended.
    default_probability
        PD, log-odds or any other value that rises with risk.
    level
        Confidence level of the interval, which is a jackknife over customers with the weights held fixed.

    Returns
    -------
    Estimate
        In [0, 1]; NaN where no pair is known.

    Raises
    ------
    ParameterError
        If a class is absent, a value is missing, lengths differ, or days are negative.

    References
    ----------
    .. [1] Uno, Cai, Pencina, D'Agostino, Wei (2011), Statistics in Medicine 30(10), 1105-1117. doi:10.1002/sim.4154

    Examples
    --------
    >>> censored_concordance([1, 1, 0, 0], [10, 30, 40, 40], [0.3, 0.1, 0.2, 0.05]).value
    0.8
    """
    flag, ranking = ranked(default_flag, default_probability)
    days = np.asarray(observed_days, dtype=np.float64)
    check_same_size(("default_flag", "observed_days"), flag, days)
    if not (days >= 0).all():
        raise ParameterError(where="observed_days", found="A value is missing or negative.", fix="Give days from 0.")
    weights = _weights(flag, days)
    right, known = np.zeros(flag.size), np.zeros(flag.size)  # of each customer, in all pairs that it is part of
    for place in np.flatnonzero(flag == 1):
        later = (days > days[place]) | ((days == days[place]) & (flag == 0))
        better = later * ((ranking < ranking[place]) + 0.5 * (ranking == ranking[place]))
        known += weights[place] * later
        right += weights[place] * better
        known[place] += weights[place] * later.sum()
        right[place] += weights[place] * better.sum()
    pairs = known.sum() / 2
    if pairs <= 0:
        return Estimate(math.nan, math.nan, math.nan)
    value = float(right.sum() / 2 / pairs)
    influence = (right - value * known) / pairs
    return normal_estimate(value, math.sqrt(float(np.square(influence).sum())), level=level, lowest=0.0, highest=1.0)


def _weights(flag: Floats, days: Floats) -> Floats:
    """Return the weight of each customer's default: one over the squared chance of being watched just before it."""
    times = np.unique(days[flag == 0])
    at_risk = np.array([((days > one) | ((days == one) & (flag == 0))).sum() for one in times], dtype=np.float64)
    ended = np.array([((days == one) & (flag == 0)).sum() for one in times], dtype=np.float64)
    watched = np.concatenate(([1.0], np.cumprod(1 - ended / at_risk)))
    before = watched[np.searchsorted(times, days, side="left")]
    return np.where(before > SEEN, 1 / np.maximum(before, SEEN) ** 2, 0.0)
