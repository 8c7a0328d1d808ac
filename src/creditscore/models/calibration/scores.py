"""How well candidates forecast rows they did not learn from, and whether a difference is more than noise."""

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from creditscore.models.calibration.customers import Codes
from creditscore.models.checks import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateScore:
    """What one candidate reached on rows that it did not learn from.

    Parameters
    ----------
    kind
        Family, as in its record.
    log_loss
        Mean negative log-likelihood in nats, missing (NaN) if it was not judged.
    brier
        Mean squared difference of PD and label.
    behind, behind_error
        Mean log loss above that of the best candidate, and the standard error of that difference, in which the rows of
        one customer hang together.
    chosen_flag
        Whether this one was taken.
    remark
        Why it was taken, or why it was not judged.
    """

    kind: str
    log_loss: float = math.nan
    brier: float = math.nan
    behind: float = math.nan
    behind_error: float = math.nan
    chosen_flag: bool = False
    remark: str = ""


def log_losses(log_odds: Floats, y: Floats) -> Floats:
    """Return the negative log-likelihood (n,) of labels under log-odds of default, in nats."""
    return np.logaddexp(0, log_odds) - y * log_odds


def brier_score(log_odds: Floats, y: Floats) -> float:
    """Return the mean squared difference of PD and label."""
    return float(np.mean((expit(log_odds) - y) ** 2))


def clustered_error(values: Floats, codes: Codes) -> float:
    """Return the standard error of the mean of values (n,) whose rows hang together by customer [1]_.

    Of G customers, ``sqrt(G / (G - 1) sum_g (sum of g's deviations from the mean)^2) / n``; infinite with one customer.

    References
    ----------
    .. [1] Cameron, A. C., Miller, D. L. (2015). A practitioner's guide to cluster-robust inference. Journal of Human
       Resources 50(2), 317-372. doi:10.3368/jhr.50.2.317

    Examples
    --------
    Rows of their own give the usual standard error, equal rows of one customer that of the customers:

    >>> import numpy as np
    >>> round(clustered_error(np.array([1.0, 3.0]), np.array([0, 1])), 6)
    1.0
    >>> round(clustered_error(np.array([1.0, 1.0, 3.0, 3.0]), np.array([0, 0, 1, 1])), 6)
    1.0
    """
    of_customer = np.bincount(codes, weights=values - values.mean())[np.unique(codes)]
    customers = len(of_customer)
    if customers == 1:
        return math.inf
    return math.sqrt(customers / (customers - 1) * float(np.sum(of_customer**2))) / len(values)
