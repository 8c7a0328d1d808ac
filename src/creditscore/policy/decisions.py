"""From log-odds to decisions, for one customer or a million at once."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from creditscore.errors import ParameterError
from creditscore.policy.colours import BEST_FIRST
from creditscore.policy.exact import IntArray
from creditscore.policy.policy import Policy
from creditscore.policy.reserve import reserve_amounts
from creditscore.policy.scale import FloatArray

TextArray = npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """What the policy says about each customer; arrays of one length.

    Parameters
    ----------
    score
        0-100, more is safer.
    grade, colour
        Label of the master scale, and ``green``, ``yellow`` or ``red``.
    reserve_rate
        Share of the exposure held in reserve.
    reserve_amount
        Reserve in minor units.
    action
        Code of what to do.
    """

    score: FloatArray
    grade: TextArray
    colour: TextArray
    reserve_rate: FloatArray
    reserve_amount: IntArray
    action: TextArray


def decide(policy: Policy, *, log_odds: npt.ArrayLike, exposure_amount: npt.ArrayLike) -> Decisions:
    """Apply a policy to log-odds of default and exposures.

    Parameters
    ----------
    policy
        The policy.
    log_odds
        Log-odds of default, ``ln(pd / (1 - pd))``, one for each customer; infinite where the probability is 0 or 1.
    exposure_amount
        Exposures in minor units, integers; a negative one, which the company owes itself, needs no reserve.

    Raises
    ------
    ParameterError
        If the two differ in length, log-odds are missing, or exposures are no integers.

    Examples
    --------
    >>> from creditscore.policy import load_policy
    >>> decisions = decide(load_policy(), log_odds=[-4.0, -2.0, 0.0], exposure_amount=[100_000, 100_000, 100_000])
    >>> decisions.colour.tolist(), decisions.reserve_amount.tolist()
    (['green', 'yellow', 'red'], [3000, 8000, 15000])
    """
    risk, exposure = _checked(np.asarray(log_odds, dtype=np.float64), np.asarray(exposure_amount))
    score = np.asarray(policy.scale.score(risk))
    rank = policy.colours.ranks(score)
    return Decisions(
        score=score,
        grade=np.array(policy.master_scale.labels)[policy.master_scale.ranks(risk)],
        colour=np.array([str(colour) for colour in BEST_FIRST])[rank],
        reserve_rate=np.array(policy.reserve.best_first)[rank],
        reserve_amount=reserve_amounts(exposure, basis_points=np.array(policy.reserve.basis_points)[rank]),
        action=np.array(policy.actions.codes)[rank],
    )


def _checked(risk: FloatArray, exposure: npt.NDArray[Any]) -> tuple[FloatArray, IntArray]:
    if risk.ndim != 1 or risk.shape != exposure.shape:
        raise ParameterError(
            where="decide",
            found=f"log_odds has shape {risk.shape}, exposure_amount {exposure.shape}.",
            fix="Give two lists of one length.",
        )
    missing = int(np.isnan(risk).sum())
    if missing:
        raise ParameterError(
            where="log_odds",
            found=f"{missing} of {risk.size} are missing.",
            fix="Decide only on customers that have a probability of default.",
        )
    if exposure.size and not np.issubdtype(exposure.dtype, np.integer):
        raise ParameterError(
            where="exposure_amount",
            found=f"It holds {exposure.dtype}.",
            fix="Give integers in minor units of the currency.",
        )
    return risk, exposure.astype(np.int64)
