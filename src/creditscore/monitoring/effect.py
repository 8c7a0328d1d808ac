"""What moved features do to the score: the score with the features set back, beside the score as it is."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from creditscore.monitoring.checks import WHOLE, Reference, inside
from creditscore.monitoring.groups import Key, keys
from creditscore.monitoring.shift import Floats
from creditscore.monitoring.signs import Sign
from creditscore.monitoring.watched import OUTPUT

Scorer = Callable[[pd.DataFrame], Floats]
Place = tuple[str, str]
BOOK: Place = (WHOLE, WHOLE)


@dataclass(frozen=True, kw_only=True, eq=False)
class Effects:
    """The sides of a day and how they are scored.

    Parameters
    ----------
    now
        Features of the day with the segments, one row a customer.
    references
        The other sides.
    score
        From features to scores.
    """

    now: pd.DataFrame
    references: Mapping[Reference, pd.DataFrame]
    score: Scorer

    def told(self, signs: Sequence[Sign]) -> tuple[Sign, ...]:
        """Add to the signs of features what they do to the score, each alone and all of a group together."""
        alone = [self._alone(sign) for sign in signs]
        members: dict[Key, list[Sign]] = defaultdict(list)
        for sign, key in zip(alone, keys(alone), strict=True):
            members[key].append(sign)
        together = {key: self._together(own) for key, own in members.items()}
        return tuple(_of_group(sign, *together[key]) for sign, key in zip(alone, keys(alone), strict=True))

    def of(self, features: Sequence[str], *, reference: str, where: Place = BOOK) -> float:
        """Return by how many points the mean score of a place changed because these features moved, all together."""
        rows = inside(self.now, *where)
        then = self.references[Reference(reference)]
        now, then = self.now[rows], then[inside(then, *where)]
        return effect_points(now, then, features=features, score=self.score, scored=self._scored[rows])

    def _alone(self, sign: Sign) -> Sign:
        if sign.family == OUTPUT:
            return sign
        there, book = (
            self.of([sign.subject], reference=sign.reference, where=where)
            for where in ((sign.dimension, sign.segment), BOOK)
        )
        return replace(sign, effect_points=there, book_effect_points=book)

    def _together(self, group: Sequence[Sign]) -> tuple[float | None, Place]:
        """Return the effect of a group where it is largest, of the book and the places that its signs name."""
        features = list(dict.fromkeys(sign.subject for sign in group if sign.family != OUTPUT))
        if not features:
            return None, BOOK
        places = dict.fromkeys([BOOK, *((sign.dimension, sign.segment) for sign in group)])
        found = {where: self.of(features, reference=group[0].reference, where=where) for where in places}
        where = max(found, key=lambda one: abs(found[one]))
        return found[where], where

    @cached_property
    def _scored(self) -> Floats:
        return self.score(self.now)


def _of_group(sign: Sign, points: float | None, where: Place) -> Sign:
    if points is None:
        return sign
    return replace(sign, group_effect_points=points, group_dimension=where[0], group_segment=where[1])


def effect_points(
    now: pd.DataFrame, then: pd.DataFrame, *, features: Sequence[str], score: Scorer, scored: Floats | None = None
) -> float:
    """Return by how many points the mean score changed because features moved; negative where it fell.

    Parameters
    ----------
    now, then
        Features of both sides, one row a customer or observation.
    features
        The features to set back together, each with :func:`set_back`.
    score
        From features to scores.
    scored
        Scores of ``now``, where they are known.
    """
    back = {name: set_back(_numbers(now, name), _numbers(then, name)) for name in features}
    before = score(now) if scored is None else scored
    return float(np.mean(before - score(now.assign(**back))))


def set_back(now: Floats, then: Floats) -> Floats:
    """Give each customer the value that its rank had then, and as many customers a missing value as then.

    Who is missing too many gets values from over the whole range of then; who is missing too few loses values over the
    whole range, so that neither favours the good or the bad.

    >>> set_back(np.array([30.0, 10.0, 20.0]), np.array([1.0, 2.0, 3.0])).tolist()
    [3.0, 1.0, 2.0]
    >>> set_back(np.array([np.nan, 10.0, np.nan, 20.0]), np.array([1.0, 2.0, 3.0, 4.0])).tolist()
    [2.0, 2.0, 4.0, 4.0]
    """
    past = np.sort(then[~np.isnan(then)])
    found = np.full(now.size, np.nan)
    if not past.size:
        return found
    present = np.flatnonzero(~np.isnan(now))
    wanted = round(now.size * past.size / then.size)
    ranked = present[np.argsort(now[present], kind="stable")]
    kept = ranked[_spread(ranked.size, min(wanted, ranked.size))]
    filled = np.flatnonzero(np.isnan(now))
    filled = filled[_spread(filled.size, min(max(wanted - kept.size, 0), filled.size))]
    found[kept] = past[_spread(past.size, kept.size)]
    found[filled] = past[_spread(past.size, filled.size)]
    return found


def _spread(size: int, count: int) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Return ``count`` places spread evenly over ``size``, each in the middle of its part."""
    return np.floor((np.arange(count) + 0.5) * size / max(count, 1)).astype(np.int64)


def _numbers(frame: pd.DataFrame, name: str) -> Floats:
    return frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
