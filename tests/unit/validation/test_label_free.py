"""Expected metrics: against values worked by hand, against every outcome enumerated, and at the edges."""

import itertools
import math

import numpy as np
import pytest

from creditscore.errors import ParameterError
from creditscore.validation import auc, expected_performance


def pairs(flag, ranking):
    """Count pairs (default, non-default) in order, ties as half, and all of them."""
    bad, good = ranking[flag == 1], ranking[flag == 0]
    ordered = (bad[:, None] > good).sum() + 0.5 * (bad[:, None] == good).sum()
    return ordered, bad.size * good.size


def test_two_customers_are_worked_by_hand():
    # Only the first defaults: 0.5 x 0.9 = 0.45, in order. Only the second: 0.1 x 0.5 = 0.05, not. Else no pair.
    found = expected_performance([0.5, 0.1])
    assert found.auc == pytest.approx(0.45 / 0.50)
    assert found.default_rate == pytest.approx(0.3)
    assert found.brier == pytest.approx((0.25 + 0.09) / 2)


def test_three_customers_with_a_tie_are_worked_by_hand():
    # PD 0.5, 0.2, 0.2. In order: 2 x 0.5 x 0.8, and ties 2 x 0.2 x 0.8 / 2; out of order 2 x 0.2 x 0.5.
    ordered, reverse = 0.8 + 0.16, 0.2 + 0.16
    assert expected_performance([0.2, 0.5, 0.2]).auc == pytest.approx(ordered / (ordered + reverse))


def test_the_expected_auc_is_the_ratio_of_pairs_expected_over_every_outcome():
    probability = np.array([0.05, 0.1, 0.1, 0.3, 0.45, 0.7, 0.9])
    ordered = every = 0.0
    for outcome in itertools.product([0, 1], repeat=probability.size):
        flag = np.array(outcome)
        weight = np.where(flag == 1, probability, 1 - probability).prod()
        in_order, count = pairs(flag, probability)
        ordered, every = ordered + weight * in_order, every + weight * count
    assert expected_performance(probability).auc == pytest.approx(ordered / every, abs=1e-12)


def test_the_expected_brier_score_is_its_mean_over_every_outcome():
    probability = np.array([0.1, 0.4, 0.8])
    found = 0.0
    for outcome in itertools.product([0, 1], repeat=3):
        flag = np.array(outcome)
        found += np.where(flag == 1, probability, 1 - probability).prod() * ((flag - probability) ** 2).mean()
    assert expected_performance(probability).brier == pytest.approx(found)


def test_the_mean_auc_of_outcomes_drawn_from_the_pds_is_the_expected_one():
    generator = np.random.default_rng(5)
    probability = generator.beta(1, 9, 2000).round(3)
    drawn = [auc((generator.random(2000) < probability).astype(float), probability).value for _ in range(300)]
    noise = np.std(drawn, ddof=1) / math.sqrt(len(drawn))
    assert abs(np.mean(drawn) - expected_performance(probability).auc) < 3 * noise
    assert noise < 0.001


def test_customers_who_are_alike_cannot_be_ranked_and_certain_ones_are_ranked_perfectly():
    assert expected_performance([0.02] * 50).auc == pytest.approx(0.5)
    assert expected_performance([0.0, 0.0, 1.0]).auc == 1.0


@pytest.mark.parametrize("probability", [[0.3], [1e-9], [0.0, 0.0], [1.0, 1.0, 1.0]])
def test_without_a_pair_to_expect_there_is_no_auc(probability):
    assert math.isnan(expected_performance(probability).auc)


def test_tiny_pds_keep_their_pairs():
    assert expected_performance([1e-9, 2e-9]).auc == pytest.approx(2 / 3, abs=1e-6)


def test_the_order_of_the_rows_is_no_matter():
    probability = np.random.default_rng(6).beta(1, 9, 500)
    assert expected_performance(probability).auc == pytest.approx(
        expected_performance(probability[::-1]).auc, abs=1e-14
    )


def test_it_cannot_see_that_pds_are_wrong():
    # The same PD give the same answer, whatever becomes of the customers.
    probability = np.random.default_rng(8).beta(1, 9, 2000)
    backwards = (np.argsort(np.argsort(probability)) < 200).astype(float)
    assert auc(backwards, probability).value == 0.0
    assert expected_performance(probability).auc > 0.7


@pytest.mark.parametrize(
    ("probability", "found"), [([], "It is empty"), ([0.1, math.nan], "1 of 2 values are missing"), ([1.2], "outside")]
)
def test_what_is_no_probability_is_refused(probability, found):
    with pytest.raises(ParameterError, match=found):
        expected_performance(probability)
