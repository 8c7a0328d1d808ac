"""Scenario models: they keep the order of what is asked, stay above the base, and survive the way through a folder."""

import json
import sys

import numpy as np
import pytest
from scipy.special import expit, logit

from creditscore.errors import BundleError, ParameterError
from creditscore.models import ScenarioModel, scenario
from creditscore.models.estimator import grown as lightgbm
from creditscore.models.scenario import SCENARIO_FILE, TERM_FILE

ROWS = 4_000


@pytest.fixture(scope="module")
def requests():
    """Requests of sizes 0 to 4 that each add 0.4 to the log-odds for a unit of size, and a label for each."""
    draws = np.random.default_rng(11)
    base = draws.normal(-2.0, 1.0, ROWS)
    X = np.column_stack([draws.uniform(0, 4, ROWS), draws.choice([0.0, 30.0, 60.0], ROWS)])
    y = (draws.random(ROWS) < expit(base + 0.4 * X[:, 0] + 0.01 * X[:, 1])).astype(float)
    return X, y, base


@pytest.fixture(scope="module")
def model(requests):
    X, y, base = requests
    half = ROWS // 2
    fitted = ScenarioModel().fit(X[:half], y[:half], base_log_odds=base[:half])
    return fitted.calibrate(X[half:], y[half:], base_log_odds=base[half:])


def test_the_effect_that_made_the_labels_is_found_again(model):
    asked = [[0.5, 0.0], [3.5, 0.0], [0.5, 60.0]]
    small, large, long = model.log_odds(asked, base_log_odds=np.full(3, -2.0))
    assert large - small == pytest.approx(3 * 0.4, abs=0.4)
    assert long - small == pytest.approx(60 * 0.01, abs=0.3)


def test_an_answer_is_never_below_the_base(model):
    base = np.linspace(-9, 6, 200)
    assert (model.log_odds(np.zeros((200, 2)), base_log_odds=base) >= base).all()


def test_a_request_alone_and_among_others_has_the_same_answer(model, requests):
    X, _, base = requests
    together = model.log_odds(X[:50], base_log_odds=base[:50])
    alone = [model.log_odds(X[[row]], base_log_odds=base[[row]])[0] for row in range(50)]
    assert together.tolist() == alone


def test_what_is_saved_answers_the_same_to_the_last_bit(model, requests, tmp_path):
    X, _, base = requests
    model.save(tmp_path)
    again = ScenarioModel.load(tmp_path)
    assert again.log_odds(X, base_log_odds=base).tolist() == model.log_odds(X, base_log_odds=base).tolist()
    assert again.to_files() == model.to_files()
    assert again.get_params() == model.get_params()


@pytest.mark.parametrize("leaves", [2, 6])
def test_the_term_is_lightgbms_raw_score_to_the_last_bit(requests, monkeypatch, leaves):
    X, y, base = requests
    grown = []
    monkeypatch.setattr(scenario, "grown", lambda *given, **named: grown.append(lightgbm(*given, **named)) or grown[0])
    term = ScenarioModel(leaves=leaves).fit(X, y, base_log_odds=base).term(X, base_log_odds=base)
    assert term.tolist() == grown[0].predict(np.column_stack([base, X]), raw_score=True).tolist()


def test_requests_that_are_all_alike_leave_a_term_of_zero(requests):
    X, y, base = requests
    alike = ScenarioModel().fit(np.ones_like(X), y, base_log_odds=np.full(ROWS, -2.0))
    assert alike.term(X, base_log_odds=base).tolist() == [0.0] * ROWS


def test_answers_are_given_without_lightgbm(model, requests, tmp_path, monkeypatch):
    X, _, base = requests
    model.save(tmp_path)
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    assert np.isfinite(ScenarioModel.load(tmp_path).log_odds(X, base_log_odds=base)).all()


def test_the_same_requests_give_the_same_model(model, requests):
    X, y, base = requests
    half = ROWS // 2
    again = ScenarioModel().fit(X[:half], y[:half], base_log_odds=base[:half])
    again.calibrate(X[half:], y[half:], base_log_odds=base[half:])
    assert again.to_files() == model.to_files()


def test_few_defaults_hardly_bend_the_slope_and_many_do(requests):
    X, _, base = requests
    draws = np.random.default_rng(3)
    y = (draws.random(ROWS) < expit(0.4 * base)).astype(float)
    few = ScenarioModel().fit(X, y, base_log_odds=base).calibrate(X[:60], y[:60], base_log_odds=2.5 * base[:60]).slope_
    many = ScenarioModel().fit(X, y, base_log_odds=base).calibrate(X, y, base_log_odds=2.5 * base).slope_
    assert many < few < 1


def test_the_mean_of_the_calibration_period_is_met(model, requests):
    X, y, base = requests
    half = slice(ROWS // 2, ROWS)
    total = base[half] + model.start_ + model.term(X[half], base_log_odds=base[half])
    assert expit(model.intercept_ + model.slope_ * total).mean() == pytest.approx(y[half].mean(), abs=1e-6)


def test_a_model_that_ranks_backwards_is_refused(requests):
    X, _, base = requests
    wrong = (base < np.median(base)).astype(float)
    fitted = ScenarioModel(slope_spread=100.0).fit(X, (base > 0).astype(float), base_log_odds=base)
    with pytest.raises(ParameterError, match="ranks the calibration period backwards"):
        fitted.calibrate(X, wrong, base_log_odds=base)


@pytest.mark.parametrize(
    ("X", "base"),
    [([[np.nan, 0.0]], [0.0]), ([[1.0, 0.0]], [np.nan]), ([[1.0, 0.0]], [0.0, 1.0]), ([[1.0]], [0.0])],
    ids=["missing size", "missing base", "another length", "another width"],
)
def test_an_incomplete_request_is_refused(model, X, base):
    with pytest.raises(ParameterError, match="ScenarioModel"):
        model.log_odds(X, base_log_odds=base)


@pytest.mark.parametrize(
    "settings",
    [{"trees": 0}, {"leaves": 1}, {"learning_rate": 0.0}, {"row_share": 1.5}, {"ridge": -1.0}, {"slope_spread": 0.0}],
)
def test_a_setting_out_of_range_is_refused(requests, settings):
    X, y, base = requests
    with pytest.raises(ParameterError, match=next(iter(settings))):
        ScenarioModel(**settings).fit(X, y, base_log_odds=base)


@pytest.mark.parametrize("change", [{"slope": -1.0}, {"start": "x"}, {"slope": None}])
def test_an_altered_record_is_refused(model, tmp_path, change):
    model.save(tmp_path)
    content = json.loads((tmp_path / SCENARIO_FILE).read_text("utf-8"))
    (tmp_path / SCENARIO_FILE).write_text(json.dumps(content | change), "utf-8")
    with pytest.raises(BundleError, match="is not what save writes"):
        ScenarioModel.load(tmp_path)


@pytest.mark.parametrize("name", [TERM_FILE, SCENARIO_FILE])
def test_a_missing_file_is_refused(model, tmp_path, name):
    model.save(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(BundleError, match="missing"):
        ScenarioModel.load(tmp_path)


def test_the_probability_is_that_of_the_log_odds(model):
    pd = model.default_probability([[2.0, 0.0]], base_log_odds=[-3.0])
    assert logit(pd) == pytest.approx(model.log_odds([[2.0, 0.0]], base_log_odds=[-3.0]))
