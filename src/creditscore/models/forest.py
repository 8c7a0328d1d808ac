"""A random forest that keeps the declared directions of risk."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from creditscore.errors import ParameterError
from creditscore.models.checks import (
    Floats,
    checked_labels,
    checked_lenient,
    checked_matrix,
    checked_signs,
    two_columns,
)
from creditscore.models.missing import missing_stand_ins, with_stand_ins
from creditscore.models.ranker import RATE, TreeRanker
from creditscore.models.trees import DEEPEST, trees_of_lightgbm

if TYPE_CHECKING:
    import lightgbm as lgb

WHERE = "MonotoneForest"


class MonotoneForest(ClassifierMixin, BaseEstimator):
    """Breiman's forest [1]_ of default rates, monotone in every feature whose direction of risk is declared.

    Each tree is grown by LightGBM on its own random rows with random features at each split; a leaf holds the default
    rate of its rows, and the forest's probability is the average over trees. Monotone constraints are LightGBM's
    ``basic`` ones, the only method that kept its word when values were missing. A missing value of a constrained
    feature counts as an observed one, the riskiest unless the feature is lenient: see
    :func:`creditscore.models.missing.missing_stand_ins`. Equal input, parameters and seed give equal bits in every
    process.

    Parameters
    ----------
    trees
        Number of trees.
    leaves
        Most leaves of a tree.
    depth
        Most splits between the root and a leaf, at most 8: the tables that explain a tree double with each.
    min_leaf
        Fewest rows of a leaf.
    row_share
        Share of rows that each tree is grown on, drawn without replacement; 0.632 is what a bootstrap would see.
    feature_share
        Share of features tried at each split.
    monotone
        1 (risk rises with the feature), -1 (falls) or 0 for each feature; ``None`` constrains none.
    lenient
        For each feature whether a missing value of it counts as one as risky as the rows that lack it, and not as the
        riskiest observed one; ``None`` lets none off.
    threads
        Threads of fit and prediction; more than one can be ten times slower on a busy machine, for they wait spinning.
    seed
        Seed of all random draws.

    Attributes
    ----------
    ranker_ : TreeRanker
        The trees as plain arrays, with the value that stands in for a missing one of each feature.
    n_features_in_ : int
        Number of features k.
    classes_ : ndarray
        ``[0, 1]``.

    References
    ----------
    .. [1] Breiman, L. (2001). Random Forests. Machine Learning 45, 5-32. doi:10.1023/A:1010933404324

    Examples
    --------
    >>> X = np.linspace(0, 1, 400)[:, None]
    >>> y = (X[:, 0] > 0.7).astype(float)
    >>> forest = MonotoneForest(trees=10, min_leaf=20, monotone=(1,)).fit(X, y)
    >>> forest.predict_proba([[0.1], [0.9]])[:, 1].round(2)
    array([0., 1.])
    >>> forest.fit(X, np.zeros(400))
    Traceback (most recent call last):
    creditscore.errors.ParameterError: MonotoneForest: All 400 labels are of one class. Give a longer period, or a \
wider default definition, so that some default and some do not.
    """

    def __init__(  # noqa: PLR0913 - scikit-learn takes each parameter by name
        self,
        *,
        trees: int = 150,
        leaves: int = 48,
        depth: int = 6,
        min_leaf: int = 50,
        row_share: float = 0.632,
        feature_share: float = 0.3,
        monotone: Sequence[int] | None = None,
        lenient: Sequence[bool] | None = None,
        threads: int = 1,
        seed: int = 0,
    ) -> None:
        self.trees = trees
        self.leaves = leaves
        self.depth = depth
        self.min_leaf = min_leaf
        self.row_share = row_share
        self.feature_share = feature_share
        self.monotone = monotone
        self.lenient = lenient
        self.threads = threads
        self.seed = seed

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        *,
        monotone: Sequence[int] | None = None,
        lenient: Sequence[bool] | None = None,
    ) -> Self:
        """Grow the forest on rows ``X`` (n, k), missing as NaN, and labels ``y``, 0 or 1.

        ``monotone`` and ``lenient`` override the constructor's for this fit.

        Raises
        ------
        ParameterError
            If the input or a parameter is out of its documented range, or the labels are of one class.
        """
        matrix = checked_matrix(WHERE, X)
        labels = checked_labels(WHERE, y, rows=len(matrix))
        signs = checked_signs(WHERE, self.monotone if monotone is None else monotone, features=matrix.shape[1])
        self._check_parameters()
        mild = checked_lenient(WHERE, self.lenient if lenient is None else lenient, features=matrix.shape[1])
        stand_ins = missing_stand_ins(matrix, labels, monotone=signs, lenient=mild)
        booster = grown(self._lightgbm_parameters(signs), with_stand_ins(matrix, stand_ins), labels, rounds=self.trees)
        _give_stumps_the_average(booster, float(labels.mean()))
        self.ranker_ = TreeRanker(trees_of_lightgbm(booster), stand_ins, RATE)
        self.n_features_in_ = matrix.shape[1]
        self.classes_ = np.array([0, 1])
        return self

    def default_rate(self, X: ArrayLike) -> Floats:
        """Return the average default rate (n,) of the leaves that each row falls into, not calibrated."""
        return self._fitted().default_rate(self._checked(X), threads=self.threads)

    def predict_proba(self, X: ArrayLike) -> Floats:
        """Return the probabilities (n, 2) of no default and of default."""
        return two_columns(self.default_rate(X))

    def predict(self, X: ArrayLike) -> np.ndarray:
        """Return the likelier class (n,), 0 or 1."""
        return (self.default_rate(X) > 0.5).astype(int)  # noqa: PLR2004 - the likelier class

    def attributions(self, X: ArrayLike) -> tuple[Floats, float]:
        """Return each feature's share (n, k) of a row's default rate, and the average rate they start from.

        Exact path-dependent Shapley values: the average rate plus the sum of a row's shares is its default rate.
        """
        return self._fitted().attributions(self._checked(X))

    def _fitted(self) -> TreeRanker:
        check_is_fitted(self)
        return self.ranker_

    def _checked(self, X: ArrayLike) -> Floats:
        check_is_fitted(self)
        return checked_matrix(WHERE, X, features=self.n_features_in_)

    def _check_parameters(self) -> None:
        for name, low in (("trees", 1), ("leaves", 2), ("depth", 1), ("min_leaf", 1), ("threads", 1), ("seed", 0)):
            value = getattr(self, name)
            if not isinstance(value, (int, np.integer)) or value < low:
                raise ParameterError(where=WHERE, found=f"{name} is {value}.", fix=f"Give a whole number from {low}.")
        if self.depth > DEEPEST:
            raise ParameterError(where=WHERE, found=f"depth is {self.depth}.", fix=f"Give at most {DEEPEST} levels.")
        if not 0 < self.row_share < 1:
            raise ParameterError(
                where=WHERE, found=f"row_share is {self.row_share}.", fix="Give a share between 0 and 1, such as 0.632."
            )
        if not 0 < self.feature_share <= 1:
            raise ParameterError(
                where=WHERE, found=f"feature_share is {self.feature_share}.", fix="Give a share above 0, at most 1."
            )

    def _lightgbm_parameters(self, signs: tuple[int, ...]) -> dict[str, Any]:
        return {
            "boosting": "rf",
            "objective": "regression",  # the mean of 0/1 labels in a leaf is its default rate
            "num_leaves": self.leaves,
            "max_depth": self.depth,
            "min_data_in_leaf": self.min_leaf,
            "bagging_fraction": self.row_share,
            "bagging_freq": 1,
            "feature_fraction_bynode": self.feature_share,
            "monotone_constraints": list(signs),
            "monotone_constraints_method": "basic",
            "feature_pre_filter": False,
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": self.threads,
            "seed": self.seed,
            "verbose": -1,
        }


def grown(parameters: Mapping[str, Any], X: Floats, y: Floats, *, rounds: int) -> "lgb.Booster":
    """Let LightGBM grow trees."""
    import lightgbm as lgb  # noqa: PLC0415 - who scores needs no LightGBM

    return lgb.train(dict(parameters), lgb.Dataset(X, y, params=dict(parameters)), num_boost_round=rounds)


def _give_stumps_the_average(booster: "lgb.Booster", average: float) -> None:
    """Let a tree that found nothing to split say the average default rate: LightGBM's forest lets it say about 0."""
    for tree in booster.dump_model()["tree_info"]:
        if tree["num_leaves"] == 1:
            booster.set_leaf_output(tree["tree_index"], 0, average)
