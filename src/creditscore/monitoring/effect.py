"""What a moved feature does to the score: the score with the feature set back, beside the score as it is."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from creditscore.monitoring.shift import Floats

Scorer = Callable[[pd.DataFrame], Floats]


def effect_points(now: pd.DataFrame, then: pd.DataFrame, *, feature: str, score: Scorer) -> float:
    """Return by how many points the mean score changed because one feature moved; negative where it fell.

    Parameters
    ----------
    now, then
        Features of both sides, one row a customer or observation.
    feature
        The feature to set back, with :func:`set_back`.
    score
        From features to scores.
    """
    restored = now.assign(**{feature: set_back(_numbers(now, feature), _numbers(then, feature))})
    return float(np.mean(score(now) - score(restored)))


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
