"""Baselines: what a forest has to beat to be worth its complexity."""

from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import rankdata
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline, make_union
from sklearn.preprocessing import QuantileTransformer
from sklearn.utils.validation import check_is_fitted

from creditscore.models.checks import Floats, checked_labels, checked_matrix
from creditscore.models.missing import missing_stand_ins, with_stand_ins

QUANTILES = 20


def logistic_baseline() -> Pipeline:
    """Return an unfitted logistic regression on the ranks of all features, with an indicator for each missing one.

    Medians stand in for missing values. Features become ranks in [0, 1] (piecewise linear between 20 quantiles), so
    that amounts of any size do no harm. The ridge penalty is scikit-learn's default.

    >>> X = np.column_stack([np.arange(40.0), np.full(40, np.nan)])
    >>> logistic_baseline().fit(X, X[:, 0] > 20).predict_proba(X[[0, -1]])[:, 1].round(1)
    array([0.2, 0.8])
    """
    values = make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), _ranks())
    return make_pipeline(make_union(values, MissingIndicator(features="all")), LogisticRegression(max_iter=1_000))


def best_single_feature() -> "BestSingleFeature":
    """Return an unfitted :class:`BestSingleFeature`, as :func:`logistic_baseline` does its regression."""
    return BestSingleFeature()


class BestSingleFeature(ClassifierMixin, BaseEstimator):
    """The one feature that ranks development best, in its better direction, through a logistic curve on its ranks.

    Missing values stand where development puts them (see :func:`creditscore.models.missing.missing_stand_ins`).

    Attributes
    ----------
    feature_ : int
        Column of the feature.
    direction_ : int
        1 if risk rises with it, -1 if it falls.
    auc_ : float
        Its AUC on the rows it was chosen on, at least 0.5.

    Examples
    --------
    >>> X = np.column_stack([np.tile([1.0, 2.0], 20), -np.arange(40.0)])
    >>> best = BestSingleFeature().fit(X, np.arange(40) > 20)
    >>> best.feature_, best.direction_, best.auc_
    (1, -1, 1.0)
    """

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Choose the feature on ``X`` (n, k), missing as NaN, and labels ``y``, and fit its curve.

        Raises
        ------
        ParameterError
            If the input is not a numeric matrix with labels of both classes.
        """
        matrix = checked_matrix("BestSingleFeature", X)
        labels = checked_labels("BestSingleFeature", y, rows=len(matrix))
        candidates = [
            _candidate(matrix[:, [j]], labels, direction=sign) for j in range(matrix.shape[1]) for sign in (1, -1)
        ]
        best = int(np.argmax([auc for auc, _ in candidates]))
        self.auc_, self.stand_in_ = candidates[best]
        self.feature_, self.direction_ = best // 2, (1, -1)[best % 2]
        self.n_features_in_ = matrix.shape[1]
        self.classes_ = np.array([0, 1])
        self.curve_ = make_pipeline(_ranks(), LogisticRegression(C=1e6, max_iter=1_000))
        self.curve_.fit(self._column(matrix), labels.astype(int))
        return self

    def predict_proba(self, X: ArrayLike) -> Floats:
        """Return the probabilities (n, 2) of no default and of default."""
        check_is_fitted(self)
        matrix = checked_matrix("BestSingleFeature", X, features=self.n_features_in_)
        return np.asarray(self.curve_.predict_proba(self._column(matrix)), dtype=np.float64)

    def predict(self, X: ArrayLike) -> np.ndarray:
        """Return the likelier class (n,), 0 or 1."""
        return self.predict_proba(X).argmax(axis=1)

    def _column(self, matrix: Floats) -> Floats:
        return with_stand_ins(matrix[:, [self.feature_]], self.stand_in_)


def _ranks() -> QuantileTransformer:
    return QuantileTransformer(n_quantiles=QUANTILES, subsample=None)


def _candidate(column: Floats, y: Floats, *, direction: int) -> tuple[float, Floats]:
    stand_in = missing_stand_ins(column, y, monotone=(direction,), lenient=(True,))
    return _auc(with_stand_ins(column, stand_in)[:, 0] * direction, y), stand_in


def _auc(values: Floats, y: Floats) -> float:
    """Area under the ROC curve, ties counted half: the Mann-Whitney statistic as a share of all pairs."""
    defaults = y == 1
    ranks = rankdata(values)
    count = int(defaults.sum())
    return float((ranks[defaults].sum() - count * (count + 1) / 2) / (count * (len(y) - count)))
