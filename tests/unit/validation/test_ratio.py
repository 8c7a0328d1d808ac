import math

import numpy as np
import pytest
from scipy import stats

from creditscore.errors import ParameterError
from creditscore.validation import ratio_of_sums


def test_the_interval_is_that_of_a_log_ratio_with_few_degrees_of_freedom():
    # Ratio 70/350 = 0.2, residuals -20, 20, -20, 20: equal, so four customers carry the variance and three are free.
    found = ratio_of_sums([0, 40, 0, 30], [100, 100, 100, 50])
    error = math.sqrt(4 / 3 * 4 * 400) / 350
    reach = stats.t.ppf(0.975, 3) * error / 0.2
    assert found.value == pytest.approx(0.2)
    assert (found.low, found.high) == pytest.approx((0.2 * math.exp(-reach), 0.2 * math.exp(reach)))


def test_rows_of_one_customer_count_once():
    above, below = np.array([0, 40, 0, 30]), np.array([100, 100, 100, 50])
    once = ratio_of_sums(above, below)
    often = ratio_of_sums(np.tile(above, 6), np.tile(below, 6), customers=np.tile(np.arange(4), 6))
    assert (often.low, often.high) == pytest.approx((once.low, once.high))


def test_one_loss_among_many_says_next_to_nothing():
    lost = np.zeros(1_000)
    lost[0] = 50
    found = ratio_of_sums(lost, np.full(1_000, 100))
    assert found.low < found.value / 100
    assert found.high > found.value * 100


@pytest.mark.parametrize(
    ("above", "below", "customers"),
    [([0, 0], [1, 1], None), ([1, 2], [3, 4], ["C1", "C1"]), ([5], [10], None), ([1, 1], [10, 10], None)],
)
def test_without_losses_or_variation_the_interval_is_unknown(above, below, customers):
    found = ratio_of_sums(above, below, customers=customers)
    assert found.value == sum(above) / sum(below)
    assert not found.known


@pytest.mark.parametrize("below", [[], [0, 0]])
def test_over_nothing_there_is_no_ratio(below):
    assert math.isnan(ratio_of_sums(below, below).value)


@pytest.mark.parametrize(
    ("above", "below", "named"),
    [
        ([1], [1, 2], "numerator, denominator"),
        ([-1, 1], [1, 1], "1 of 2"),
        ([1, 1], [math.nan, 1], "denominator: 1 of 2"),
    ],
)
def test_amounts_that_make_no_ratio_are_refused(above, below, named):
    with pytest.raises(ParameterError, match=named):
        ratio_of_sums(above, below)
