"""Few defaults or none: the level alone, and prudent bounds."""

import numpy as np
import pytest
from scipy.special import expit, logit
from scipy.stats import binom

from creditscore.errors import ParameterError
from creditscore.models import LevelCalibration, LowDefaultCalibration, most_prudent_rates


@pytest.mark.parametrize(("defaults", "mean"), [(0, 0.5 / 101), (3, 3.5 / 101), (100, 100.5 / 101)])
def test_the_level_is_the_smoothed_default_ratio_whatever_the_number_of_defaults(defaults, mean):
    rates = np.linspace(0.01, 0.3, 100)
    found = LevelCalibration().fit(rates, np.arange(100) < defaults)
    assert expit(found.log_odds(rates)).mean() == pytest.approx(mean, abs=1e-12)
    np.testing.assert_allclose(found.log_odds(rates) - logit(rates), found.intercept_, rtol=1e-9)
    assert (found.default_count_, found.row_count_) == (defaults, 100)


def test_a_bound_is_the_rate_at_which_so_few_defaults_are_as_unlikely_as_the_level_says():
    bounds = most_prudent_rates([100, 400, 300], [0, 2, 1], confidence=0.9)
    for rate, customers, defaults in zip(bounds, (800, 700, 300), (3, 3, 1), strict=True):
        assert binom.cdf(defaults, customers, rate) == pytest.approx(0.1, rel=1e-9)


def test_a_worse_grade_never_gets_a_smaller_bound_than_a_better_one():
    bounds = most_prudent_rates([100, 100], [5, 0], confidence=0.75)
    assert bounds[0] == bounds[1] > 1 - 0.25 ** (1 / 100)


@pytest.mark.parametrize(
    ("customers", "defaults", "confidence", "found"),
    [
        ([100, 0], [0, 0], 0.5, "A grade is empty"),
        ([100], [101], 0.5, "more defaults than customers"),
        ([100, 50], [0], 0.5, "A grade is empty"),
        ([], [], 0.5, "A grade is empty"),
        ([100, 50], [0, 50], 0.5, "Everybody in the worst grade defaulted"),
        ([100], [0], 1.0, "confidence is 1.0"),
    ],
)
def test_bounds_that_make_no_sense_are_refused(customers, defaults, confidence, found):
    with pytest.raises(ParameterError, match=found):
        most_prudent_rates(customers, defaults, confidence=confidence)


def test_each_grade_has_its_bound_at_its_centre_and_the_ends_are_level():
    # Two grades of 100, no default: 1 - 0.25^(1/200) and 1 - 0.25^(1/100).
    rates = np.repeat([0.01, 0.02], 100)
    found = LowDefaultCalibration(grades=2, confidence=0.75).fit(rates, np.zeros(200))
    low, high = 1 - 0.25 ** (1 / 200), 1 - 0.25 ** (1 / 100)
    np.testing.assert_allclose(expit(found.log_odds([0.0, 0.01, 0.02, 1.0])), [low, low, high, high], rtol=1e-9)
    middle = expit((logit(0.01) + logit(0.02)) / 2)
    assert found.log_odds([middle])[0] == pytest.approx((logit(low) + logit(high)) / 2, rel=1e-9)


def test_grades_are_about_equally_full():
    rates = np.linspace(0.01, 0.3, 1_000)
    found = LowDefaultCalibration(grades=5, confidence=0.5).fit(rates, np.zeros(1_000))
    expected = [1 - 0.5 ** (1 / customers) for customers in (1_000, 800, 600, 400, 200)]
    np.testing.assert_allclose(expit(found.curve_.values), expected, rtol=1e-9)


def test_a_customer_seen_on_twelve_days_counts_once():
    rates = np.linspace(0.01, 0.3, 100)
    once = LowDefaultCalibration().fit(rates, np.arange(100) == 99)
    often = LowDefaultCalibration().fit(np.tile(rates, 12), np.arange(1_200) == 99, groups=np.tile(np.arange(100), 12))
    assert (often.default_count_, often.customer_count_) == (1, 100)
    np.testing.assert_allclose(often.curve_.values, once.curve_.values, rtol=1e-12)
    np.testing.assert_allclose(often.curve_.knots, once.curve_.knots, rtol=1e-12)


@pytest.mark.parametrize(
    ("settings", "rates", "y", "found"),
    [
        ({"grades": 1}, [0.1, 0.2], [0, 0], "grades is 1"),
        ({"confidence": 0.0}, [0.1, 0.2], [0, 0], "confidence is 0.0"),
        ({"grades": 2}, [0.1] * 5 + [0.2], [0] * 6, None),
        ({"grades": 2}, [0.1] + [0.2] * 5, [0] * 6, "a single grade"),
        ({}, [0.1, 0.1], [0, 0], "All rates are equal"),
        ({}, [0.1, 0.2], [0, np.nan], "1 labels are missing"),
    ],
)
def test_a_period_without_two_grades_is_refused(settings, rates, y, found):
    calibration = LowDefaultCalibration(**settings)
    if found is None:
        assert calibration.fit(rates, y).customer_count_ == len(rates)
    else:
        with pytest.raises(ParameterError, match=found):
            calibration.fit(rates, y)
