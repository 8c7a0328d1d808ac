"""Beta calibration by constrained maximum likelihood."""

import numpy as np
import pytest
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression

from creditscore.errors import ParameterError
from creditscore.models import BetaCalibration, LogisticCalibration


def drawn(rows, log_odds, *, seed=4, low=0.005, high=0.7):
    random = np.random.default_rng(seed)
    rates = random.uniform(low, high, size=rows)
    return rates, (random.random(rows) < expit(log_odds(rates))).astype(float)


@pytest.fixture(scope="module")
def bent():
    return drawn(6_000, lambda r: 0.3 + 0.6 * np.log(r) - 2.0 * np.log(1 - r))


def test_three_rates_of_known_ratios_are_met_exactly():
    # Three numbers for three unknowns: odds 1/9, 1/4 and 3/1 at rates 0.2, 0.4 and 0.8. From the differences of
    # log-odds, a ln 2 + b ln(4/3) = ln(9/4) and a ln 2 + b ln 3 = ln 12.
    rates = np.repeat([0.2, 0.4, 0.8], 100)
    y = np.r_[np.arange(100) < 10, np.arange(100) < 20, np.arange(100) < 75]
    found = BetaCalibration().fit(rates, y)
    b = (np.log(12) - np.log(9 / 4)) / (np.log(3) - np.log(4 / 3))
    a = (np.log(9 / 4) - b * np.log(4 / 3)) / np.log(2)
    assert (found.a_, found.b_) == (pytest.approx(a, rel=1e-7), pytest.approx(b, rel=1e-7))
    np.testing.assert_allclose(expit(found.log_odds([0.2, 0.4, 0.8])), [0.1, 0.2, 0.75], rtol=1e-9)


def test_the_curve_is_that_of_an_unpenalized_logistic_regression_on_both_logarithms(bent):
    rates, y = bent
    columns = np.column_stack([np.log(rates), -np.log(1 - rates)])
    reference = LogisticRegression(C=np.inf, tol=1e-12, max_iter=10_000).fit(columns, y)
    found = BetaCalibration().fit(rates, y)
    assert [found.a_, found.b_] == pytest.approx(reference.coef_[0], rel=1e-4)
    assert found.intercept_ == pytest.approx(reference.intercept_[0], rel=1e-4)


def test_calibrated_probabilities_add_up_to_the_defaults_seen(bent):
    rates, y = bent
    assert expit(BetaCalibration().fit(rates, y).log_odds(rates)).sum() == pytest.approx(y.sum(), rel=1e-9)


@pytest.mark.parametrize(
    ("log_odds", "gone", "kept"),
    [
        (lambda r: -1.0 - 0.5 * np.log(r) - 3.0 * np.log(1 - r), "a_", 1),
        (lambda r: 1.0 + 1.5 * np.log(r) + 0.9 * np.log(1 - r), "b_", 0),
    ],
)
def test_a_term_that_would_turn_the_order_round_is_left_out_and_the_rest_fitted_again(log_odds, gone, kept):
    rates, y = drawn(6_000, log_odds)
    found = BetaCalibration().fit(rates, y)
    column = (np.log(rates), -np.log(1 - rates))[kept][:, None]
    reference = LogisticRegression(C=np.inf, tol=1e-12, max_iter=10_000).fit(column, y)
    assert getattr(found, gone) == 0
    assert found.a_ + found.b_ == pytest.approx(reference.coef_[0, 0], rel=1e-4)


def test_equal_a_and_b_make_a_logistic_curve():
    found = BetaCalibration.from_record({"kind": "beta", "a": 1.5, "b": 1.5, "intercept": 0.2, "floor": 0.01})
    straight = LogisticCalibration.from_record({"kind": "logistic", "slope": 1.5, "intercept": 0.2, "floor": 0.01})
    rates = np.linspace(0, 1, 21)
    np.testing.assert_allclose(found.log_odds(rates), straight.log_odds(rates), atol=1e-12)


def test_the_log_odds_are_the_formula_of_the_paper():
    found = BetaCalibration.from_record({"kind": "beta", "a": 0.5, "b": 2.0, "intercept": 1.0, "floor": 0.01})
    expected = 1.0 + 0.5 * np.log(0.25) - 2.0 * np.log(0.75)
    assert found.log_odds([0.25])[0] == pytest.approx(expected, rel=1e-12)
    assert found.log_odds([0.0])[0] == pytest.approx(1.0 + 0.5 * np.log(0.01) - 2.0 * np.log(0.99), rel=1e-12)


@pytest.mark.parametrize(
    ("rates", "y", "found"),
    [
        ([0.1, 0.2, 0.3, 0.4], [1, 1, 0, 1], "ranks the calibration period backwards"),
        ([0.1, 0.2, 0.3, 0.4], [0, 0, 1, 1], "separate the classes"),
        ([0.1, 0.2], [1, 1], "All 2 labels are of one class"),
        ([0.1, 0.1], [0, 1], "All rates are equal"),
    ],
)
def test_what_cannot_be_calibrated_is_refused(rates, y, found):
    with pytest.raises(ParameterError, match=f"BetaCalibration: .*{found}"):
        BetaCalibration().fit(rates, y)


def test_a_default_in_the_middle_of_the_rates_does_not_run_away():
    rates = np.linspace(0.01, 0.9, 40)
    y = np.zeros(40)
    y[24:27] = 1  # a curve that rises and falls would separate them
    found = BetaCalibration().fit(rates, y)
    assert found.a_ + found.b_ == pytest.approx(max(found.a_, found.b_))
    assert np.isfinite(found.log_odds(rates)).all()
    assert (np.diff(found.log_odds(rates)) > 0).all()
    assert logit(y.mean()) == pytest.approx(logit(expit(found.log_odds(rates)).mean()), abs=1e-6)
