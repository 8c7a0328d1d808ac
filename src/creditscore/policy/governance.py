"""The governed colour: the raw one after hysteresis and minimum dwell, so that trade does not follow every flicker."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from creditscore.errors import ParameterError
from creditscore.policy.colours import BEST_FIRST, ColourBands
from creditscore.policy.exact import IntArray
from creditscore.policy.scale import FloatArray

RankArray = npt.NDArray[np.intp]
NEW = -1  # the previous rank of a customer without a predecessor
RED = len(BEST_FIRST) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Governed:
    """The governed colour of each customer; arrays of one length.

    Parameters
    ----------
    rank
        Position of the colour: 0 green, 1 yellow, 2 red.
    since
        Day from which it has held without a break, in whole days since 1970-01-01.
    """

    rank: RankArray
    since: IntArray


def govern(
    bands: ColourBands,
    *,
    score: FloatArray,
    on: int,
    previous_rank: npt.NDArray[np.integer],
    previous_since: IntArray,
    certain: npt.NDArray[np.bool_],
) -> Governed:
    """Move the governed colour of each customer from its predecessor to one day.

    It falls to the colour that ``score + downgrade_margin`` has, if that is worse than the held one, and rises to the
    colour that ``score - upgrade_margin`` has, if that is better; either only if the held colour was held for the days
    that the policy asks for in that direction. Otherwise it stands. A customer without a predecessor takes the raw
    colour. One that is in default is red at once, whatever the policy asks for.

    Parameters
    ----------
    bands
        The edges of the colours and their governance.
    score
        Scores of the day, 0-100.
    on
        The day, in whole days since 1970-01-01.
    previous_rank, previous_since
        What was held on the last earlier day scored: 0 green, 1 yellow, 2 red, and since when; rank -1 where there
        is no such day.
    certain
        Whether the customer is in default.

    Raises
    ------
    ParameterError
        If the arrays differ in shape, a score is missing, a rank is none, or a colour was held since a later day.

    Examples
    --------
    >>> from creditscore.policy import Governance
    >>> bands = ColourBands(green=80, yellow=60, governance=Governance(upgrade_margin=2, upgrade_dwell_days=30))
    >>> before = {"previous_rank": np.array([0, 1, 1, -1]), "previous_since": np.array([100, 100, 100, 0])}
    >>> days = [110, 130]
    >>> for on in days:
    ...     now = govern(bands, score=np.array([79.0, 82, 81, 81]), on=on, certain=np.zeros(4, bool), **before)
    ...     print(now.rank.tolist(), now.since.tolist())
    [1, 1, 1, 0] [110, 100, 100, 110]
    [1, 0, 1, 0] [130, 130, 100, 130]
    """
    _check(score, previous_rank, previous_since, certain)
    rules, new = bands.governance, previous_rank == NEW
    held = on - previous_since
    _check_order(held[~new])
    falls_to, rises_to = bands.ranks(score + rules.downgrade_margin), bands.ranks(score - rules.upgrade_margin)
    falls = (falls_to > previous_rank) & (held >= rules.downgrade_dwell_days)
    rises = (rises_to < previous_rank) & (held >= rules.upgrade_dwell_days)
    moved = np.where(falls, falls_to, np.where(rises, rises_to, previous_rank))
    rank = np.where(certain, RED, np.where(new, bands.ranks(score), moved)).astype(np.intp)
    return Governed(rank=rank, since=np.where(rank == previous_rank, previous_since, on).astype(np.int64))


def _check(
    score: FloatArray,
    previous_rank: npt.NDArray[np.integer],
    previous_since: IntArray,
    certain: npt.NDArray[np.bool_],
) -> None:
    shapes = {one.shape for one in (score, previous_rank, previous_since, certain)}
    if len(shapes) > 1 or score.ndim != 1:
        raise ParameterError(where="govern", found=f"The shapes are {shapes}.", fix="Give arrays of one length.")
    missing = int(np.isnan(score).sum())
    if missing:
        raise ParameterError(
            where="score", found=f"{missing} of {score.size} are missing.", fix="Govern only customers with a score."
        )
    strange = int(np.count_nonzero((previous_rank < NEW) | (previous_rank > RED)))
    if strange:
        raise ParameterError(
            where="previous_rank",
            found=f"{strange} of {score.size} are no rank of a colour.",
            fix="Give 0 for green, 1 for yellow, 2 for red, -1 where there is none.",
        )


def _check_order(held: IntArray) -> None:
    later = int(np.count_nonzero(held < 0))
    if later:
        raise ParameterError(
            where="previous_since",
            found=f"{later} colours are held since a day after the one that is governed.",
            fix="Give what was held on an earlier day.",
        )
