"""Missing values: which honest answer a missing one counts as."""

from collections.abc import Sequence

import numpy as np

from creditscore.models.checks import Floats

GROUPS = 10
EITHER = 0


def missing_stand_ins(
    X: Floats, y: Floats, *, monotone: Sequence[int], lenient: Sequence[bool] | None = None
) -> Floats:
    """Return for each feature the value that stands in for a missing one, NaN where the trees split on missing itself.

    A tree sends a missing value to whichever side fits best, so the PD at a missing value may lie below that of every
    value a customer could report: withholding a field would beat any honest answer. For a feature whose direction of
    risk is declared, missing therefore counts as the riskiest observed value: withholding never beats what it may hide.

    Where nobody can withhold, as in a ledger of our own, a missing value only means that nothing has happened yet. Such
    a feature is ``lenient``: missing counts as the median of that tenth of the observed values whose default rate, made
    monotone, is nearest to the default rate of the rows that lack it; as the median of all where none lacks it.

    A feature without a direction is left to the trees; if it is never missing here, its median stands in, so that a
    later gap is an average answer and not a zero. One that is always missing has 0, and no tree uses it.

    Parameters
    ----------
    X
        Development rows, (n, k), missing as NaN.
    y
        Labels, 0 or 1.
    monotone
        1, -1 or 0 for each feature.
    lenient
        Whether each feature is lenient; none is where ``None``.

    Returns
    -------
    ndarray of shape (k,)
    """
    mild = lenient if lenient is not None else [False] * len(monotone)
    return np.array(
        [
            _riskiest(X[:, j], direction=sign) if sign != EITHER and not mild[j] else _stand_in(X[:, j], y, sign)
            for j, sign in enumerate(monotone)
        ]
    )


def with_stand_ins(X: Floats, stand_ins: Floats) -> Floats:
    """Return ``X`` with each missing value replaced by its feature's stand-in."""
    return np.where(np.isnan(X), stand_ins, X)


def _riskiest(values: Floats, *, direction: int) -> float:
    observed = values[~np.isnan(values)]
    return float(direction * (direction * observed).max()) if observed.size else 0.0


def _stand_in(values: Floats, y: Floats, direction: int) -> float:
    missing = np.isnan(values)
    if missing.all():
        return 0.0
    if not missing.any():
        return float(np.median(values))
    if direction == EITHER:
        return np.nan
    return _value_as_risky(values[~missing], y[~missing], goal=float(y[missing].mean()), direction=direction)


def _value_as_risky(values: Floats, y: Floats, *, goal: float, direction: int) -> float:
    # With few distinct values several edges coincide; a tenth without rows is left out.
    edges = np.unique(np.quantile(values, np.linspace(0, 1, GROUPS + 1)[1:-1]))
    group = np.searchsorted(edges, values, side="left")
    groups, index, sizes = np.unique(group, return_inverse=True, return_counts=True)
    rates = _pooled(np.bincount(index, weights=y) / sizes, sizes, direction=direction)
    distance = np.abs(rates - goal)
    middle = np.searchsorted(np.cumsum(sizes), values.size / 2)
    nearest = np.flatnonzero(distance <= distance.min() + 1e-12)
    chosen = nearest[np.argmin(np.abs(nearest - middle))]
    return float(np.median(values[group == groups[chosen]]))


def _pooled(rates: Floats, sizes: np.ndarray, *, direction: int) -> Floats:
    """Make the rates of consecutive groups monotone by pooling neighbours that run against the direction."""
    blocks: list[tuple[float, int, int]] = []
    for rate, size in zip(rates, sizes, strict=True):
        block = (float(rate), int(size), 1)
        while blocks and (blocks[-1][0] - block[0]) * direction > 0:
            before = blocks.pop()
            weight = before[1] + block[1]
            block = ((before[0] * before[1] + block[0] * block[1]) / weight, weight, before[2] + block[2])
        blocks.append(block)
    return np.repeat([rate for rate, _, _ in blocks], [count for _, _, count in blocks])
