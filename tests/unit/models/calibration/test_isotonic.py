"""Centred isotonic regression on smoothed blocks."""

import numpy as np
import pytest
from scipy.optimize import isotonic_regression
from scipy.special import expit, logit

from creditscore.errors import ParameterError
from creditscore.models import IsotonicCalibration
from creditscore.models.calibration.isotonic import pooled_blocks


def outcome(*defaults, rows=100):
    return np.concatenate([np.arange(rows) < count for count in defaults]).astype(float)


@pytest.fixture(scope="module")
def later():
    random = np.random.default_rng(8)
    rates = random.beta(1, 8, size=5_000)
    return rates, (random.random(5_000) < rates**0.7).astype(float)


def test_blocks_that_do_not_rise_are_pooled_and_smoothed_at_their_centre():
    # 20, 52 and 48 defaults of 100: the last two pool to 100 of 200. Jeffreys: 20.5 / 101 and 100.5 / 201.
    found = IsotonicCalibration().fit(np.repeat([0.1, 0.3, 0.4], 100), outcome(20, 52, 48))
    knots, values = found.curve_.knots, found.curve_.values
    np.testing.assert_allclose(knots, [logit(0.1), (logit(0.3) + logit(0.4)) / 2], rtol=1e-12)
    step = logit(100.5 / 201) - logit(20.5 / 101)
    assert values[1] - values[0] == pytest.approx(step, rel=1e-12)
    assert found.curve_.end_slope == pytest.approx(step / (knots[1] - knots[0]), rel=1e-12)


def test_beyond_the_outer_centres_the_curve_goes_on_with_slope_1_at_most():
    found = IsotonicCalibration().fit(np.repeat([0.2, 0.3], 100), outcome(5, 60))
    assert found.curve_.end_slope == 1.0
    at = found.log_odds([0.1, 0.2, 0.3, 0.4])
    assert at[1] - at[0] == pytest.approx(logit(0.2) - logit(0.1), rel=1e-12)
    assert at[3] - at[2] == pytest.approx(logit(0.4) - logit(0.3), rel=1e-12)


def test_between_two_centres_log_odds_lie_on_a_straight_line():
    found = IsotonicCalibration().fit(np.repeat([0.2, 0.6], 100), outcome(10, 50))
    middle = expit((logit(0.2) + logit(0.6)) / 2)
    low, between, high = found.log_odds([0.2, middle, 0.6])
    assert between == pytest.approx((low + high) / 2, rel=1e-12)


def test_calibrated_probabilities_add_up_to_the_defaults_seen(later):
    rates, y = later
    assert expit(IsotonicCalibration().fit(rates, y).log_odds(rates)).mean() == pytest.approx(y.mean(), abs=1e-12)


def test_the_order_of_customers_is_strict(later):
    rates = np.unique(np.clip(later[0], 1e-3, 1))
    assert (np.diff(IsotonicCalibration().fit(*later).log_odds(rates)) > 0).all()


def test_nobody_gets_a_probability_of_0_or_1():
    found = IsotonicCalibration(block_rows=1).fit(np.repeat([0.1, 0.3, 0.9], 60), outcome(0, 20, 60, rows=60))
    assert (np.abs(found.log_odds([0.0, 0.1, 0.9, 1.0])) < 20).all()


def test_every_block_has_the_rows_that_were_asked_for():
    # With blocks of 100 rows, 60 + 60 rows come together, and the last 60 join those before.
    rates = np.repeat([0.1, 0.2, 0.3, 0.4, 0.5], 60)
    found = IsotonicCalibration(block_rows=100).fit(rates, outcome(2, 4, 10, 20, 30, rows=60))
    x = logit([0.1, 0.2, 0.3, 0.4, 0.5])
    np.testing.assert_allclose(found.curve_.knots, [x[:2].mean(), x[2:].mean()], rtol=1e-12)


def test_with_many_rows_pooling_is_isotonic_regression():
    random = np.random.default_rng(2)
    sizes = random.integers(10**7, 10**8, size=40).astype(float)
    shares = np.sort(random.random(40)) * 0.5 + random.normal(scale=0.1, size=40).clip(-0.2, 0.2) + 0.25
    reference = isotonic_regression(shares, weights=sizes)
    rows, defaults, _ = pooled_blocks(sizes, shares * sizes, np.zeros(40))
    assert len(rows) < 40
    np.testing.assert_allclose(defaults / rows, np.unique(reference.x), rtol=1e-6)


@pytest.mark.parametrize(
    ("settings", "rates", "y", "found"),
    [
        ({}, np.repeat([0.1, 0.2], 100), outcome(30, 20), "ranks the calibration period backwards"),
        ({}, np.repeat([0.1, 0.2], 20), outcome(2, 9, rows=20), "backwards"),
        ({"block_rows": 0}, [0.1, 0.2], [0, 1], "block_rows is 0"),
        ({"floor": 0.7}, [0.1, 0.2], [0, 1], "floor is 0.7"),
        ({}, [0.1, 0.2], [0, 0], "one class"),
    ],
)
def test_what_cannot_be_calibrated_is_refused(settings, rates, y, found):
    with pytest.raises(ParameterError, match=f"IsotonicCalibration: .*{found}"):
        IsotonicCalibration(**settings).fit(rates, y)
