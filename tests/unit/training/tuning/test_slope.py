"""A slope from few defaults breaks no rule by chance."""

import numpy as np
import pytest

from creditscore import validation
from creditscore_training.tuning.slope import Slope

FLAG = np.array([0, 0, 0, 1, 0, 1, 1, 1], float)
PROBABILITY = np.array([0.1] * 4 + [0.9] * 4)
EACH_ONCE = np.array(list("ABCDEFGH"), object)


def test_the_interval_of_customers_who_are_seen_once_is_that_of_coxs_line():
    found, line = Slope.of(FLAG, PROBABILITY, EACH_ONCE), validation.calibration_line(FLAG, PROBABILITY).slope
    assert (found.value, found.low, found.high) == pytest.approx((line.value, line.low, line.high))


def test_a_default_that_is_seen_from_four_days_says_as_much_as_one():
    once = Slope.of(FLAG, PROBABILITY, EACH_ONCE)
    often = Slope.of(np.tile(FLAG, 4), np.tile(PROBABILITY, 4), np.tile(EACH_ONCE, 4))
    assert (often.value, often.error) == pytest.approx((once.value, once.error))


def test_a_slope_carries_the_error_of_the_calibration_that_gave_it():
    assert Slope(0.5, 0.3).with_own_error(0.8).error == pytest.approx(0.5)


def test_equal_probabilities_have_the_slope_0_without_doubt():
    assert Slope.of(FLAG, np.full(8, 0.5), EACH_ONCE) == Slope(0.0, 0.0)


@pytest.mark.parametrize(("value", "broken"), [(1.0, False), (0.5, False), (0.2, True), (1.7, False), (2.2, True)])
def test_a_slope_is_outside_the_gate_if_its_whole_interval_is(value, broken):
    assert (Slope(value, 0.25).excess(0.75, 1.33) > 0) is broken
