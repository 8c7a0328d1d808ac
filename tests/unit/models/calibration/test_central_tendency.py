"""A mean PD moved to a long-run rate."""

import numpy as np
import pytest
from scipy.special import expit, logit

from creditscore.errors import ParameterError
from creditscore.models import (
    BetaCalibration,
    CentralTendency,
    IsotonicCalibration,
    LevelCalibration,
    LogisticCalibration,
    to_long_run,
)
from creditscore.models.calibration.shift import shift_to_mean

FAMILIES = [LogisticCalibration(), BetaCalibration(), IsotonicCalibration(), LevelCalibration()]


@pytest.fixture(scope="module")
def period():
    random = np.random.default_rng(6)
    rates = random.beta(1, 12, size=3_000)
    return rates, (random.random(3_000) < rates).astype(float)


@pytest.mark.parametrize("rate", [1e-5, 0.004, 0.02, 0.5, 0.97])
@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.kind)
def test_the_mean_pd_is_the_long_run_rate(family, rate, period):
    rates, y = period
    moved = CentralTendency(family, long_run_rate=rate).fit(rates, y)
    assert expit(moved.log_odds(rates)).mean() == pytest.approx(rate, rel=1e-12, abs=1e-12)


def test_everybody_moves_by_the_same_odds_ratio(period):
    rates, y = period
    plain = LogisticCalibration().fit(rates, y)
    moved = CentralTendency(LogisticCalibration(), long_run_rate=0.02).fit(rates, y)
    np.testing.assert_allclose(moved.log_odds(rates) - plain.log_odds(rates), moved.shift_, rtol=0, atol=1e-12)


def test_two_customers_are_moved_as_worked_out_by_hand():
    # Odds 1/4 and 1 become k/4 and k. A mean of 1/4 asks (k/4)/(1+k/4) + k/(1+k) = 1/2, hence 3k^2 + 5k - 4 = 0.
    factor = (-5 + np.sqrt(25 + 48)) / 6
    assert shift_to_mean(logit([0.2, 0.5]), goal=0.25) == pytest.approx(np.log(factor), rel=1e-12)


def test_prior_correction_comes_close_but_misses_the_mean(period):
    rates, y = period
    moved = CentralTendency(LogisticCalibration(), long_run_rate=0.02).fit(rates, y)
    prior = logit(0.02) - logit(y.mean())
    assert moved.shift_ == pytest.approx(prior, abs=0.1)
    missed = expit(moved.calibration_.log_odds(rates) + prior).mean()
    assert abs(missed - 0.02) > 1e-4


def test_a_fitted_calibration_is_moved_over_another_portfolio_and_stays_as_it_was(period):
    rates, y = period
    fitted = LogisticCalibration().fit(rates, y)
    before = fitted.log_odds(rates)
    moved = to_long_run(fitted, rates[:500], rate=0.03)
    assert expit(moved.log_odds(rates[:500])).mean() == pytest.approx(0.03, abs=1e-12)
    np.testing.assert_array_equal(fitted.log_odds(rates), before)


def test_equal_customers_can_be_moved_too():
    assert expit(0.7 + shift_to_mean(np.full(7, 0.7), goal=0.1)) == pytest.approx(0.1, abs=1e-14)


@pytest.mark.parametrize("rate", [0.0, 1.0, -0.1, np.nan])
def test_a_rate_that_no_mean_can_reach_is_refused(rate, period):
    with pytest.raises(ParameterError, match="The long-run rate is"):
        CentralTendency(LogisticCalibration(), long_run_rate=rate).fit(*period)
    with pytest.raises(ParameterError, match="The long-run rate is"):
        to_long_run(LogisticCalibration().fit(*period), [0.1], rate=rate)


def test_a_mean_over_nobody_is_refused(period):
    with pytest.raises(ParameterError, match="There is no rate"):
        to_long_run(LogisticCalibration().fit(*period), [], rate=0.1)
