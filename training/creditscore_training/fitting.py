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
from creditscore.models import (
    BestSingleFeature,
    CalibratedModel,
    Calibration,
    CandidateScore,
    CentralTendency,
    candidate_scores,
    logistic_baseline,
)
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
    model
        The calibrated model.
    log_odds, default_probability
        Its log odds and its probability of default, one for each row.
    baselines
        Calibrated probabilities of default of the baselines, one for each row, by name.
    calibration_scores
        What the candidates for the forest's calibration reached, if there was a choice.
    """

    model: CalibratedModel
    log_odds: Floats
    default_probability: Floats
    baselines: Mapping[str, Floats]
    calibration_scores: tuple[CandidateScore, ...] = ()


@dataclass(frozen=True, slots=True)
class _Learning:
    """The panel as a matrix with labels, and which rows belong to which period, customer and day."""

    X: Floats
    y: Floats
    development: npt.NDArray[np.bool_]
    calibration: npt.NDArray[np.bool_]
    customers: npt.NDArray[np.object_]
    days: npt.NDArray[np.datetime64]

    def calibrated(self, rates: Floats, recipe: Recipe) -> Calibration:
        """Return the recipe's calibration, fitted on a model's rates (n,) of the calibration period."""
        rows = self.calibration
        plan = clone(recipe.calibration)
        if recipe.long_run_rate is not None:
            plan = CentralTendency(plan, long_run_rate=recipe.long_run_rate)
        return plan.fit(rates, self.y[rows], groups=self.customers[rows], days=self.days[rows])


def fit_candidates(rows: pd.DataFrame, recipe: Recipe, *, progress: Progress = silent) -> Candidates:
    """Fit the model and its baselines on the same development rows, and calibrate all on the same later rows.

    Parameters
    ----------
    rows
        Labelled observations with ``customer_id``, ``as_of`` and ``split``.
    recipe
        Gives features, estimator, calibration and seed.
    progress
        Told of each model.

    Raises
    ------
    ParameterError
        If the model cannot be calibrated: it ranks the calibration period backwards, or tells no rows apart.
    """
    learning = _Learning(
        feature_matrix(rows, recipe.features),
        rows["default_flag"].to_numpy(np.float64),
        (rows["split"] == DEVELOPMENT).to_numpy(),
        (rows["split"] == CALIBRATION).to_numpy(),
        rows["customer_id"].to_numpy(object),
        rows["as_of"].to_numpy(),
    )
    steps = 1 + len(BASELINES)
    progress(STEP, 0, steps)
    model, scores = _model(learning, recipe)
    progress(STEP, 1, steps)
    baselines = {}
    for done, (name, make) in enumerate(BASELINES.items(), start=2):
        baselines[name] = _baseline_probability(make(), learning, recipe)
        progress(STEP, done, steps)
    log_odds = model.log_odds(learning.X)
    return Candidates(model, log_odds, expit(log_odds), baselines, scores)


def importances(model: CalibratedModel, rows: pd.DataFrame, recipe: Recipe) -> pd.DataFrame:
    """Return each feature's mean absolute contribution to the log odds on test rows, the largest first.

    Measured on what the model does out of time, not on how often its trees split: a feature that only fits noise in
    development looks small here.
    """
    test = rows[rows["split"] == TEST]
    drawn = test.sample(min(len(test), EXPLAINED_ROWS), random_state=recipe.seed)
    pushes = model.contributions(feature_matrix(drawn, recipe.features))
    table = pd.DataFrame({"feature": recipe.feature_names, "mean_contribution": np.abs(pushes).mean(axis=0)})
    return table.sort_values(["mean_contribution", "feature"], ascending=[False, True], ignore_index=True)


def _model(learning: _Learning, recipe: Recipe) -> tuple[CalibratedModel, tuple[CandidateScore, ...]]:
    X, y, development = learning.X, learning.y, learning.development
    estimator = clone(recipe.estimator).set_params(seed=recipe.seed)
    estimator.fit(X[development], y[development], monotone=recipe.monotone, lenient=recipe.lenient)
    fitted = learning.calibrated(estimator.default_rate(X[learning.calibration]), recipe)
    horizon = recipe.definition.horizon_months
    model = CalibratedModel(estimator.ranker_, fitted, feature_names=recipe.feature_names, horizon_months=horizon)
    return model, candidate_scores(fitted)


def _baseline_probability(model: Baseline, learning: _Learning, recipe: Recipe) -> Floats:
    model.fit(learning.X[learning.development], learning.y[learning.development])
    rates = model.predict_proba(learning.X)[:, 1]
    try:
        fitted = learning.calibrated(rates[learning.calibration], recipe)
    except ParameterError:
        # A baseline that ranks the calibration period backwards knows nothing; the likeliest slope that is not
        # negative is then 0, which gives everybody the same: the long-run rate, or the period's default ratio.
        ratio = float(learning.y[learning.calibration].mean())
        return np.full(len(rates), ratio if recipe.long_run_rate is None else recipe.long_run_rate)
    return expit(fitted.log_odds(rates))
