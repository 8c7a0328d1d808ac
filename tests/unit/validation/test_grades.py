"""Tests on grades beyond the signed-off tables: limits, agreement with simulation, refusals."""

import math

import numpy as np
import pytest
from scipy import stats

from creditscore.errors import ParameterError
from creditscore.validation import (
    asset_correlation,
    auc_on_grades,
    concentration,
    correlated_binomial_critical,
    current_against_initial_auc,
    jeffreys,
    normal_test,
)


def test_jeffreys_takes_many_grades_at_once():
    found = jeffreys([0.004, 0.012, 0.05], [400, 900, 300], [2, 14, 19])
    assert found == pytest.approx([0.330878, 0.162341, 0.145118], abs=5e-7)


def test_more_defaults_make_a_pd_look_lower():
    found = jeffreys(0.02, 500, np.arange(0, 30))
    assert np.all(np.diff(found) < 0)


@pytest.mark.parametrize(("pd_12m", "n", "d"), [(1.2, 10, 1), (0.1, 10, 11), (0.1, 10, -1), (math.nan, 10, 1)])
def test_jeffreys_refuses_what_is_no_pd_or_no_count(pd_12m, n, d):
    with pytest.raises(ParameterError, match="customers that the defaults are counted among"):
        jeffreys(pd_12m, n, d)


def test_an_unchanged_auc_has_a_p_value_of_one_half():
    current = auc_on_grades([400, 300, 100], [8, 21, 25]).value
    found = current_against_initial_auc([400, 300, 100], [8, 21, 25], initial_auc=current)
    assert (found.statistic, found.p_value) == (0.0, 0.5)


def test_an_auc_without_variance_has_no_p_value():
    found = current_against_initial_auc([10, 10], [0, 10], initial_auc=0.9)
    assert found.current == 1.0
    assert math.isnan(found.p_value)


def test_a_single_default_gives_an_auc_of_unknown_variance():
    found = auc_on_grades([10, 10], [0, 1])
    assert found.value == pytest.approx(14.5 / 19 - 0.5 * 9 / 19 + 4.5 / 19)
    assert math.isnan(found.variance)


@pytest.mark.parametrize(("customers", "defaults"), [([10, 10], [0, 11]), ([10, 10], [0, 0]), ([10, 10], [10, 10])])
def test_auc_on_grades_refuses_impossible_or_one_sided_counts(customers, defaults):
    with pytest.raises(ParameterError, match="AUC needs defaults and non-defaults"):
        auc_on_grades(customers, defaults)


def test_auc_on_grades_refuses_unequal_lengths_and_negative_counts():
    with pytest.raises(ParameterError, match="one value for each class"):
        auc_on_grades([10, 10], [0, 1, 2])
    with pytest.raises(ParameterError, match="one count of 0 or more"):
        auc_on_grades([10, -10], [0, 1])


def test_even_grades_have_no_concentration_and_one_grade_has_all():
    even = concentration([10, 10, 10], [10, 10, 10])
    assert even.current == pytest.approx(0)
    assert math.isnan(even.p_value)
    assert concentration([0, 30, 0], [10, 10, 10]).current == pytest.approx(1)


def test_concentration_refuses_an_empty_portfolio():
    with pytest.raises(ParameterError, match="Count the customers of each grade"):
        concentration([0, 0], [1, 2])


def test_without_correlation_the_critical_value_is_the_binomial_one():
    for count, rate in ((10, 0.3), (250, 0.02)):
        expected = int(stats.binom.ppf(0.99, count, rate)) + 1
        assert correlated_binomial_critical(rate, count) == expected


def test_the_critical_value_is_exceeded_as_often_as_the_level_says():
    generator = np.random.default_rng(8)
    factor = generator.normal(size=200_000)
    given = stats.norm.cdf((stats.norm.ppf(0.02) - math.sqrt(0.12) * factor) / math.sqrt(0.88))
    defaults = generator.binomial(300, given)
    critical = correlated_binomial_critical(0.02, 300, correlation=0.12, level=0.95)
    assert np.mean(defaults >= critical) <= 0.052
    assert np.mean(defaults >= critical - 1) > 0.05


def test_a_pd_that_nothing_can_refute_needs_more_defaults_than_there_are_customers():
    assert correlated_binomial_critical(0.5, 3) == 4


@pytest.mark.parametrize("arguments", [{"correlation": 1.0}, {"correlation": -0.1}])
def test_a_correlation_outside_its_range_is_refused(arguments):
    with pytest.raises(ParameterError, match="correlation in"):
        correlated_binomial_critical(0.01, 100, **arguments)


@pytest.mark.parametrize("rates", [[0.01], [0.01, 0.01], [0.01, 1.2], [0.01, math.nan]])
def test_the_normal_test_refuses_years_without_variation(rates):
    with pytest.raises(ParameterError, match="at least two years"):
        normal_test(rates, default_probability=0.01)


@pytest.mark.parametrize(
    ("probability", "correlation"), [(0.0, 0.24), (0.01, 0.1927836792), (0.05, 0.1298501998), (1.0, 0.12)]
)
def test_the_asset_correlation_is_basels_for_corporate_borrowers(probability, correlation):
    assert float(asset_correlation(probability)) == pytest.approx(correlation, abs=1e-9)


def test_the_asset_correlation_falls_as_risk_rises():
    assert (np.diff(asset_correlation(np.linspace(0, 1, 50))) <= 0).all()


def test_an_asset_correlation_of_no_probability_is_refused():
    with pytest.raises(ParameterError, match="asset_correlation: A PD lies outside"):
        asset_correlation([0.1, 1.1])
