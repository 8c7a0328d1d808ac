"""The walk through trees: machine code, kept on the disk. To import this module is to compile it where it is not."""

from typing import Any

import numba
import numpy as np

Array = Any  # what numba takes is told by the signature
BLOCK = 256  # rows that one tree sees before the next: its nodes stay near the processor
ABREAST = 8  # rows that go down a tree side by side, so that the processor need not wait for each of their steps
SHALLOW = 8  # levels that are gone down without asking whether all have arrived
STRIDE = 3  # of a deeper tree, levels until that is asked again

# Arrays that were mapped from a file may only be read.
INTEGERS = numba.types.Array(numba.int32, 1, "C", readonly=True)
FLOATS = numba.types.Array(numba.float64, 1, "C", readonly=True)
MATRIX = numba.types.Array(numba.float64, 2, "C", readonly=True)
SIGNATURE = numba.void(
    *(INTEGERS, INTEGERS, INTEGERS, FLOATS, INTEGERS, FLOATS, INTEGERS, FLOATS, MATRIX), numba.float64[::1]
)


@numba.njit(SIGNATURE, nogil=True, cache=True)
def add_leaves(  # noqa: C901, PLR0912, PLR0913, PLR0917 - one loop over plain arrays is what compiles well
    roots: Array,
    depths: Array,
    column: Array,
    threshold: Array,
    child: Array,
    value: Array,
    sources: Array,
    fills: Array,
    X: Array,
    total: Array,
) -> None:
    """Add to ``total`` (n,) the value of each leaf that a row of ``X`` (n, k) falls into, tree after tree.

    Parameters
    ----------
    roots, depths
        First node of each tree (t,), and the most splits between it and a leaf (t,).
    column, threshold, child
        What a node asks (m,): a row goes to ``child`` if its value in the column is at most the threshold, else to the
        node behind ``child``. A leaf is its own child, with an infinite threshold.
    value
        What a leaf says (m,).
    sources, fills
        Feature that each column is copied from (c,), and what stands in it for a missing value (c,).
    X
        Rows, missing as NaN.
    total
        What the sums are added to.
    """
    rows = len(X)
    values = np.empty((min(BLOCK, rows), len(sources)))
    at = np.empty(ABREAST, np.int32)
    for start in range(0, rows, BLOCK):
        many = min(BLOCK, rows - start)
        for row in range(many):
            for place in range(len(sources)):
                found = X[start + row, sources[place]]
                values[row, place] = fills[place] if np.isnan(found) else found
        abreast = many - many % ABREAST
        for tree in range(len(roots)):
            root, depth = roots[tree], depths[tree]
            for first in range(0, abreast, ABREAST):
                at[:] = root
                gone = 0
                while gone < depth:
                    for _ in range(STRIDE if depth > SHALLOW else depth):
                        for row in range(ABREAST):
                            node = at[row]
                            at[row] = child[node] + np.int32(values[first + row, column[node]] > threshold[node])
                    gone += STRIDE
                    on_the_way = 0
                    for row in range(ABREAST):
                        on_the_way |= child[at[row]] ^ at[row]
                    if on_the_way == 0:
                        break
                for row in range(ABREAST):
                    total[start + first + row] += value[at[row]]
            for row in range(abreast, many):
                node = root
                while child[node] != node:
                    node = child[node] + np.int32(values[row, column[node]] > threshold[node])
                total[start + row] += value[node]
