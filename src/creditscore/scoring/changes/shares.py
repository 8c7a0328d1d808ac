"""How much of the move of a forecast is due to each feature that moved."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
ORDERS = 8  # each is followed forwards and backwards


def shares_of_moves(forecast: Callable[[Floats], Floats], before: Floats, after: Floats) -> Floats:
    """Split the move of a forecast between two rows among the features whose values differ.

    The features take their later values one after the other, and each step is the share of the feature that moved. As
    what a feature does depends on those that moved before it, several orders are followed, each also backwards, and the
    steps are averaged. The shares are the Shapley values of the move, exact up to interactions of two features, and of
    any number where at most three moved [1]_. They add up, a feature that did not move has none, going back undoes
    them, and where the model is monotone a move toward risk never has a share away from it.

    Parameters
    ----------
    forecast
        From rows (n, k) to forecasts (n,); a row's forecast does not depend on the other rows.
    before, after
        Two rows (k,); missing values are NaN.

    Returns
    -------
    ndarray of shape (k,)

    References
    ----------
    .. [1] Mitchell, R., Cooper, J., Frank, E. and Holmes, G. (2022). Sampling permutations for Shapley value
       estimation. Journal of Machine Learning Research 23(43), 1-46; there the backward orders are called antithetic.

    Examples
    --------
    >>> product = lambda rows: rows[:, 0] * rows[:, 1] + rows[:, 2]
    >>> shares_of_moves(product, np.array([1.0, 1.0, 7.0]), np.array([3.0, 2.0, 7.0]))
    array([3., 2., 0.])
    """
    shares = np.zeros(len(before))
    moved = np.flatnonzero(~((before == after) | (np.isnan(before) & np.isnan(after))))
    if not len(moved):
        return shares
    orders = _orders(moved)
    steps = np.diff(forecast(_rows(before, after, orders)).reshape(len(orders), -1), axis=1)
    np.add.at(shares, orders, steps)
    shares /= len(orders)
    whole = float(np.subtract(*forecast(np.vstack([after, before]))))
    shares[np.abs(shares).argmax()] += whole - float(shares.sum())  # what floats lost
    return shares


def _orders(moved: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Return rotations of the features that moved, and their reverses: the same whenever they are asked for."""
    starts = np.unique(np.linspace(0, len(moved), ORDERS, endpoint=False).astype(int))
    forwards = [np.roll(moved, -start) for start in starts]
    return np.array([*forwards, *(order[::-1] for order in forwards)])


def _rows(before: Floats, after: Floats, orders: npt.NDArray[np.intp]) -> Floats:
    """Return the rows on the way, order after order, each from ``before`` to ``after``."""
    ways = np.repeat(before[None, :], len(orders) * (orders.shape[1] + 1), axis=0)
    ways = ways.reshape(len(orders), -1, len(before))
    for way, order in zip(ways, orders, strict=True):
        for step, feature in enumerate(order, start=1):
            way[step:, feature] = after[feature]
    return ways.reshape(-1, len(before))
