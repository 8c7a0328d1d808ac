"""Bins that are equally filled in one sample and can be applied to another."""

import numpy as np
import numpy.typing as npt

from creditscore.validation.inputs import Floats

Codes = npt.NDArray[np.intp]


def quantile_edges(values: Floats, bins: int) -> Floats:
    """Return the inner edges of equally filled bins, each an observed value; equal values share a bin.

    >>> quantile_edges(np.array([1.0, 2.0, 3.0, 4.0]), 2).tolist()
    [2.0]
    """
    return np.unique(np.quantile(values, np.arange(1, bins) / bins, method="inverted_cdf"))


def atom_edges(values: Floats, bins: int) -> Floats:
    """Return edges as :func:`quantile_edges`, with each value that more than fills a bin in a bin of its own.

    Without this a constant, or the many zeros of a count, would share a bin with everything below it, and a move
    downwards would stay unseen.

    >>> codes_of(np.array([-1.0, 0.0, 1.0]), atom_edges(np.zeros(5), 10)).tolist()
    [0, 1, 2]
    """
    cuts = quantile_edges(values, bins)
    ordered = np.sort(values)
    rows = np.searchsorted(ordered, cuts, side="right") - np.searchsorted(ordered, cuts, side="left")
    atoms = cuts[rows * bins > values.size]
    return np.union1d(cuts, np.nextafter(atoms, -np.inf))


def codes_of(values: Floats, edges: Floats) -> Codes:
    """Return the bin of each value: bin ``i`` holds ``edges[i-1] < value <= edges[i]``."""
    return np.searchsorted(edges, values, side="left")
