"""Whether a blend of the estimator with a rival ranks the calibration period better than the estimator alone."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from creditscore import validation
from creditscore.models import blended_rate

WEIGHTS = (0.25, 0.5, 0.75, 1.0)  # of the rival

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BlendScore:
    """What one blend reached on the calibration period.

    Parameters
    ----------
    rival_weight
        Weight of the rival's log-odds, in [0, 1]; 1 is the rival alone.
    auc
        Area under the ROC curve.
    gain
        How much more than the estimator alone.
    p_value
        Of the paired DeLong test of the gain, in which a customer's rows hang together.
    chosen_flag
        Whether this blend is the model.
    """

    rival_weight: float
    auc: float
    gain: float
    p_value: float
    chosen_flag: bool


def blend_scores(
    own: Floats, rival: Floats, y: Floats, *, customers: npt.NDArray[np.object_], significance: float
) -> tuple[BlendScore, ...]:
    """Return what each blend reached on rows of which neither model has met the customer.

    The best blend is chosen only if its gain in AUC is significant: two models cost more to run and to explain than
    one. The test period has no say, so it judges the choice fairly.

    Parameters
    ----------
    own, rival
        Default rates (n,) of the estimator and of the rival.
    y
        Labels (n,).
    customers
        Customer (n,) of each row.
    significance
        Level of the paired DeLong test, in (0, 1).
    """
    found = []
    for weight in WEIGHTS:
        rates = rival if weight == 1 else blended_rate((own, rival), (1 - weight, weight))
        compared = validation.paired_delong(y, rates, own, customers=customers)
        found.append((weight, validation.auc(y, rates).value, compared.difference, compared.p_value))
    best = max(found, key=lambda one: one[1])
    taken = best[2] > 0 and best[3] < significance
    return tuple(BlendScore(*one, chosen_flag=taken and one is best) for one in found)
