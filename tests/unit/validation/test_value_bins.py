"""Default rates along a value: counted by hand, missing values apart, equal values together."""

import math

import numpy as np
import pytest

from creditscore.errors import ParameterError
from creditscore.validation import default_rates_by_value, jeffreys_interval

NAN = float("nan")


def test_each_bin_holds_as_many_customers_and_its_own_defaults():
    values, flag = [5, 1, 4, 2, 3, 6], [1, 0, 1, 0, 1, 0]
    found = default_rates_by_value(flag, values, bins=3)
    assert [(one.low_value, one.high_value) for one in found] == [(1, 2), (3, 4), (5, 6)]
    assert [(one.customer_count, one.default_count, one.default_rate) for one in found] == [
        (2, 0, 0.0),
        (2, 2, 1.0),
        (2, 1, 0.5),
    ]


def test_the_interval_is_jeffreys():
    flag = np.tile([0, 0, 0, 1], 50)
    (only,) = default_rates_by_value(flag, np.ones(200), bins=5)
    low, high = jeffreys_interval([200], [50])
    assert (only.rate_low, only.rate_high) == (low[0], high[0])


def test_missing_values_are_a_bin_of_their_own_and_the_last():
    found = default_rates_by_value([0, 1, 1, 0], [NAN, 1.0, NAN, 2.0], bins=2)
    assert [one.missing_flag for one in found] == [False, False, True]
    assert (found[-1].customer_count, found[-1].default_count) == (2, 1)
    assert math.isnan(found[-1].high_value)


def test_a_value_that_is_missing_everywhere_gives_the_bin_of_missing_values_alone():
    (only,) = default_rates_by_value([0, 1], [NAN, NAN])
    assert only.missing_flag


def test_the_many_zeros_of_a_count_have_a_bin_to_themselves():
    values = np.array([-1.0] * 5 + [0.0] * 60 + [1.0] * 20 + [2.0] * 15)
    found = default_rates_by_value(np.zeros(100), values, bins=4)
    assert (0.0, 0.0) in [(one.low_value, one.high_value) for one in found]
    assert sum(one.customer_count for one in found) == 100


@pytest.mark.parametrize(
    ("flag", "values", "complaint"),
    [
        ([0, 1], [1.0], "1 values for 2 labels"),
        ([], [], "empty"),
        ([0, NAN], [1.0, 2.0], "missing"),
        ([0, 2], [1.0, 2.0], "neither 0 nor 1"),
    ],
)
def test_what_cannot_be_counted_is_refused(flag, values, complaint):
    with pytest.raises(ParameterError, match=complaint):
        default_rates_by_value(flag, values)


def test_one_bin_is_refused():
    with pytest.raises(ParameterError, match="at least 2 bins"):
        default_rates_by_value([0, 1], [1.0, 2.0], bins=1)
