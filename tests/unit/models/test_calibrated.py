"""The calibrated model: what a bundle carries."""

import json
from dataclasses import replace

import numpy as np
import pytest

from creditscore.errors import BundleError, ParameterError
from creditscore.models import Blend, CalibratedModel


@pytest.fixture
def saved(model, tmp_path):
    model.save(tmp_path)
    return tmp_path


def rewritten(folder, change):
    path = folder / "model.json"
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


def test_log_odds_and_probability_say_the_same(model, sample):
    pd_12m = model.default_probability(sample.X_later)
    np.testing.assert_allclose(model.log_odds(sample.X_later), np.log(pd_12m / (1 - pd_12m)), atol=1e-12)
    assert pd_12m.mean() == pytest.approx(sample.y_later.mean(), abs=1e-6)


def test_pushes_add_up_to_the_log_odds_less_those_of_the_average_rate(model, sample):
    _, average = model.ranker.attributions(sample.X_later)
    total = model.contributions(sample.X_later).sum(axis=1)
    expected = model.log_odds(sample.X_later) - model.calibration.log_odds([average])
    np.testing.assert_allclose(total, expected, rtol=0, atol=1e-9)


def test_pushes_keep_the_signs_and_the_order_of_the_attributions(model, sample):
    shares, _ = model.ranker.attributions(sample.X_later)
    pushes = model.contributions(sample.X_later)
    np.testing.assert_array_equal(np.sign(pushes), np.sign(shares))
    np.testing.assert_array_equal(pushes.argmax(axis=1), shares.argmax(axis=1))


def test_a_loaded_model_gives_the_same_bits(model, saved, sample):
    loaded = CalibratedModel.load(saved)
    assert loaded.feature_names == model.feature_names
    assert loaded.horizon_months == 12
    np.testing.assert_array_equal(loaded.log_odds(sample.X_later), model.log_odds(sample.X_later))
    np.testing.assert_array_equal(loaded.contributions(sample.X_later), model.contributions(sample.X_later))


def test_saving_a_loaded_model_writes_the_same_files(saved, tmp_path):
    CalibratedModel.load(saved).save(tmp_path / "again")
    for name in ("model.json", "trees_1.npz"):
        assert (tmp_path / "again" / name).read_bytes() == (saved / name).read_bytes()


@pytest.mark.parametrize("name", ["model.json", "trees_1.npz"])
def test_a_missing_file_is_named(saved, name):
    (saved / name).unlink()
    with pytest.raises(BundleError, match=f"{name} is missing"):
        CalibratedModel.load(saved)


@pytest.mark.parametrize("name", ["model.json", "trees_1.npz"])
def test_a_file_of_something_else_is_refused(saved, name):
    (saved / name).write_text("nothing of the kind")
    with pytest.raises(BundleError, match=r"model\.json"):
        CalibratedModel.load(saved)


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content["calibration"].update(slope=-1.0),
        lambda content: content["calibration"].update(intercept="high"),
        lambda content: content["calibration"].update(kind="witchcraft"),
        lambda content: content.update(horizon_months=0),
        lambda content: content.update(feature_names=["late_days"]),
        lambda content: content.update(feature_names=["a", "a", "b", "c"]),
        lambda content: content.update(components=[]),
        lambda content: content["components"][0].update(stand_ins=[0.0]),
        lambda content: content["components"][0].update(link="witchcraft"),
        lambda content: content["components"].append(content["components"][0]),
        lambda content: content["components"][0].update(trees="../trees_1.npz"),
    ],
)
def test_numbers_and_lists_that_do_not_fit_are_refused(saved, change):
    rewritten(saved, change)
    with pytest.raises(BundleError):
        CalibratedModel.load(saved)


def test_names_must_fit_the_model(model):
    with pytest.raises(ParameterError, match="3 different names for 4 features"):
        CalibratedModel(model.ranker, model.calibration, feature_names=("a", "b", "c"), horizon_months=12)
    with pytest.raises(ParameterError, match="horizon_months is 0"):
        CalibratedModel(model.ranker, model.calibration, feature_names=model.feature_names, horizon_months=0)


def test_a_blend_averages_log_odds_is_explained_and_comes_back_from_disk(model, sample, new_forest, tmp_path):
    other = new_forest(seed=8).fit(sample.X, sample.y).ranker_
    blend = Blend((model.ranker, other), (0.25, 0.75))
    rates = [np.clip(one.default_rate(sample.X_later), 1e-6, 1) for one in blend.rankers]
    first, second = (np.log(rate / (1 - rate)) for rate in rates)
    rate = blend.default_rate(sample.X_later)
    np.testing.assert_allclose(np.log(rate / (1 - rate)), 0.25 * first + 0.75 * second, rtol=0, atol=1e-9)
    blended = CalibratedModel(blend, model.calibration, feature_names=model.feature_names, horizon_months=12)
    pushes = blended.contributions(sample.X_later)
    expected = blended.log_odds(sample.X_later) - blended.start
    np.testing.assert_allclose(pushes.sum(axis=1), expected, rtol=0, atol=1e-9)
    blended.save(tmp_path)
    loaded = CalibratedModel.load(tmp_path)
    np.testing.assert_array_equal(loaded.log_odds(sample.X_later), blended.log_odds(sample.X_later))
    np.testing.assert_array_equal(loaded.contributions(sample.X_later), pushes)


@pytest.mark.parametrize("weights", [(1.0,), (0.5, 0.6), (1.5, -0.5)])
def test_weights_of_a_blend_must_add_up(model, weights):
    with pytest.raises(ParameterError, match="Blend"):
        Blend((model.ranker, model.ranker), weights)


def test_what_is_no_tree_is_not_saved(model, tmp_path):
    class Guess:
        features = 4

    guessing = CalibratedModel(Guess(), model.calibration, feature_names=model.feature_names, horizon_months=12)
    with pytest.raises(ParameterError, match="something else than trees"):
        guessing.save(tmp_path)


@pytest.mark.parametrize("changes", [{"stand_ins": np.zeros(3)}, {"stand_ins": np.full(4, np.inf)}, {"link": "logit"}])
def test_stand_ins_and_link_must_fit_the_trees(model, changes):
    with pytest.raises(ParameterError, match="TreeRanker"):
        replace(model.ranker, **changes)
