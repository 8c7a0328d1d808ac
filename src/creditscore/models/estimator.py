"""What forest, boosted trees and scorecard have in common: a scikit-learn classifier whose fit leaves a ranker."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted, validate_data

from creditscore.errors import ParameterError
from creditscore.models.checks import (
    Floats,
    checked_classes,
    checked_lenient,
    checked_matrix,
    checked_signs,
    two_columns,
)
from creditscore.models.missing import missing_stand_ins
from creditscore.models.ranker import TreeRanker
from creditscore.models.trees import DEEPEST

if TYPE_CHECKING:
    import lightgbm as lgb

Range = tuple[float, float]


class RankingEstimator(ClassifierMixin, BaseEstimator):
    """A classifier of two classes, of which the second, in sorted order, is the default.

    Attributes
    ----------
    ranker_ : TreeRanker
        What was learned, as plain arrays, with the value that stands in for a missing one of each feature.
    n_features_in_ : int
        Number of features k.
    feature_names_in_ : ndarray of shape (k,)
        Names of the features, where ``X`` was a frame.
    classes_ : ndarray of shape (2,)
        The two labels.
    """

    WHOLE: ClassVar[Mapping[str, int]] = {}  # lowest value of each parameter that is a whole number
    SHARES: ClassVar[Mapping[str, Range]] = {}  # what each other number must lie above, and its highest value

    monotone: Sequence[int] | None
    lenient: Sequence[bool] | None
    threads: int

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        *,
        monotone: Sequence[int] | None = None,
        lenient: Sequence[bool] | None = None,
    ) -> Self:
        """Learn from rows ``X`` (n, k), missing as NaN, and labels ``y``, 1 for a default and 0 for none.

        ``monotone`` and ``lenient`` override the constructor's for this fit.

        Raises
        ------
        ParameterError
            If the input or a parameter is out of its documented range, or the labels are not of two classes.
        """
        self._check_parameters()
        matrix = self._checked(X, fitting=True)
        features = matrix.shape[1]
        self.classes_, labels = checked_classes(self._where, y, rows=len(matrix))
        signs = checked_signs(self._where, self.monotone if monotone is None else monotone, features=features)
        mild = checked_lenient(self._where, self.lenient if lenient is None else lenient, features=features)
        stand_ins = missing_stand_ins(matrix, labels, monotone=signs, lenient=mild)
        self.ranker_ = self._learned(matrix, labels, signs=signs, stand_ins=stand_ins)
        return self

    def default_rate(self, X: ArrayLike) -> Floats:
        """Return the default rate (n,) that is not calibrated yet."""
        matrix = self._known(X)
        return self.ranker_.default_rate(matrix, threads=self.threads)

    def predict_proba(self, X: ArrayLike) -> Floats:
        """Return the probabilities (n, 2) of no default and of default."""
        return two_columns(self.default_rate(X))

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the likelier class (n,)."""
        likelier = (self.default_rate(X) > 0.5).astype(int)  # noqa: PLR2004 - the likelier class
        return np.asarray(self.classes_[likelier])

    def attributions(self, X: ArrayLike) -> tuple[Floats, float]:
        """Return each feature's share (n, k) of what the ranker adds up, and the development average it starts from.

        Exact path-dependent Shapley values, see :meth:`creditscore.models.TreeRanker.attributions`.
        """
        return self.ranker_.attributions(self._known(X))

    def __sklearn_tags__(self) -> Tags:
        """Tell scikit-learn that missing values are welcome and that there are two classes."""
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.classifier_tags.multi_class = False
        return tags

    def _learned(self, X: Floats, y: Floats, *, signs: tuple[int, ...], stand_ins: Floats) -> TreeRanker:
        """Return what was learned from rows, missing as NaN, and labels 0 and 1."""
        raise NotImplementedError

    @property
    def _where(self) -> str:
        return type(self).__name__

    def _known(self, X: ArrayLike) -> Floats:
        check_is_fitted(self)
        return self._checked(X, fitting=False)

    def _checked(self, X: ArrayLike, *, fitting: bool) -> Floats:
        return checked_rows(self, X, fitting=fitting)

    def _check_parameters(self) -> None:
        for name, low in self.WHOLE.items():
            value = getattr(self, name)
            if not isinstance(value, (int, np.integer)) or value < low:
                raise ParameterError(
                    where=self._where, found=f"{name} is {value}.", fix=f"Give a whole number from {low}."
                )
        for name, (above, high) in self.SHARES.items():
            value = getattr(self, name)
            if not above < value <= high:
                raise ParameterError(
                    where=self._where, found=f"{name} is {value}.", fix=f"Give a number above {above}, at most {high}."
                )
        if getattr(self, "depth", 1) > DEEPEST:
            raise ParameterError(
                where=self._where, found=f"depth is {self.depth}.", fix=f"Give at most {DEEPEST} levels."
            )


def checked_rows(estimator: BaseEstimator, X: ArrayLike, *, fitting: bool) -> Floats:
    """Return ``X`` as a matrix (n, k), after scikit-learn compared its columns with those of the estimator's fit.

    Raises
    ------
    ParameterError
        If it is no such matrix; the message shows no values.
    """
    where = type(estimator).__name__
    if getattr(X, "ndim", None) == 1 or (isinstance(X, list) and np.ndim(X) == 1):
        checked_matrix(where, X)  # before scikit-learn, whose message would show the values
    fewest = 1 if fitting else 0
    try:
        given = validate_data(
            estimator, X, reset=fitting, dtype=np.float64, order="C", ensure_all_finite=False, ensure_min_samples=fewest
        )
    except ValueError as cause:
        raise ParameterError(
            where=where,
            found=_without_values(str(cause)),
            fix="Give one float64 column a feature, the same ones as in the fit and in their order.",
        ) from None
    return checked_matrix(where, given)


def _without_values(told: str) -> str:
    """Return scikit-learn's complaint, but for those that show the values complained of."""
    if "convert" in told:
        return "X is not numeric."
    return "Complex data not supported." if told.startswith("Complex data") else told


def grown(
    parameters: Mapping[str, Any], X: Floats, y: Floats, *, rounds: int, offset: Floats | None = None
) -> "lgb.Booster":
    """Let LightGBM grow trees under its ``basic`` monotone constraints, on top of an offset (n,) if there is one.

    Equal input gives equal bits.
    """
    import lightgbm as lgb  # noqa: PLC0415 - who scores needs no LightGBM

    chosen = {
        **parameters,
        "monotone_constraints_method": "basic",
        "feature_pre_filter": False,
        "deterministic": True,
        "force_row_wise": True,
        "verbose": -1,
    }
    return lgb.train(chosen, lgb.Dataset(X, y, init_score=offset, params=chosen), num_boost_round=rounds)
