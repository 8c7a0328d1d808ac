"""What the PD say of themselves: how they would do if every one of them were right, no outcome asked."""

import math
from dataclasses import dataclass

import numpy as np

from creditscore.validation.inputs import Floats, Values, forecast

ROUNDING = 1e-14  # what a lone customer's pair with itself may leave of nothing


@dataclass(frozen=True, slots=True)
class ExpectedPerformance:
    """AUC, default rate and Brier score to expect if every PD is right; ``auc`` is NaN where no pair is expected."""

    auc: float
    default_rate: float
    brier: float


def expected_performance(default_probability: Values) -> ExpectedPerformance:
    """Return what outcomes drawn from the PD themselves would show, known as CBPE [1]_.

    It knows no outcome, so it **cannot see wrong calibration**: PD that are all too low, or a ranking that stopped
    working, look as good as ever. It tells only how the spread of the PD alone moves the metrics, as when customers
    become more alike and therefore harder to rank. It rests on calibration, as all estimators of its kind do [2]_;
    without some assumption on what has changed nothing can be identified [3]_.

    The AUC is the expected number of pairs (default, non-default) in order over the expected number of pairs, ties
    counting one half, each customer paired with others only. Outcomes are taken as independent. It is a ratio of
    expectations, which the mean of the AUC approaches as defaults grow. O(n log n).

    Parameters
    ----------
    default_probability
        PD in [0, 1], one a customer.

    Returns
    -------
    ExpectedPerformance
        The default rate is the mean PD, the Brier score the mean of ``PD (1 - PD)``.

    Raises
    ------
    ParameterError
        If nothing is given, or a value is missing or outside [0, 1].

    References
    ----------
    .. [1] NannyML, Confidence-based Performance Estimation, "How it works: estimation of performance". It integrates
       the expected ROC curve, which also pairs each customer with itself.
    .. [2] Kivimaki, Bialek, Nurminen, Kuberski (2024), Confidence-based Estimators for Predictive Performance in Model
       Monitoring. arXiv:2407.08649
    .. [3] Garg, Balakrishnan, Lipton, Neyshabur, Sedghi (2022), Leveraging Unlabeled Data to Predict
       Out-of-Distribution Performance, ICLR. arXiv:2201.04234

    Examples
    --------
    >>> expected_performance([0.5, 0.1])
    ExpectedPerformance(auc=0.9, default_rate=0.3, brier=0.17)
    """
    probability = forecast(np.zeros(np.size(default_probability)), default_probability)[1]
    own = float((probability * (1 - probability)).sum())
    return ExpectedPerformance(
        auc=_expected_auc(probability, own),
        default_rate=float(probability.mean()),
        brier=own / probability.size,
    )


def _expected_auc(probability: Floats, own: float) -> float:
    """Divide expected pairs in order by expected pairs; ``own`` are those of each customer with itself, in neither."""
    code = np.unique(probability, return_inverse=True)[1]
    defaults = np.bincount(code, weights=probability)
    others = np.bincount(code, weights=1 - probability)
    below = np.cumsum(others) - others
    ordered = float((defaults * (below + others / 2)).sum()) - own / 2
    every = float(defaults.sum() * others.sum())
    pairs = every - own
    return min(ordered / pairs, 1.0) if pairs > ROUNDING * every else math.nan
