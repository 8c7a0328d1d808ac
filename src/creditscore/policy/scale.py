"""The score: linear in the log-odds of default through two anchors."""

from dataclasses import dataclass
from typing import overload

import numpy as np
import numpy.typing as npt

from creditscore.errors import ParameterError, PolicyError

FloatArray = npt.NDArray[np.float64]
LOWEST, HIGHEST = 0.0, 100.0


def log_odds(default_probability: npt.ArrayLike) -> FloatArray:
    """Return the log-odds of default, ``ln(pd / (1 - pd))``.

    Parameters
    ----------
    default_probability
        Probabilities in [0, 1], of any shape; 0 gives minus and 1 plus infinity.

    Raises
    ------
    ParameterError
        If a probability is missing or lies outside [0, 1].

    Examples
    --------
    >>> float(log_odds(0.5))
    0.0
    >>> log_odds(3)
    Traceback (most recent call last):
    creditscore.errors.ParameterError: default_probability: 1 of 1 lies outside 0 to 1. Give shares ...
    """
    pd = np.asarray(default_probability, dtype=np.float64)
    outside = int(np.count_nonzero(~((pd >= 0) & (pd <= 1))))
    if outside:
        raise ParameterError(
            where="default_probability",
            found=f"{outside} of {pd.size} {'lies' if outside == 1 else 'lie'} outside 0 to 1.",
            fix="Give shares of 1, not percentages.",
        )
    with np.errstate(divide="ignore"):
        return np.log(pd / (1 - pd))


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """One point of the scale: this probability of default has this score."""

    score: float
    default_probability: float

    def __post_init__(self) -> None:
        if not (LOWEST < self.score < HIGHEST and 0 < self.default_probability < 1):
            raise PolicyError(
                where="Anchor",
                found=f"score {self.score:g} at probability {self.default_probability:g} is no inner point.",
                fix="Give a score between 0 and 100 and a probability between 0 and 1.",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreScale:
    """Score 0-100, more is safer, through two anchors.

    With ``x = ln(pd / (1 - pd))``, the log-odds of default, and the anchors ``(x_s, s)`` and ``(x_r, r)``,

        score = r + (s - r) * (x_r - x) / (x_r - x_s), clipped to [0, 100],

    which meets both anchors exactly. Equivalently it is linear in ``ln(odds_good) = -x``.

    Parameters
    ----------
    safer, riskier
        The two anchors; the safer has the higher score and the lower probability.

    Raises
    ------
    PolicyError
        If the anchors do not fall from safer to riskier.

    Examples
    --------
    >>> scale = ScoreScale(
    ...     safer=Anchor(score=80, default_probability=0.03), riskier=Anchor(score=60, default_probability=0.15)
    ... )
    >>> [float(scale.score(log_odds(pd))) for pd in (0.03, 0.15)]
    [80.0, 60.0]
    """

    safer: Anchor
    riskier: Anchor

    def __post_init__(self) -> None:
        falls = self.safer.score > self.riskier.score
        rises = self.safer.default_probability < self.riskier.default_probability
        if not (falls and rises):
            raise PolicyError(
                where="ScoreScale",
                found="The safer anchor has not both the higher score and the lower probability.",
                fix="Let the score fall and the probability rise from `safer` to `riskier`.",
            )

    @overload
    def score(self, log_odds_of_default: float) -> float: ...
    @overload
    def score(self, log_odds_of_default: FloatArray) -> FloatArray: ...
    def score(self, log_odds_of_default: float | FloatArray) -> float | FloatArray:
        """Return the score of log-odds of default, clipped to [0, 100]."""
        return np.clip(self.unclipped(log_odds_of_default), LOWEST, HIGHEST)

    @overload
    def unclipped(self, log_odds_of_default: float) -> float: ...
    @overload
    def unclipped(self, log_odds_of_default: FloatArray) -> FloatArray: ...
    def unclipped(self, log_odds_of_default: float | FloatArray) -> float | FloatArray:
        """Return the score before it is clipped: linear in the log-odds, so that its changes add up."""
        at_safer, at_riskier = self._anchored()
        share = (at_riskier - log_odds_of_default) / (at_riskier - at_safer)
        return self.riskier.score + (self.safer.score - self.riskier.score) * share

    def log_odds(self, score: float) -> float:
        """Return the log-odds of default that have this score; the inverse of :meth:`score` within 0-100."""
        at_safer, at_riskier = self._anchored()
        share = (score - self.riskier.score) / (self.safer.score - self.riskier.score)
        return at_riskier - share * (at_riskier - at_safer)

    def _anchored(self) -> tuple[float, float]:
        return float(log_odds(self.safer.default_probability)), float(log_odds(self.riskier.default_probability))
