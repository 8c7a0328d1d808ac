"""A random forest that keeps the declared directions of risk."""

from collections.abc import Sequence
from functools import lru_cache
from threading import Lock
from typing import Any, Self

import lightgbm as lgb
import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from creditscore.errors import ParameterError
from creditscore.models.attributions import DEEPEST, Attributions, height
from creditscore.models.checks import Floats, checked_labels, checked_matrix, two_columns
from creditscore.models.missing import missing_stand_ins, with_stand_ins

WHERE = "MonotoneForest"
TABULATING = Lock()  # threads that need the tables of one forest at once wait for the first to make them


class MonotoneForest(ClassifierMixin, BaseEstimator):
    """Breiman's forest [1]_ of default rates, monotone in every feature whose direction of risk is declared.

    Each tree is grown by LightGBM on its own random rows with random features at each split; a leaf holds the default
    rate of its rows, and the forest's probability is the average over trees. Monotone constraints are LightGBM's
    ``basic`` ones, the only method that kept its word when values were missing; missing values of constrained features
    count as observed ones (see :func:`creditscore.models.missing.missing_stand_ins`). Equal input, parameters and seed
    give equal bits in every process.

    Parameters
    ----------
    trees
        Number of trees.
    leaves
        Most leaves of a tree.
    depth
        Most splits between the root and a leaf; up to 8, exact attributions come from tables and cost little.
    min_leaf
        Fewest rows of a leaf.
    row_share
        Share of rows that each tree is grown on, drawn without replacement; 0.632 is what a bootstrap would see.
    feature_share
        Share of features tried at each split.
    monotone
        1 (risk rises with the feature), -1 (falls) or 0 for each feature; ``None`` constrains none.
    threads
        Threads of fit and prediction; more than one can be ten times slower on a busy machine, for they wait spinning.
    seed
        Seed of all random draws.

    Attributes
    ----------
    booster_ : lightgbm.Booster
        The trees.
    stand_ins_ : ndarray of shape (k,)
        Value that stands in for a missing one; NaN where the trees split on missing itself.
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
        self.threads = threads
        self.seed = seed

    def fit(self, X: ArrayLike, y: ArrayLike, *, monotone: Sequence[int] | None = None) -> Self:
        """Grow the forest on rows ``X`` (n, k), missing as NaN, and labels ``y``, 0 or 1.

        ``monotone`` overrides the constructor's for this fit.

        Raises
        ------
        ParameterError
            If the input or a parameter is out of its documented range, or the labels are of one class.
        """
        matrix = checked_matrix(WHERE, X)
        labels = checked_labels(WHERE, y, rows=len(matrix))
        signs = _checked_signs(self.monotone if monotone is None else monotone, features=matrix.shape[1])
        self._check_parameters()
        self.stand_ins_ = missing_stand_ins(matrix, labels, monotone=signs)
        parameters = self._lightgbm_parameters(signs)
        rows = lgb.Dataset(with_stand_ins(matrix, self.stand_ins_), labels, params=parameters)
        self.booster_ = lgb.train(parameters, rows, num_boost_round=self.trees)
        _give_stumps_the_average(self.booster_, float(labels.mean()))
        self.tables_: Attributions | None = None
        self.n_features_in_ = matrix.shape[1]
        self.classes_ = np.array([0, 1])
        return self

    def default_rate(self, X: ArrayLike) -> Floats:
        """Return the average default rate (n,) of the leaves that each row falls into, not calibrated."""
        rates = self.booster_.predict(self._prepared(X), num_threads=self.threads)
        return np.clip(np.asarray(rates, dtype=np.float64), 0.0, 1.0)

    def predict_proba(self, X: ArrayLike) -> Floats:
        """Return the probabilities (n, 2) of no default and of default."""
        return two_columns(self.default_rate(X))

    def predict(self, X: ArrayLike) -> np.ndarray:
        """Return the likelier class (n,), 0 or 1."""
        return (self.default_rate(X) > 0.5).astype(int)  # noqa: PLR2004 - the likelier class

    def attributions(self, X: ArrayLike) -> tuple[Floats, float]:
        """Return each feature's share (n, k) of a row's default rate, and the average rate they start from.

        Exact path-dependent Shapley values [1]_: the average rate plus the sum of a row's shares is its default rate.
        Trees of at most 8 levels are explained from tables, deeper ones by LightGBM, many times slower.

        References
        ----------
        .. [1] Lundberg, S. M. et al. (2020). From local explanations to global understanding with explainable AI for
           trees. Nature Machine Intelligence 2, 56-67. doi:10.1038/s42256-019-0138-9
        """
        prepared = self._prepared(X)
        tables = self._tables()
        if tables is not None:
            return tables(prepared), tables.average
        # In forest mode LightGBM sums attributions over trees where its prediction averages them.
        padded = np.vstack([prepared, np.zeros((1, self.n_features_in_))])
        sums = np.asarray(self.booster_.predict(padded, pred_contrib=True, num_threads=self.threads))
        shares = sums / self.booster_.num_trees()
        return np.ascontiguousarray(shares[:-1, :-1]), float(shares[-1, -1])

    @classmethod
    def from_text(cls, text: str, *, stand_ins: Sequence[float], threads: int = 1) -> Self:
        """Rebuild a fitted forest from LightGBM's model text and its stand-ins for missing values.

        Raises
        ------
        ParameterError
            If the text is no model of LightGBM, or there is not one stand-in for each of its features.
        """
        try:
            booster = lgb.Booster(model_str=text)
        except lgb.basic.LightGBMError as cause:
            raise ParameterError(
                where=WHERE, found="The text is no model of LightGBM.", fix="Give a model.txt that a bundle saved."
            ) from cause
        if len(stand_ins) != booster.num_feature():
            raise ParameterError(
                where=WHERE,
                found=f"{len(stand_ins)} stand-ins for {booster.num_feature()} features.",
                fix="Give one stand-in for each feature, NaN where the trees split on missing.",
            )
        forest = cls(trees=booster.num_trees(), threads=threads)
        forest.booster_ = booster
        forest.stand_ins_ = np.asarray(stand_ins, dtype=np.float64)
        forest.tables_ = None
        forest.n_features_in_ = booster.num_feature()
        forest.classes_ = np.array([0, 1])
        return forest

    def to_text(self) -> str:
        """Return LightGBM's model text, from which the same trees are read to the last bit."""
        check_is_fitted(self)
        return str(self.booster_.model_to_string())

    def _tables(self) -> Attributions | None:
        """Return the tables of attributions, made at the first need; none if the trees are too deep for tables."""
        if self.tables_ is None:
            with TABULATING:
                self.tables_ = _tabulated(self.to_text())
        return self.tables_

    def _prepared(self, X: ArrayLike) -> Floats:
        check_is_fitted(self)
        return with_stand_ins(checked_matrix(WHERE, X, features=self.n_features_in_), self.stand_ins_)

    def _check_parameters(self) -> None:
        for name, low in (("trees", 1), ("leaves", 2), ("depth", 1), ("min_leaf", 1), ("threads", 1), ("seed", 0)):
            value = getattr(self, name)
            if not isinstance(value, (int, np.integer)) or value < low:
                raise ParameterError(where=WHERE, found=f"{name} is {value}.", fix=f"Give a whole number from {low}.")
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


@lru_cache(maxsize=2)  # a daily run opens the same bundle day after day
def _tabulated(text: str) -> Attributions | None:
    booster = lgb.Booster(model_str=text)
    trees = [tree["tree_structure"] for tree in booster.dump_model()["tree_info"]]
    if max(height(tree) for tree in trees) > DEEPEST:
        return None
    return Attributions.of(trees, features=booster.num_feature())


def _give_stumps_the_average(booster: lgb.Booster, average: float) -> None:
    """Let a tree that found nothing to split say the average default rate: LightGBM's forest lets it say about 0."""
    for tree in booster.dump_model()["tree_info"]:
        if tree["num_leaves"] == 1:
            booster.set_leaf_output(tree["tree_index"], 0, average)


def _checked_signs(monotone: Sequence[int] | None, *, features: int) -> tuple[int, ...]:
    signs = tuple(int(sign) for sign in (monotone if monotone is not None else (0,) * features))
    if len(signs) != features or not set(signs) <= {-1, 0, 1}:
        raise ParameterError(
            where=WHERE,
            found=f"monotone has {len(signs)} entries for {features} features, or one that is not a sign.",
            fix="Give 1, -1 or 0 for each feature.",
        )
    return signs
