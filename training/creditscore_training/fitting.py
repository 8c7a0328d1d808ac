"""Fitting the forest and its baselines on development, and calibrating each of them on the calibration period."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit

from creditscore.domain import Progress, silent
from creditscore.errors import ParameterError
from creditscore.features import feature_matrix
from creditscore.models import (
    BestSingleFeature,
    Blend,
    CalibratedModel,
    CandidateScore,
    FeatureCertificate,
    Ranker,
    RankingEstimator,
    blended_rate,
    candidate_scores,
    certify,
    logistic_baseline,
)
from creditscore_training.blending import BlendScore, blend_scores
from creditscore_training.learning import Learning
from creditscore_training.recipe import Recipe
from creditscore_training.splits import TEST

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
        Calibrated probabilities of default of the baselines and of the recipe's rivals, one for each row, by name.
    calibration_scores
        What the candidates for the model's calibration reached, if there was a choice.
    certificate
        What was proven of each feature with a direction.
    blend_scores
        What each blend reached, if the recipe may blend.
    """

    model: CalibratedModel
    log_odds: Floats
    default_probability: Floats
    baselines: Mapping[str, Floats]
    calibration_scores: tuple[CandidateScore, ...] = ()
    certificate: tuple[FeatureCertificate, ...] = ()
    blend_scores: tuple[BlendScore, ...] = ()


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
    learning = Learning.of(rows, recipe)
    steps = 1 + len(recipe.rivals) + len(BASELINES)
    progress(STEP, 0, steps)
    own = _Fitted.of(recipe.estimator, learning)
    progress(STEP, 1, steps)
    rivals, said = {}, {}
    for name, estimator in recipe.rivals.items():
        rivals[name] = _Fitted.of(estimator, learning)
        said[name] = _probability(rivals[name], learning)
        progress(STEP, 1 + len(said), steps)
    for name, make in BASELINES.items():
        said[name] = _baseline_probability(make(), learning)
        progress(STEP, 1 + len(said), steps)
    chosen, blends = _chosen(own, rivals, learning)
    calibration = learning.calibrated(
        chosen.later_rates, own_rates=chosen.ranker.default_rate(learning.X[learning.calibration])
    )
    horizon = recipe.definition.horizon_months
    model = CalibratedModel(chosen.ranker, calibration, feature_names=recipe.feature_names, horizon_months=horizon)
    log_odds = model.log_odds(learning.X)
    return Candidates(
        model,
        log_odds,
        expit(log_odds),
        said,
        calibration_scores=candidate_scores(calibration),
        certificate=_certificate(chosen.ranker, learning),
        blend_scores=blends,
    )


def certified(candidates: Candidates, recipe: Recipe) -> dict[str, float]:
    """Return what the certificate comes to: the worst step against a direction, and the most that withholding hides.

    ``worst_monotone_step`` is 0 for a model that keeps its word. ``withheld_riskier_share`` is the largest share of
    development values that are riskier than what a missing value counts as, over the features that are not lenient.
    """
    mild = {name for name, lenient in zip(recipe.feature_names, recipe.lenient, strict=True) if lenient}
    hidden = [one.riskier_share for one in candidates.certificate if one.feature not in mild]
    return {
        "worst_monotone_step": max((one.worst_step for one in candidates.certificate), default=0.0),
        "withheld_riskier_share": max((share for share in hidden if share > 0), default=0.0),
    }


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


@dataclass(frozen=True, slots=True)
class _Fitted:
    """What an estimator learned, and how it rates rows of the calibration period whose customers it has not met."""

    ranker: Ranker
    later_rates: Floats

    @classmethod
    def of(cls, estimator: RankingEstimator, learning: Learning) -> Self:
        ranker = learning.fitted(estimator)
        return cls(ranker, learning.later_rates(estimator, ranker))

    def blended(self, rival: Self, weight: float) -> "_Fitted":
        if weight == 1:
            return rival
        weights = (1 - weight, weight)
        rates = blended_rate((self.later_rates, rival.later_rates), weights)
        return _Fitted(Blend((self.ranker, rival.ranker), weights), rates)


def _chosen(own: _Fitted, rivals: Mapping[str, _Fitted], learning: Learning) -> tuple[_Fitted, tuple[BlendScore, ...]]:
    recipe, rows = learning.recipe, learning.calibration
    if recipe.blend_with is None:
        return own, ()
    rival = rivals[recipe.blend_with]
    scores = blend_scores(
        own.later_rates,
        rival.later_rates,
        learning.y[rows],
        customers=learning.customers[rows],
        significance=recipe.gates.significance,
    )
    taken = next((own.blended(rival, one.rival_weight) for one in scores if one.chosen_flag), own)
    return taken, scores


def _certificate(ranker: Ranker, learning: Learning) -> tuple[FeatureCertificate, ...]:
    names, monotone = learning.recipe.feature_names, learning.recipe.monotone
    return certify(ranker, learning.X[learning.development], feature_names=names, monotone=monotone)


def _probability(fitted: _Fitted, learning: Learning) -> Floats:
    return _calibrated(fitted.ranker.default_rate(learning.X), fitted.later_rates, learning)


def _baseline_probability(model: Baseline, learning: Learning) -> Floats:
    model.fit(learning.X[learning.development], learning.y[learning.development])
    rates = model.predict_proba(learning.X)[:, 1]
    return _calibrated(rates, rates[learning.calibration], learning)


def _calibrated(rates: Floats, later_rates: Floats, learning: Learning) -> Floats:
    """Return calibrated probabilities of what ranks beside the model."""
    try:
        fitted = learning.calibrated(later_rates, own_rates=rates[learning.calibration])
    except ParameterError:
        # What ranks the calibration period backwards knows nothing; the likeliest slope that is not negative is then
        # 0, which gives everybody the same: the long-run rate, or the period's default ratio.
        ratio, long_run = float(learning.y[learning.calibration].mean()), learning.recipe.long_run_rate
        return np.full(len(rates), ratio if long_run is None else long_run)
    return expit(fitted.log_odds(rates))
