"""The calibrated forest: what a bundle carries."""

import json

import numpy as np
import pytest

from creditscore.errors import BundleError, ParameterError
from creditscore.models import CalibratedForest


@pytest.fixture
def saved(model, tmp_path):
    model.save(tmp_path)
    return tmp_path


def rewritten(folder, **changes):
    path = folder / "calibration.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_log_odds_and_probability_say_the_same(model, sample):
    pd_12m = model.default_probability(sample.X_later)
    np.testing.assert_allclose(model.log_odds(sample.X_later), np.log(pd_12m / (1 - pd_12m)), atol=1e-12)
    assert pd_12m.mean() == pytest.approx(sample.y_later.mean(), abs=1e-6)


def test_pushes_add_up_to_the_log_odds_less_those_of_the_average_rate(model, sample):
    _, average = model.forest.attributions(sample.X_later)
    total = model.contributions(sample.X_later).sum(axis=1)
    expected = model.log_odds(sample.X_later) - model.calibration.log_odds([average])
    np.testing.assert_allclose(total, expected, rtol=0, atol=1e-9)


def test_pushes_keep_the_signs_and_the_order_of_the_attributions(model, sample):
    shares, _ = model.forest.attributions(sample.X_later)
    pushes = model.contributions(sample.X_later)
    np.testing.assert_array_equal(np.sign(pushes), np.sign(shares))
    np.testing.assert_array_equal(pushes.argmax(axis=1), shares.argmax(axis=1))


def test_a_loaded_model_gives_the_same_bits(model, saved, sample):
    loaded = CalibratedForest.load(saved)
    assert loaded.feature_names == model.feature_names
    assert loaded.horizon_months == 12
    np.testing.assert_array_equal(loaded.log_odds(sample.X_later), model.log_odds(sample.X_later))
    np.testing.assert_array_equal(loaded.contributions(sample.X_later), model.contributions(sample.X_later))


def test_saving_a_loaded_model_writes_the_same_files(saved, tmp_path):
    CalibratedForest.load(saved).save(tmp_path / "again")
    for name in ("model.txt", "calibration.json"):
        assert (tmp_path / "again" / name).read_bytes() == (saved / name).read_bytes()


@pytest.mark.parametrize("name", ["model.txt", "calibration.json"])
def test_a_missing_file_is_named(saved, name):
    (saved / name).unlink()
    with pytest.raises(BundleError, match=f"{name} is missing"):
        CalibratedForest.load(saved)


@pytest.mark.parametrize("name", ["model.txt", "calibration.json"])
def test_a_file_of_something_else_is_refused(saved, name):
    (saved / name).write_text("nothing of the kind")
    with pytest.raises(BundleError, match=r"calibration\.json"):
        CalibratedForest.load(saved)


@pytest.mark.parametrize(
    "changes",
    [
        {"slope": -1.0},
        {"slope": float("nan")},
        {"floor": None},
        {"intercept": "high"},
        {"horizon_months": 0},
        {"feature_names": ["late_days"], "stand_ins": [0.0]},
        {"stand_ins": [0.0]},
        {"feature_names": ["a", "a", "b", "c"]},
    ],
)
def test_numbers_and_lists_that_do_not_fit_are_refused(saved, changes):
    rewritten(saved, **changes)
    with pytest.raises(BundleError):
        CalibratedForest.load(saved)


def test_names_must_fit_the_forest(model):
    with pytest.raises(ParameterError, match="3 different names for 4 features"):
        CalibratedForest(model.forest, model.calibration, feature_names=("a", "b", "c"), horizon_months=12)
    with pytest.raises(ParameterError, match="horizon_months is 0"):
        CalibratedForest(model.forest, model.calibration, feature_names=model.feature_names, horizon_months=0)
