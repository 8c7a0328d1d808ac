"""Fitting the forest and its baselines on development, and calibrating each of them on the calibration period."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit
from sklearn.base import clone

from creditscore.domain import Progress, silent
from creditscore.errors import ParameterError
from creditscore.features import feature_matrix
from creditscore.models import BestSingleFeature, CalibratedForest, LogisticCalibration, logistic_baseline
from creditscore_training.recipe import Recipe
from creditscore_training.splits import CALIBRATION, DEVELOPMENT, TEST

EXPLAINED_ROWS = 2_000
STEP = "models fitted"
BASELINES: Mapping[str, Callable[[], "Baseline"]] = {"logistic": logistic_baseline, "single": BestSingleFeature}

Floats = npt.NDArray[np.float64]


class Baseline(Protocol):
    """A classifier to compare with."""

    def fit(self, X: Floats, y: Floats) -> Self:
        """Learn from features and labels."""

    def predict_proba(self, X: Floats) -> Floats:
        """Return the probabilities (n, 2) of no default and of default."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The fitted models, and what they say of each row of the panel.

    Parameters
    ----------
    forest
        The calibrated forest.
    log_odds, default_probability
        Its log odds and its probability of default, one for each row.
    baselines
        Calibrated probabilities of default of the baselines, one for each row, by name.
    """

    forest: CalibratedForest
    log_odds: Floats
    default_probability: Floats
    baselines: Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class _Learning:
    """The panel as a matrix with labels, and which rows belong to which period."""

    X: Floats
    y: Floats
    development: npt.NDArray[np.bool_]
    calibration: npt.NDArray[np.bool_]


def fit_candidates(rows: pd.DataFrame, recipe: Recipe, *, progress: Progress = silent) -> Candidates:
    """Fit the forest and its baselines on the same development rows, and calibrate all on the same later rows.

    Parameters
    ----------
    rows
        Labelled observations with a ``split``.
    recipe
        Gives features, estimator, calibration and seed.
    progress
        Told of each model.

    Raises
    ------
    ParameterError
        If the forest cannot be calibrated: it ranks the calibration period backwards, or tells no rows apart.
    """
    learning = _Learning(
        feature_matrix(rows, recipe.features),
        rows["default_flag"].to_numpy(np.float64),
        (rows["split"] == DEVELOPMENT).to_numpy(),
        (rows["split"] == CALIBRATION).to_numpy(),
    )
    steps = 1 + len(BASELINES)
    progress(STEP, 0, steps)
    forest = _forest(learning, recipe)
    progress(STEP, 1, steps)
    baselines = {}
    for done, (name, make) in enumerate(BASELINES.items(), start=2):
        baselines[name] = _baseline_probability(make(), learning, recipe.calibration)
        progress(STEP, done, steps)
    log_odds = forest.log_odds(learning.X)
    return Candidates(forest, log_odds, expit(log_odds), baselines)


def importances(forest: CalibratedForest, rows: pd.DataFrame, recipe: Recipe) -> pd.DataFrame:
    """Return each feature's mean absolute contribution to the log odds on test rows, the largest first.

    Measured on what the model does out of time, not on how often its trees split: a feature that only fits noise in
    development looks small here.
    """
    test = rows[rows["split"] == TEST]
    drawn = test.sample(min(len(test), EXPLAINED_ROWS), random_state=recipe.seed)
    pushes = forest.contributions(feature_matrix(drawn, recipe.features))
    table = pd.DataFrame({"feature": recipe.feature_names, "mean_contribution": np.abs(pushes).mean(axis=0)})
    return table.sort_values(["mean_contribution", "feature"], ascending=[False, True], ignore_index=True)


def _forest(learning: _Learning, recipe: Recipe) -> CalibratedForest:
    X, y, development, calibration = learning.X, learning.y, learning.development, learning.calibration
    forest = clone(recipe.estimator).set_params(seed=recipe.seed)
    forest.fit(X[development], y[development], monotone=[feature.monotone for feature in recipe.features])
    calibrator = clone(recipe.calibration).fit(forest.default_rate(X[calibration]), y[calibration])
    horizon = recipe.definition.horizon_months
    return CalibratedForest(forest, calibrator, feature_names=recipe.feature_names, horizon_months=horizon)


def _baseline_probability(model: Baseline, learning: _Learning, calibration: LogisticCalibration) -> Floats:
    model.fit(learning.X[learning.development], learning.y[learning.development])
    rates = model.predict_proba(learning.X)[:, 1]
    labels = learning.y[learning.calibration]
    try:
        fitted = clone(calibration).fit(rates[learning.calibration], labels)
    except ParameterError:
        # A baseline that ranks the calibration period backwards knows nothing; the likeliest slope that is not
        # negative is then 0, which gives everybody the period's default ratio.
        return np.full(len(rates), labels.mean())
    return expit(fitted.log_odds(rates))
