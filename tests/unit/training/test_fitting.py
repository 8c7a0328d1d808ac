"""The forest and its baselines learn from the same rows and are calibrated on the same later rows."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from creditscore.errors import ParameterError
from creditscore.features import catalogue
from creditscore.models import BestCalibration, BetaCalibration, LogisticCalibration, MonotoneForest, Scorecard, certify
from creditscore_training.fitting import certified, fit_candidates, importances
from creditscore_training.recipes.trade_credit import RECIPE

PERIOD = 600
SPLITS = np.repeat(["development", "calibration", "test"], PERIOD)


@pytest.fixture(scope="module")
def recipe():
    """Three features of different directions and a small forest."""
    chosen = {1: None, -1: None, 0: None}
    for feature in catalogue():
        chosen[feature.monotone] = chosen[feature.monotone] or feature
    return replace(
        RECIPE,
        features=tuple(chosen.values()),
        estimator=MonotoneForest(trees=20, min_leaf=20, threads=1),
        rivals={"scorecard": Scorecard()},
        blend_with=None,
        calibration=LogisticCalibration(),
        seed=4,
    )


@pytest.fixture(scope="module")
def rows(recipe):
    """Risk rises with the first feature and falls with the second; later periods default twice as often."""
    rng = np.random.default_rng(2)
    X = rng.normal(size=(len(SPLITS), 3))
    later = np.where(SPLITS == "development", 0.0, 0.9)
    risk = 1 / (1 + np.exp(-(-2.0 + later + X[:, 0] - X[:, 1])))
    frame = pd.DataFrame(X, columns=list(recipe.feature_names))
    return frame.assign(
        default_flag=(rng.random(len(frame)) < risk).astype(float),
        split=SPLITS,
        customer_id=[f"C{number % PERIOD:03}" for number in range(len(frame))],
        as_of=np.repeat(pd.to_datetime(["2022-12-31", "2023-06-30", "2023-12-31"]), PERIOD),
    )


@pytest.fixture(scope="module")
def candidates(rows, recipe):
    return fit_candidates(rows, recipe)


def test_every_model_is_calibrated_on_the_calibration_period(candidates, rows):
    calibration = (rows["split"] == "calibration").to_numpy()
    came = rows.loc[calibration, "default_flag"].mean()
    for said in (candidates.default_probability, *candidates.baselines.values()):
        assert said[calibration].mean() == pytest.approx(came, abs=0.02)


def test_the_forest_keeps_the_directions_that_its_features_declare(candidates, recipe):
    grid = np.zeros((50, 3))
    grid[:, 0] = np.linspace(-3, 3, 50)
    assert (np.diff(candidates.model.log_odds(grid)) >= 0).all()
    assert np.ptp(candidates.model.log_odds(grid)) > 0.5
    grid = np.zeros((50, 3))
    grid[:, 1] = np.linspace(-3, 3, 50)
    assert (np.diff(candidates.model.log_odds(grid)) <= 0).all()
    assert [feature.monotone for feature in recipe.features] == [1, -1, 0]


def test_the_recipe_keeps_its_own_estimator_unfitted(candidates, recipe):
    assert len(candidates.model.ranker.trees) == recipe.estimator.trees
    assert not hasattr(recipe.estimator, "ranker_")
    assert recipe.estimator.seed == 0 != recipe.seed


def test_the_same_rows_and_seed_give_the_same_bits(candidates, rows, recipe):
    again = fit_candidates(rows, recipe)
    assert (again.log_odds == candidates.log_odds).all()
    other = fit_candidates(rows, replace(recipe, seed=5))
    assert (other.log_odds != candidates.log_odds).any()


def test_labels_of_the_test_period_move_nothing(candidates, rows, recipe):
    turned = rows.assign(default_flag=np.where(rows["split"] == "test", 1 - rows["default_flag"], rows["default_flag"]))
    again = fit_candidates(turned, recipe)
    assert (again.log_odds == candidates.log_odds).all()
    assert all((again.baselines[name] == said).all() for name, said in candidates.baselines.items())


def test_a_forest_that_ranks_the_calibration_period_backwards_is_refused(rows, recipe):
    turned = rows.assign(
        default_flag=np.where(rows["split"] == "calibration", 1 - rows["default_flag"], rows["default_flag"])
    )
    with pytest.raises(ParameterError, match="backwards"):
        fit_candidates(turned, recipe)


def test_a_baseline_that_ranks_the_calibration_period_backwards_gives_everybody_its_default_ratio(rows, recipe):
    # The best single feature of development turns round in the calibration period, while the other grows stronger.
    frame = rows.copy()
    calibration = (frame["split"] == "calibration").to_numpy()
    first, second, _ = recipe.feature_names
    frame.loc[~calibration, first] *= 2  # the best single feature of development
    rng = np.random.default_rng(9)
    risk = 1 / (1 + np.exp(-(-1.5 - 0.7 * frame[first] - 3.0 * frame[second])))
    frame.loc[calibration, "default_flag"] = (rng.random(len(frame)) < risk)[calibration].astype(float)
    development_risk = 1 / (1 + np.exp(-(-2.0 + frame[first] - frame[second])))
    frame.loc[~calibration, "default_flag"] = (rng.random(len(frame)) < development_risk)[~calibration].astype(float)
    said = fit_candidates(frame, recipe)
    assert said.baselines["single"] == pytest.approx(frame.loc[calibration, "default_flag"].mean())
    assert np.ptp(said.default_probability) > 0.1


@pytest.mark.parametrize("calibration", [LogisticCalibration(), BestCalibration()])
def test_a_long_run_rate_is_the_mean_of_every_model_over_the_calibration_period(rows, recipe, calibration):
    moved = fit_candidates(rows, replace(recipe, calibration=calibration, long_run_rate=0.03))
    period = (rows["split"] == "calibration").to_numpy()
    for said in (moved.default_probability, *moved.baselines.values()):
        assert said[period].mean() == pytest.approx(0.03, abs=1e-12)


def test_a_long_run_rate_moves_every_row_by_the_same_log_odds(candidates, rows, recipe):
    moved = fit_candidates(rows, replace(recipe, long_run_rate=0.03))
    steps = moved.log_odds - candidates.log_odds
    assert steps == pytest.approx(steps[0], abs=1e-12)
    assert moved.model.calibration.to_record()["calibration"] == candidates.model.calibration.to_record()


def test_the_best_calibration_tells_what_its_candidates_reached(candidates, rows, recipe):
    chosen = fit_candidates(rows, replace(recipe, calibration=BestCalibration()))
    assert [score.kind for score in chosen.calibration_scores] == ["logistic", "beta", "isotonic"]
    assert [score.chosen_flag for score in chosen.calibration_scores] == [True, False, False]
    assert (chosen.log_odds == candidates.log_odds).all()
    assert candidates.calibration_scores == ()


@pytest.mark.parametrize(
    ("calibration", "kind"), [(BetaCalibration(), "beta"), (BestCalibration(min_defaulters=500), "level")]
)
def test_a_recipe_may_take_any_calibration(rows, recipe, calibration, kind):
    found = fit_candidates(rows, replace(recipe, calibration=calibration))
    assert found.model.calibration.to_record()["kind"] == kind


def test_the_choice_counts_customers_and_not_rows(rows, recipe):
    ten = rows.assign(customer_id=[f"C{number % 10}" for number in range(len(rows))])
    found = fit_candidates(ten, replace(recipe, calibration=BestCalibration()))
    assert found.model.calibration.to_record()["kind"] == "level"


def test_the_certificate_proves_every_direction(candidates, recipe):
    assert [(one.feature, one.direction) for one in candidates.certificate] == [
        (name, sign) for name, sign in zip(recipe.feature_names, recipe.monotone, strict=True) if sign
    ]
    assert certified(candidates, recipe) == {"worst_monotone_step": 0.0, "withheld_riskier_share": 0.0}


def test_a_model_without_directions_is_not_certified(rows, recipe):
    turned = MonotoneForest(trees=20, min_leaf=20)
    free = fit_candidates(rows, replace(recipe, estimator=turned))
    against = certify(
        turned.fit(rows[list(recipe.feature_names)], rows["default_flag"]).ranker_,
        rows[list(recipe.feature_names)].to_numpy(),
        feature_names=recipe.feature_names,
        monotone=recipe.monotone,
    )
    lying = replace(free, certificate=against)
    assert certified(lying, recipe)["worst_monotone_step"] > 0


def test_importances_put_a_feature_that_only_adds_noise_last(candidates, rows, recipe):
    table = importances(candidates.model, rows, recipe)
    assert table["feature"].iloc[-1] == recipe.feature_names[2]
    assert table["mean_contribution"].is_monotonic_decreasing
    assert (table["mean_contribution"] >= 0).all()


def test_progress_tells_of_each_model(rows, recipe):
    steps = []
    fit_candidates(rows, recipe, progress=lambda *step: steps.append(step))
    assert steps == [("models fitted", done, 4) for done in range(5)]
