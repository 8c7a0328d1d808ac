"""Intervals of a sum over customers by the bootstrap, exact in whole numbers."""

import numpy as np
import numpy.typing as npt

LEVEL = 0.95


def difference_interval(
    differences: npt.NDArray[np.int64], *, replicates: int, seed: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the 95 % percentile interval of each column's sum, customers drawn with replacement [1]_.

    A customer without any difference adds nothing however often it is drawn, so only how many of the draws fall on the
    others is drawn first, and then which of them.

    Parameters
    ----------
    differences
        Whole numbers, one row a customer.
    replicates
        Number of draws.
    seed
        Seed; equal seeds give equal intervals.

    References
    ----------
    .. [1] B. Efron, Bootstrap Methods: Another Look at the Jackknife, Annals of Statistics 7 (1979) 1-26.
    """
    draws = np.random.default_rng(seed)
    moved = differences[(differences != 0).any(axis=1)]
    sums = np.zeros((replicates, differences.shape[1]), np.int64)
    if len(moved):
        hits = draws.binomial(len(differences), len(moved) / len(differences), size=replicates)
        for place, hit in enumerate(hits.tolist()):
            counts = np.bincount(draws.integers(len(moved), size=hit), minlength=len(moved))
            sums[place] = counts @ moved
    low, high = np.quantile(sums, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return low, high
