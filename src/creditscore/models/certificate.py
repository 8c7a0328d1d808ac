"""The certificate: proof that fitted trees keep every declared direction, and what a missing value counts as."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from creditscore.errors import ParameterError
from creditscore.models.checks import Floats, checked_matrix
from creditscore.models.ranker import RATE, Ranker, TreeRanker, components
from creditscore.models.trees import Node

WHERE = "certify"


@dataclass(frozen=True, slots=True)
class FeatureCertificate:
    """What was proven of one feature with a direction.

    Parameters
    ----------
    feature
        Its name.
    direction
        1 if risk rises with it, -1 if it falls.
    worst_step
        By how much the default rate of a forest, or the log-odds of a boosted model, can move against the direction at
        most, whatever the other features are; 0 proves that it never does. Of a blend, the largest of its components.
    missing_as
        The value that a missing one counts as.
    riskier_share
        Share of the observed development values that are riskier than this one, in [0, 1]: what withholding the value
        could hide. Missing where none was observed.
    """

    feature: str
    direction: int
    worst_step: float
    missing_as: float
    riskier_share: float


@dataclass(frozen=True, slots=True)
class _Leaves:
    """The leaves of one tree as boxes over the features that it asks for; arrays are of shape (leaves, asked).

    A row lies in a box if each value does, ``low < value <= high``, or is missing where that is allowed.
    """

    asked: list[int]
    values: Floats
    low: Floats
    high: Floats
    missing: NDArray[np.bool_]

    def worst_step(self, feature: int, *, direction: int) -> float:
        """Return the largest fall of the leaf's value when one feature alone moves in its risky direction."""
        if feature not in self.asked:
            return 0.0
        column = self.asked.index(feature)
        apart = np.zeros((len(self.values),) * 2, np.int16)
        for other in range(len(self.asked)):
            if other != column:
                apart += ~self._meet(other)
        below = self.high[:, None, column] <= self.low[None, :, column]
        fall = direction * (self.values[:, None] - self.values[None, :])
        return float(np.where(below & (apart == 0), fall, 0.0).max(initial=0.0))

    def _meet(self, column: int) -> NDArray[np.bool_]:
        """Tell which pairs of leaves some value of a feature, or a missing one, may reach."""
        low, high, missing = self.low[:, column], self.high[:, column], self.missing[:, column]
        overlap = np.maximum(low[:, None], low[None, :]) < np.minimum(high[:, None], high[None, :])
        return overlap | (missing[:, None] & missing[None, :])


def certify(
    ranker: Ranker, X: Floats, *, feature_names: Sequence[str], monotone: Sequence[int]
) -> tuple[FeatureCertificate, ...]:
    """Certify every feature whose direction is declared.

    Two leaves of a tree are neighbours in a feature if rows exist that differ in this feature alone and fall into them.
    All such pairs are compared, so the worst step of a tree is exact, over all thresholds and all values of the other
    features. The step of many trees is at most that of each of them taken together, and 0 if each of them is 0.
    Calibration never falls with the rate, so a step of 0 is also one of 0 in the probability and the score.

    Parameters
    ----------
    ranker
        Trees, or a blend of several.
    X
        Development rows (n, k), missing as NaN.
    feature_names
        Name of each feature.
    monotone
        1 (risk rises with the feature), -1 (falls) or 0 for each feature.

    Raises
    ------
    ParameterError
        If the names, the directions and the columns of ``X`` are not as many as the model has features, or it ranks by
        something else than trees.

    Examples
    --------
    >>> from creditscore.models import MonotoneForest
    >>> X = np.linspace(0, 1, 400)[:, None]
    >>> forest = MonotoneForest(trees=10, min_leaf=20, monotone=(1,)).fit(X, X[:, 0] > 0.7)
    >>> [one.worst_step for one in certify(forest.ranker_, X, feature_names=("late_ratio",), monotone=(1,))]
    [0.0]
    >>> [one.worst_step for one in certify(forest.ranker_, X, feature_names=("late_ratio",), monotone=(-1,))]
    [1.0]
    """
    matrix = checked_matrix(WHERE, X, features=ranker.features)
    if not len(feature_names) == len(monotone) == ranker.features:
        raise ParameterError(
            where=WHERE,
            found=f"{len(feature_names)} names and {len(monotone)} directions for {ranker.features} features.",
            fix="Give a name and a direction, 1, -1 or 0, for each feature.",
        )
    parts = [_Component.of(one) for one in components(ranker)]
    found = []
    for column, (name, sign) in enumerate(zip(feature_names, monotone, strict=True)):
        if not sign:
            continue
        shares = [_riskier_share(matrix[:, column], part.stand_ins[column], direction=sign) for part in parts]
        # Of a blend's components the most lenient one tells what withholding may hide.
        mildest = int(np.argmax(np.nan_to_num(shares)))
        worst = max(part.worst_step(column, direction=sign) for part in parts)
        found.append(FeatureCertificate(name, sign, worst, float(parts[mildest].stand_ins[column]), shares[mildest]))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Component:
    """One set of trees, taken apart into boxes."""

    trees: list[_Leaves]
    many: int
    stand_ins: Floats

    @classmethod
    def of(cls, ranker: TreeRanker) -> "_Component":
        trees = [_leaves_of(root) for root in ranker.trees.nodes()]
        return cls(trees, len(trees) if ranker.link == RATE else 1, ranker.stand_ins)

    def worst_step(self, column: int, *, direction: int) -> float:
        return sum(tree.worst_step(column, direction=direction) for tree in self.trees) / self.many


def _riskier_share(values: Floats, missing_as: np.float64, *, direction: int) -> float:
    observed = values[~np.isnan(values)]
    return float((direction * (observed - missing_as) > 0).mean()) if observed.size else float("nan")


def _leaves_of(root: Node) -> _Leaves:
    asked = sorted({split.feature for split in root.splits()})
    shape = len(asked)
    found = list(_boxes(root, asked, np.full(shape, -np.inf), np.full(shape, np.inf), np.ones(shape, np.bool_)))
    values, low, high, missing = (np.array(part) for part in zip(*found, strict=True))
    return _Leaves(asked, values, low, high, missing)


def _boxes(
    node: Node, asked: list[int], low: Floats, high: Floats, missing: NDArray[np.bool_]
) -> Iterator[tuple[float, Floats, Floats, NDArray[np.bool_]]]:
    if not node.children:
        yield node.value, low, high, missing
        return
    at = np.array([one == node.feature for one in asked])
    left = np.where(at, np.minimum(high, node.threshold), high)
    right = np.where(at, np.maximum(low, node.threshold), low)
    yield from _boxes(node.children[0], asked, low, left, missing & (~at | node.missing_left))
    yield from _boxes(node.children[1], asked, right, high, missing & ~(at & node.missing_left))
