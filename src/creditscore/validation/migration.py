"""How customers move between grades within a year (ECB 2.5.5.1 and 2.5.5.2).

A migration matrix has one row for each performing grade, safest first, of the customers that held it at the start of
the year. Its first K columns are the grades at the end; up to three more count defaults, customers that moved to
another model, and ended relations (in the ECB's template K x (K + 3)).
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from creditscore.errors import ParameterError
from creditscore.validation.inputs import Floats, Values

EXTRA_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class MigrationBandwidth:
    """How far customers migrate, in [0, 1]: to worse grades (``upper``), to better ones (``lower``); NaN if none do."""

    upper: float
    lower: float


@dataclass(frozen=True, slots=True, eq=False)
class MigrationZ:
    """z statistics and p-values of neighbouring cells, K x K, NaN on the diagonal and where undefined."""

    statistic: Floats
    p_value: Floats


def migration_bandwidth(matrix: Values) -> MigrationBandwidth:
    """Return how far customers that migrate go, relative to how far they could (ECB 2.5.5.1).

    Examples
    --------
    >>> migration_bandwidth([[90, 6, 1], [8, 150, 12], [1, 9, 60]])
    MigrationBandwidth(upper=0.7692307692307693, lower=0.6785714285714286)
    """
    count, grade_count = _checked(matrix)
    moved = count[:, :grade_count]
    grade = np.arange(grade_count)
    distance = np.abs(grade[:, None] - grade[None, :])
    farthest = np.maximum(grade, grade_count - 1 - grade)
    return MigrationBandwidth(
        upper=_bandwidth(np.triu(moved, 1), distance, farthest),
        lower=_bandwidth(np.tril(moved, -1), distance, farthest),
    )


def migration_z(matrix: Values) -> MigrationZ:
    """Test whether migrations become rarer away from the diagonal (ECB 2.5.5.2).

    Each cell off the diagonal is compared with its neighbour on the way to the diagonal: a negative z, and so a small
    ``p = Phi(z)``, says the farther cell is the more likely one. A row's customers are those of all its columns.

    Examples
    --------
    >>> test = migration_z([[90, 6, 1], [8, 150, 12], [1, 9, 60]])
    >>> round(float(test.statistic[0, 2]), 6)
    1.925604
    """
    count, grade_count = _checked(matrix)
    total = count.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = count[:, :grade_count] / total
        towards_diagonal = np.where(
            np.tril(np.ones((grade_count, grade_count), dtype=bool)),
            np.roll(share, -1, axis=1),
            np.roll(share, 1, axis=1),
        )
        spread = share * (1 - share) + towards_diagonal * (1 - towards_diagonal) + 2 * share * towards_diagonal
        statistic = (towards_diagonal - share) / np.sqrt(spread / total)
    np.fill_diagonal(statistic, math.nan)
    statistic[~np.isfinite(statistic)] = math.nan
    return MigrationZ(statistic, np.asarray(stats.norm.cdf(statistic), dtype=np.float64))


def _bandwidth(moved: Floats, distance: npt.NDArray[np.intp], farthest: npt.NDArray[np.intp]) -> float:
    possible = float((farthest * moved.sum(axis=1)).sum())
    return float((distance * moved).sum()) / possible if possible > 0 else math.nan


def _checked(matrix: Values) -> tuple[Floats, int]:
    """Return the counts and the number of grades."""
    count = np.asarray(matrix, dtype=np.float64)
    grade_count = count.shape[0] if count.ndim == 2 else 0  # noqa: PLR2004 - rows and columns
    fits = grade_count > 1 and grade_count <= count.shape[1] <= grade_count + EXTRA_COLUMNS
    if not fits or not np.isfinite(count).all() or (count < 0).any():
        raise ParameterError(
            where="matrix",
            found=f"Its shape is {count.shape}, or some cell is no count.",
            fix="Give counts, K >= 2 rows and K columns of grades, and at most default, moved and ended beside them.",
        )
    return count, grade_count
