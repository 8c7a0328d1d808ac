"""The look-up of attributions as machine code, kept on the disk; to import this module is to compile it if need be."""

from typing import Any

import numba
import numpy as np

Array = Any  # what numba takes is told by the signature
BLOCK = 64  # rows that one table sees before the next: their answers stay near the processor
MISSING = np.iinfo(np.uint16).max  # the rank of a missing value

RANKS = numba.types.Array(numba.uint16, 2, "C", readonly=True)
PLACES = numba.types.Array(numba.int64, 1, "C", readonly=True)
ASKED = numba.types.Array(numba.int64, 2, "C", readonly=True)
FLOATS = numba.types.Array(numba.float64, 1, "C", readonly=True)
MATRIX = numba.types.Array(numba.float64, 2, "C", readonly=True)
SIGNATURE = numba.void(*(FLOATS, PLACES, RANKS, ASKED, PLACES, PLACES, MATRIX, MATRIX), numba.float64[:, ::1])


@numba.njit(SIGNATURE, nogil=True, cache=True)
def add_shares(  # noqa: C901, PLR0913, PLR0917 - one loop over plain arrays is what compiles well
    thresholds: Array,
    starts: Array,
    conditions: Array,
    asked: Array,
    firsts: Array,
    groups: Array,
    tables: Array,
    X: Array,
    shares: Array,
) -> None:
    """Add to ``shares`` (n, k) what the tables give to each feature of each row of ``X`` (n, k), entry after entry.

    The order in which a row's shares are added up does not depend on the rows beside it.

    Parameters
    ----------
    thresholds, starts
        Sorted thresholds of all features, feature after feature, and where each feature's begin (k + 1,).
    conditions
        Feature, lowest rank, highest rank and missing of each condition, shape (c, 4).
    asked
        Which condition each bit of a group's combination of answers stands for, shape (g, b).
    firsts
        First entry (k + 1,) of each feature.
    groups, tables
        Group (e,) of each entry, and what the entry gives for each combination of answers, shape (e, 2 ** b).
    X
        Rows, missing as NaN.
    shares
        What the shares are added to.
    """
    rows, features = X.shape
    ranks = np.empty((features, BLOCK), np.uint16)
    met = np.empty((len(conditions), BLOCK), np.uint16)
    combination = np.empty((len(asked), BLOCK), np.uint16)
    total = np.empty(BLOCK)
    for start in range(0, rows, BLOCK):
        many = min(BLOCK, rows - start)
        for feature in range(features):
            known = thresholds[starts[feature] : starts[feature + 1]]
            for row in range(many):
                value = X[start + row, feature]
                ranks[feature, row] = MISSING if np.isnan(value) else np.searchsorted(known, value)
        for place in range(len(conditions)):
            rank, low, high = ranks[conditions[place, 0]], conditions[place, 1], conditions[place, 2]
            missing = conditions[place, 3] == 1
            for row in range(many):
                met[place, row] = (low <= rank[row] <= high) or (missing and rank[row] == MISSING)
        for group in range(len(asked)):
            combination[group, :many] = 0
            for bit in range(asked.shape[1]):
                answers = met[asked[group, bit]]
                for row in range(many):
                    combination[group, row] |= answers[row] << bit
        for feature in range(features):
            total[:many] = 0.0
            for entry in range(firsts[feature], firsts[feature + 1]):
                table, answers = tables[entry], combination[groups[entry]]
                for row in range(many):
                    total[row] += table[answers[row]]
            for row in range(many):
                shares[start + row, feature] += total[row]
