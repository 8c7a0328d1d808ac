"""How good an estimator is on the folds, and by how much it breaks the promotion rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit
from sklearn.base import clone

from creditscore import validation
from creditscore.errors import ParameterError
from creditscore.features import feature_matrix
from creditscore.models import RankingEstimator, certify
from creditscore_training.folds import Fold, time_ordered_folds
from creditscore_training.recipe import Recipe
from creditscore_training.tuning.slope import Slope

MONOTONE, STABLE, CALIBRATED = RULES = ("monotone", "stable", "calibrated")
CERTAIN = 1e-12  # no probability is 0 or 1

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lesson:
    """Development rows as a matrix (n, k) with labels (n,), and the folds they are cut into."""

    recipe: Recipe
    X: Floats
    y: Floats
    customers: npt.NDArray[np.object_]
    days: npt.NDArray[np.datetime64]
    folds: tuple[Fold, ...]

    @classmethod
    def of(cls, rows: pd.DataFrame, recipe: Recipe) -> Self:
        """Take labelled rows of the development period, and of no other.

        Raises
        ------
        ParameterError
            If the rows cannot be cut into the folds that the recipe asks for.
        """
        horizon = recipe.definition.horizon_months
        return cls(
            recipe,
            feature_matrix(rows, recipe.features),
            rows["default_flag"].to_numpy(np.float64),
            rows["customer_id"].to_numpy(object),
            rows["as_of"].to_numpy(),
            time_ordered_folds(rows, recipe.tuning.folds, horizon_months=horizon),
        )


@dataclass(frozen=True, slots=True)
class FoldResult:
    """What an estimator reached on one fold.

    Parameters
    ----------
    auc, log_loss
        Of the validation, the latter after calibration.
    shift
        Population stability index of the rates between training and validation.
    worst_step
        By how much the model can move against a declared direction; 0 is the proof that it never does.
    default_flag, default_probability, customers
        Labels, calibrated probabilities and customers of the validation.
    calibration_error
        Standard error of the slope on the calibration's own rows: as uncertain is the slope that it gives others.
    """

    auc: float
    log_loss: float
    shift: float
    worst_step: float
    default_flag: Floats
    default_probability: Floats
    customers: npt.NDArray[np.object_]
    calibration_error: float


@dataclass(frozen=True)
class Judgement:
    """What an estimator reached on the folds it was judged on so far."""

    folds: Sequence[FoldResult]

    @property
    def auc(self) -> float:
        """Mean area under the ROC curve: what tuning maximises."""
        return float(np.mean([fold.auc for fold in self.folds]))

    @property
    def log_loss(self) -> float:
        """Mean log loss after calibration."""
        return float(np.mean([fold.log_loss for fold in self.folds]))

    @property
    def shift(self) -> float:
        """Largest population stability index of a fold."""
        return max(fold.shift for fold in self.folds)

    @property
    def worst_step(self) -> float:
        """Largest step of a fold's model against a declared direction."""
        return max(fold.worst_step for fold in self.folds)

    @cached_property
    def slope(self) -> Slope:
        """Calibration slope over the validation rows of all folds; the folds calibrate on much the same customers."""
        flag, probability, customers = (
            np.concatenate([getattr(fold, name) for fold in self.folds])
            for name in ("default_flag", "default_probability", "customers")
        )
        own = float(np.mean([fold.calibration_error for fold in self.folds]))
        return Slope.of(flag, probability, customers).with_own_error(own)

    def numbers(self) -> Mapping[str, float]:
        """Return everything by name."""
        return {
            "auc": self.auc,
            "log_loss": self.log_loss,
            "shift": self.shift,
            "worst_step": self.worst_step,
            "calibration_slope": self.slope.value,
            "calibration_slope_low": self.slope.low,
            "calibration_slope_high": self.slope.high,
            **{f"auc_fold_{number}": fold.auc for number, fold in enumerate(self.folds, start=1)},
        }

    def excess(self, recipe: Recipe) -> Mapping[str, float]:
        """Return by how much each promotion rule is broken; 0 or less where it is kept.

        The slope breaks its rule only if its 95 % interval lies outside the gate: on folds a slope from few defaults is
        far off by chance, and luck must not choose the parameters.
        """
        return {
            MONOTONE: self.worst_step,
            STABLE: self.shift - recipe.tuning.most_shift,
            CALIBRATED: self.slope.excess(*recipe.gates.calibration_slope),
        }


def judged(estimator: RankingEstimator, lesson: Lesson, fold: Fold) -> FoldResult:
    """Fit a copy on a fold's training rows, calibrate it on its calibration rows, and judge it on its validation rows.

    Parameters
    ----------
    estimator
        Parameters to judge; the recipe gives seed, directions and leniency.
    lesson
        Rows and recipe.
    fold
        One of the lesson's folds.
    """
    recipe, y = lesson.recipe, lesson.y
    model = clone(estimator).set_params(seed=recipe.seed)
    learned = lesson.X[fold.training]
    model.fit(learned, y[fold.training], monotone=recipe.monotone, lenient=recipe.lenient)
    rates = model.default_rate(lesson.X[fold.validation])
    flag = y[fold.validation]
    calibrating = model.default_rate(lesson.X[fold.calibration])
    probability, error = _calibrated(calibrating, rates, lesson, fold)
    proof = certify(model.ranker_, learned, feature_names=recipe.feature_names, monotone=recipe.monotone)
    return FoldResult(
        auc=validation.auc(flag, rates).value,
        log_loss=validation.log_loss(flag, probability).value,
        shift=validation.psi(model.default_rate(learned), rates).value,
        worst_step=max((one.worst_step for one in proof), default=0.0),
        default_flag=flag,
        default_probability=probability,
        customers=lesson.customers[fold.validation],
        calibration_error=error,
    )


def _calibrated(calibrating: Floats, rates: Floats, lesson: Lesson, fold: Fold) -> tuple[Floats, float]:
    """Return calibrated probabilities, and the error of the slope that the calibration gives them."""
    rows = fold.calibration
    labels, customers = lesson.y[rows], lesson.customers[rows]
    try:
        fitted = clone(lesson.recipe.calibration).fit(calibrating, labels, groups=customers, days=lesson.days[rows])
    except ParameterError:
        # Nothing can be calibrated that ranks these customers backwards: then everybody gets their default ratio.
        return np.full(len(rates), labels.mean()), 0.0
    own, others = (np.clip(expit(fitted.log_odds(each)), CERTAIN, 1 - CERTAIN) for each in (calibrating, rates))
    return others, Slope.of(labels, own, customers).error
