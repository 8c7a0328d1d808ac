"""How well a ranking should separate, told by its own calibrated probabilities before any outcome is known."""

import math

import numpy as np

from creditscore.validation.estimate import Estimate, normal_estimate
from creditscore.validation.inputs import Floats, Values, forecast

TINY = np.finfo(np.float64).tiny


def expected_auc(default_probability: Values, *, level: float = 0.95) -> Estimate:
    """Return the AUC that calibrated probabilities of default lead one to expect, without any outcome.

    Each pair of customers counts with the chance that the first defaults and the second does not:
    ``sum_ij p_i (1 - p_j) [p_i > p_j] / sum_(i != j) p_i (1 - p_j)``, ties counting one half; this is the estimate by
    confidence of [1]_, of expected instead of counted pairs. It is right only as far as the probabilities are: it sees
    a change of the customers, never that the model became wrong. The interval is that of the AUC which one book of such
    customers would show: DeLong's variance with chances in place of outcomes, so wide for a low-default book.

    Parameters
    ----------
    default_probability
        Calibrated probabilities, in [0, 1].
    level
        Confidence level of the interval.

    Returns
    -------
    Estimate
        In [0, 1]; NaN where no pair can be expected.

    Raises
    ------
    ParameterError
        If nothing is given, or a probability is missing or lies outside [0, 1].

    References
    ----------
    .. [1] Garg, Balakrishnan, Lipton, Neyshabur, Sedghi (2022), Leveraging unlabeled data to predict
       out-of-distribution performance, ICLR, section 3; NannyML, Confidence-based performance estimation (CBPE).

    Examples
    --------
    Two customers: 0.2 * 0.9 = 0.18 is the weight of the pair in the right order, 0.1 * 0.8 = 0.08 of the wrong one.

    >>> round(expected_auc([0.1, 0.2]).value, 6)
    0.692308
    """
    chance = forecast(np.zeros(np.size(default_probability)), default_probability)[1]
    bad, good = chance, 1.0 - chance
    # Of every customer: the weight of the others below it that stay good, and of those above it that go bad.
    below = _weight_below(chance, good) - 0.5 * good
    above = _weight_below(-chance, bad) - 0.5 * bad
    pairs = float(bad.sum() * good.sum() - (bad * good).sum())
    if pairs <= 0:
        return Estimate(math.nan, math.nan, math.nan)
    value = float((bad * below).sum()) / pairs
    others = (good.sum() - good, bad.sum() - bad)
    variance = sum(
        float((weight * (part / np.maximum(other, TINY) - value) ** 2).sum()) / float(weight.sum()) ** 2
        for weight, part, other in zip((bad, good), (below, above), others, strict=True)
    )
    return normal_estimate(value, math.sqrt(variance), level=level, lowest=0.0, highest=1.0)


def _weight_below(values: Floats, weights: Floats) -> Floats:
    """Return for each value the weight of all smaller ones, and half that of the equal ones, its own included."""
    _, codes = np.unique(values, return_inverse=True)
    own = np.bincount(codes, weights=weights)
    return (np.cumsum(own) - own / 2)[codes]
