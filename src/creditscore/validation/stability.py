"""How far a distribution has moved, against what sampling alone would move it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import stats

from creditscore.domain import text
from creditscore.errors import ParameterError
from creditscore.validation.binning import atom_edges, codes_of
from creditscore.validation.inputs import Floats, Values, check_bins, check_same_size, counts, vector

HALF_A_ROW = 0.5


@dataclass(frozen=True, slots=True)
class PsiBin:
    """One bin: its label, both shares, and what it adds to the index."""

    label: str
    reference_share: float
    current_share: float
    contribution: float


@dataclass(frozen=True, slots=True)
class Psi:
    """Population stability index, with its sampling benchmark.

    Parameters
    ----------
    value
        ``sum (a_i - b_i) ln(a_i / b_i)``, 0 or more.
    expected
        Mean of the index if both samples came from one population: ``(B - 1)(1/N + 1/M)``.
    p_value
        Probability of so large an index from one population: then ``value / (1/N + 1/M)`` is nearly chi-square with
        ``B - 1`` degrees of freedom [1]_. NaN with a single bin.
    bins
        The bins that hold anybody in either sample, ascending, missing last.

    References
    ----------
    .. [1] Yurdakul, Naranjo (2020), Journal of Risk Model Validation 14(4), 89-100. doi:10.21314/JRMV.2020.227
    """

    value: float
    expected: float
    p_value: float
    bins: tuple[PsiBin, ...]


def psi(reference: Values, current: Values, *, bins: int = 10) -> Psi:
    """Return the population stability index of a numeric column, missing values as a bin of their own.

    Edges are the quantiles of the reference's present values, so that each bin holds about ``1/bins`` of them; a value
    that alone more than fills a bin (the zeros of a count, a constant) gets a bin of its own. The outer bins are open,
    infinite values included. A bin that is empty in one sample counts as half a row there, so that the index stays
    finite and an emptied bin still weighs; a bin that is empty in both is left out.

    Parameters
    ----------
    reference, current
        Values, missing as NaN.
    bins
        Number of quantile bins of the reference, at least 2.

    Raises
    ------
    ParameterError
        If either sample has no row.

    Examples
    --------
    >>> same = psi([1, 2, 3, 4], [1, 2, 3, 4], bins=2)
    >>> same.value, same.expected
    (0.0, 0.5)
    >>> gone = psi([1, 2, 3, 4], [1, 2, float("nan"), float("nan")], bins=2)
    >>> [(part.label, part.current_share) for part in gone.bins]
    [('<= 2', 0.5), ('> 2', 0.0), ('missing', 0.5)]
    """
    check_bins(bins)
    first, second = vector("reference", reference), vector("current", current)
    present = first[~np.isnan(first)]
    edges = atom_edges(present, bins) if present.size else np.array([])
    return _psi(_counted(first, edges), _counted(second, edges), _labels(edges))


def psi_categorical(reference_counts: Values, current_counts: Values, *, labels: Sequence[str] | None = None) -> Psi:
    """Return the population stability index of classes, such as grades or colours, from their counts.

    Parameters
    ----------
    reference_counts, current_counts
        Customers of the same classes in the same order; a class may be empty in one of them (then half a row counts).
    labels
        Names of the classes; 1, 2, 3 and so on by default.

    Raises
    ------
    ParameterError
        If counts or labels differ in number, a count is negative, or a sample is empty.

    Examples
    --------
    >>> round(psi_categorical([120, 150, 110], [105, 185, 87]).value, 6)
    0.038877
    """
    first = counts("reference_counts", reference_counts)
    second = counts("current_counts", current_counts)
    check_same_size(("reference_counts", "current_counts"), first, second)
    names = [str(index + 1) for index in range(first.size)] if labels is None else list(labels)
    if len(names) != first.size:
        raise ParameterError(
            where="labels", found=f"{len(names)} for {first.size} classes.", fix="Name each class once, in their order."
        )
    return _psi(first, second, names)


def psi_expected(bin_count: int, reference_count: int, current_count: int) -> float:
    """Return the mean PSI of two samples of one population, ``(B - 1)(1/N + 1/M)``.

    >>> round(psi_expected(10, 1000, 500), 6)
    0.027
    """
    if min(bin_count, reference_count, current_count) < 1:
        raise ParameterError(
            where="psi_expected",
            found=f"{bin_count} bins of {reference_count} and {current_count} rows were given.",
            fix="Give at least one bin and one row in each sample.",
        )
    return (bin_count - 1) * (1 / reference_count + 1 / current_count)


def two_proportion_p_value(hits: tuple[int, int], totals: tuple[int, int]) -> float:
    """Return the two-sided p-value of the pooled z-test that two independent shares are equal.

    Parameters
    ----------
    hits
        Rows that have the property in each sample.
    totals
        Rows of each sample, at least 1.

    Returns
    -------
    float
        1 where no row or every row has the property.

    Raises
    ------
    ParameterError
        If a sample is empty or has more hits than rows.

    References
    ----------
    .. [1] Agresti (2013), Categorical Data Analysis, 3rd edition, section 3.2.3.

    Examples
    --------
    >>> round(two_proportion_p_value((30, 50), (1000, 1000)), 6)
    0.022479
    """
    if not all(0 <= hit <= total and total > 0 for hit, total in zip(hits, totals, strict=True)):
        raise ParameterError(
            where="two_proportion_p_value",
            found=f"{hits} hits of {totals} rows.",
            fix="Give 0 <= hits <= rows, rows > 0.",
        )
    pooled = sum(hits) / sum(totals)
    spread = math.sqrt(pooled * (1 - pooled) * (1 / totals[0] + 1 / totals[1]))
    if spread == 0:
        return 1.0
    return 2 * float(stats.norm.sf(abs(hits[0] / totals[0] - hits[1] / totals[1]) / spread))


def _psi(reference: Floats, current: Floats, labels: list[str]) -> Psi:
    filled = (reference > 0) | (current > 0)
    first, second = _shares("reference", reference, filled), _shares("current", current, filled)
    parts = (first - second) * np.log(first / second)
    sampling = 1 / float(reference.sum()) + 1 / float(current.sum())
    freedom = int(filled.sum()) - 1
    value = float(parts.sum())
    named = [label for label, kept in zip(labels, filled, strict=True) if kept]
    rows = zip(named, reference[filled] / reference.sum(), current[filled] / current.sum(), parts, strict=True)
    return Psi(
        value=value,
        expected=freedom * sampling,
        p_value=float(stats.chi2.sf(value / sampling, freedom)) if freedom else float("nan"),
        bins=tuple(PsiBin(label, float(a), float(b), float(part)) for label, a, b, part in rows),
    )


def _shares(where: str, count: Floats, filled: npt.NDArray[np.bool_]) -> Floats:
    if count.sum() == 0:
        raise ParameterError(where=where, found="It has no row.", fix="Pass at least one row, missing values included.")
    return np.maximum(count[filled], HALF_A_ROW) / count.sum()


def _counted(values: Floats, edges: Floats) -> Floats:
    """Return rows a bin, the missing ones last."""
    present = values[~np.isnan(values)]
    filled = np.bincount(codes_of(present, edges), minlength=edges.size + 1)
    return np.append(filled, values.size - present.size).astype(np.float64)


def _labels(edges: Floats) -> list[str]:
    if edges.size == 0:
        return ["present", "missing"]
    bounds = [-np.inf, *edges.tolist(), np.inf]
    return [*(_interval(low, high, set(bounds)) for low, high in pairwise(bounds)), "missing"]


def _interval(low: float, high: float, bounds: set[float]) -> str:
    """Name the bin ``low < value <= high``; an edge just below another edge is said as ``<`` that value."""
    if low == np.nextafter(high, -np.inf):
        return f"= {high:g}"
    following = float(np.nextafter(high, np.inf)) + 0.0  # what follows the smallest negative number is -0
    lower = "" if low == -np.inf else f"> {low:g}"
    upper = f"< {following:g}" if following in bounds and high < following else f"<= {high:g}"
    if high == np.inf or not lower:
        return lower or upper
    return text("{lower} and {upper}", lower=lower, upper=upper)
