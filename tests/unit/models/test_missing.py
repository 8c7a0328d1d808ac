"""Which observed value a missing one counts as."""

import numpy as np

from creditscore.models.missing import missing_stand_ins


def test_a_missing_value_counts_as_the_observed_value_that_is_as_risky():
    # Ten values of 100 rows each; value v defaults at a rate of v / 10, the rows without a value at 0.6.
    values = np.repeat(np.arange(10.0), 100)
    labels = (np.tile(np.arange(100), 10) < 10 * values).astype(float)
    X = np.r_[values, np.full(100, np.nan)][:, None]
    y = np.r_[labels, np.arange(100) < 60]
    assert missing_stand_ins(X, y, monotone=(1,), lenient=(True,)).tolist() == [6.0]


def test_a_value_that_a_customer_may_withhold_counts_as_the_riskiest_observed_one():
    X = np.array([[3.0, 3.0], [np.nan, 9.0], [7.0, 7.0]])
    assert missing_stand_ins(X, np.array([0.0, 0.0, 1.0]), monotone=(1, -1)).tolist() == [7.0, 3.0]


def test_riskier_than_every_value_counts_as_the_riskiest_value():
    values = np.repeat([1.0, 2.0, 3.0], 100)
    labels = np.tile(np.arange(100), 3) < 10 * (4 - values)
    X = np.r_[values, np.full(10, np.nan)][:, None]
    y = np.r_[labels, np.ones(10)].astype(float)
    assert missing_stand_ins(X, y, monotone=(-1,), lenient=(True,)).tolist() == [1.0]


def test_a_feature_without_a_direction_keeps_its_gaps_and_a_full_or_empty_one_gets_a_number():
    X = np.array([[np.nan, 1.0, np.nan], [1.0, 5.0, np.nan], [2.0, 9.0, np.nan]])
    found = missing_stand_ins(X, np.array([0.0, 1.0, 0.0]), monotone=(0, 0, 1))
    np.testing.assert_array_equal(found, [np.nan, 5.0, 0.0])
