"""From a matrix of features to scores, as arrays: what every path of scoring computes with."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from creditscore.policy import Policy, decide
from creditscore.scoring.bundle import Bundle
from creditscore.scoring.defaulted import CERTAIN_LOG_ODDS
from creditscore.scoring.explanation import largest_pushes, led_by_default

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredMatrix:
    """Scores of the rows of a matrix; arrays of one length.

    Parameters
    ----------
    default_probability, log_odds
        Of default within the bundle's horizon.
    score, grade, colour
        What the policy makes of it.
    reserve_amount
        Reserve that the policy requires, in minor units.
    reasons
        Places (n, 3) of the principal reasons among the bundle's features, the strongest first;
        ``explanation.DEFAULTED`` for the default itself, ``explanation.NONE`` where there are fewer.
    """

    default_probability: Floats
    log_odds: Floats
    score: Floats
    grade: npt.NDArray[np.str_]
    colour: npt.NDArray[np.str_]
    reserve_amount: npt.NDArray[np.int64]
    reasons: npt.NDArray[np.intp]


def score_matrix(
    bundle: Bundle,
    policy: Policy,
    matrix: Floats,
    *,
    exposure_amount: npt.NDArray[np.int64],
    certain: npt.NDArray[np.bool_],
) -> ScoredMatrix:
    """Score the rows of a matrix; a row alone and the same row among a million get the same bits.

    Parameters
    ----------
    bundle, policy
        The model and its contract; from log-odds to score, grade, colour and reserve.
    matrix
        Features (n, k) in the bundle's order, finite or missing.
    exposure_amount
        Exposures (n,) in minor units.
    certain
        Who (n,) is in default already, and is not forecast.
    """
    model = bundle.model
    forecast = model.log_odds(matrix)
    log_odds = np.where(certain, CERTAIN_LOG_ODDS, forecast)
    decisions = decide(policy, log_odds=log_odds, exposure_amount=exposure_amount)
    pushes = model.contributions(matrix) if len(matrix) else matrix  # there is nothing to explain in no row
    return ScoredMatrix(
        default_probability=np.where(certain, 1.0, expit(forecast)),
        log_odds=log_odds,
        score=decisions.score,
        grade=decisions.grade,
        colour=decisions.colour,
        reserve_amount=decisions.reserve_amount,
        reasons=led_by_default(largest_pushes(pushes), certain),
    )
