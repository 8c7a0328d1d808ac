"""Calibration: values worked by hand, identities, and intervals that cover the truth as often as they say."""

import math

import numpy as np
import pytest
from scipy import stats

from creditscore.errors import ParameterError
from creditscore.validation import (
    brier,
    brier_decomposition,
    calibration_error_by_chance,
    calibration_table,
    chi_square,
    expected_calibration_error,
    hosmer_lemeshow,
    jeffreys,
    jeffreys_interval,
    log_loss,
)

METRICS = [
    brier,
    brier_decomposition,
    log_loss,
    calibration_table,
    expected_calibration_error,
    hosmer_lemeshow,
]


@pytest.fixture
def portfolio():
    generator = np.random.default_rng(11)
    probability = generator.beta(1, 15, 20_000)
    return (generator.random(20_000) < probability).astype(float), probability


def test_brier_is_the_mean_squared_error_with_its_normal_interval():
    errors = np.array([0.01, 0.16, 0.04, 0.01])
    found = brier([0, 1, 0, 0], [0.1, 0.6, 0.2, 0.1])
    half = stats.norm.ppf(0.975) * errors.std(ddof=1) / 2
    assert found.value == pytest.approx(0.055)
    assert found.high == pytest.approx(0.055 + half)
    assert found.low == 0.0  # 0.055 - 0.070 is cut at the range of the score


def test_log_loss_is_worked_by_hand():
    assert log_loss([0, 1, 1], [0.2, 0.5, 0.9]).value == pytest.approx(-math.log(0.8 * 0.5 * 0.9) / 3)


def test_a_certain_forecast_that_fails_costs_infinity_and_has_no_interval():
    found = log_loss([1, 0], [0.0, 0.3])
    assert math.isinf(found.value)
    assert not found.known


def test_a_certain_forecast_that_holds_costs_nothing():
    assert log_loss([1, 0], [1.0, 0.0]).value == 0.0


def test_a_single_row_has_a_score_but_no_interval():
    assert brier([1], [0.8]).value == pytest.approx(0.04)
    assert not brier([1], [0.8]).known


def test_brier_parts_are_murphys_on_a_worked_example():
    # Forecast 0.2: one of two defaults; 0.7: one of two. Reliability (2*0.3^2 + 2*0.2^2)/4; rates equal the base rate.
    parts = brier_decomposition([0, 1, 0, 1], [0.2, 0.2, 0.7, 0.7])
    assert parts.reliability == pytest.approx(0.065)
    assert parts.resolution == pytest.approx(0.0)
    assert parts.uncertainty == pytest.approx(0.25)
    assert parts.within_bins == 0.0


@pytest.mark.parametrize("bins", [None, 2, 10, 50])
def test_brier_parts_add_up_to_the_score(portfolio, bins):
    parts = brier_decomposition(*portfolio, bins=bins)
    assert parts.brier == pytest.approx(brier(*portfolio).value, abs=1e-12)
    rebuilt = parts.reliability - parts.resolution + parts.uncertainty + parts.within_bins
    assert rebuilt == pytest.approx(parts.brier, abs=1e-12)


def test_what_bins_hide_shrinks_as_they_become_finer(portfolio):
    coarse, fine = brier_decomposition(*portfolio, bins=2), brier_decomposition(*portfolio, bins=50)
    assert abs(fine.within_bins) < abs(coarse.within_bins)


def test_the_calibration_table_holds_every_customer_once_in_rising_order_of_pd(portfolio):
    table = calibration_table(*portfolio)
    assert len(table) == 10
    assert sum(row.customer_count for row in table) == 20_000
    assert sum(row.default_count for row in table) == portfolio[0].sum()
    means = [row.mean_default_probability for row in table]
    assert means == sorted(means)
    assert all(row.customer_count == 2_000 for row in table)


def test_a_row_of_the_table_carries_jeffreys_interval_and_test(portfolio):
    row = calibration_table(*portfolio)[3]
    low, high = jeffreys_interval([row.customer_count], [row.default_count])
    assert (row.rate_low, row.rate_high) == pytest.approx((low[0], high[0]))
    expected = jeffreys(row.mean_default_probability, row.customer_count, row.default_count)
    assert row.p_value == pytest.approx(float(expected))
    assert row.default_rate == row.default_count / row.customer_count


def test_equal_pd_share_a_bin():
    table = calibration_table([0, 0, 1, 0, 1], [0.02, 0.02, 0.02, 0.02, 0.3], bins=5)
    assert [row.customer_count for row in table] == [4, 1]


def test_jeffreys_interval_keeps_zero_and_one_where_nobody_or_everybody_defaulted():
    low, high = jeffreys_interval([50, 50], [0, 50])
    assert low[0] == 0.0
    assert high[1] == 1.0
    assert 0 < high[0] < 0.06
    assert 0.94 < low[1] < 1


@pytest.mark.parametrize(("n", "d"), [(0, 0), (10, 11), (10, -1), (math.nan, 1)])
def test_jeffreys_interval_refuses_impossible_counts(n, d):
    with pytest.raises(ParameterError, match="0 <= default_count <= customer_count"):
        jeffreys_interval([n], [d])


def test_the_calibration_error_is_the_weighted_mean_gap():
    assert expected_calibration_error([0, 0, 0, 1], [0.1, 0.1, 0.3, 0.4], bins=2) == pytest.approx(
        0.5 * abs(0.1 - 0) + 0.5 * abs(0.35 - 0.5)
    )


def test_a_calibrated_model_shows_the_error_that_chance_gives():
    generator = np.random.default_rng(5)
    probability = generator.beta(1, 15, 4_000)
    errors = [
        expected_calibration_error((generator.random(4_000) < probability).astype(float), probability)
        for _ in range(200)
    ]
    assert np.mean(errors) == pytest.approx(calibration_error_by_chance(probability), rel=0.06)


def test_hosmer_lemeshow_rejects_a_calibrated_model_as_often_as_its_level_says():
    generator = np.random.default_rng(6)
    probability = generator.uniform(0.02, 0.2, 2_000)
    p_values = [
        hosmer_lemeshow((generator.random(2_000) < probability).astype(float), probability).p_value for _ in range(400)
    ]
    assert np.mean(np.array(p_values) < 0.1) == pytest.approx(0.1, abs=0.04)


def test_hosmer_lemeshow_finds_pd_that_are_half_of_what_they_should_be(portfolio):
    flag, probability = portfolio
    assert hosmer_lemeshow(flag, probability).p_value > 0.01
    assert hosmer_lemeshow(flag, probability / 2).p_value < 1e-6


def test_chi_square_on_grades_leaves_empty_grades_out():
    found = chi_square([0.01, 0.02, 0.05], [400, 0, 300], [8, 0, 21])
    assert found == chi_square([0.01, 0.05], [400, 300], [8, 21])
    assert found.statistic == pytest.approx((4 - 8) ** 2 / 3.96 + (15 - 21) ** 2 / 14.25)
    assert found.degrees_of_freedom == 2


def test_chi_square_refuses_a_certain_pd():
    with pytest.raises(ParameterError, match="PD between 0 and 1"):
        chi_square([0.0, 0.05], [400, 300], [8, 21])


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize(
    ("flag", "probability", "fix"),
    [
        ([], [], "at least one row"),
        ([0, math.nan], [0.1, 0.2], "outcome window has not ended"),
        ([0, 1], [0.1, math.nan], "Score these rows"),
        ([0, 1], [0.1, 1.2], "not scores or log-odds"),
    ],
)
def test_degenerate_input_is_refused_with_what_to_do(metric, flag, probability, fix):
    with pytest.raises(ParameterError, match=fix):
        metric(flag, probability)


@pytest.mark.parametrize(
    "metric", [brier_decomposition, calibration_table, expected_calibration_error, hosmer_lemeshow]
)
def test_a_single_bin_is_refused(metric):
    with pytest.raises(ParameterError, match="at least 2 bins"):
        metric([0, 1], [0.1, 0.2], bins=1)


@pytest.mark.parametrize(
    "metric", [brier, brier_decomposition, log_loss, calibration_table, expected_calibration_error]
)
def test_one_class_is_enough_for_calibration(metric):
    assert metric([0, 0, 0], [0.1, 0.2, 0.3]) is not None
