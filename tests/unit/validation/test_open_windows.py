"""Accuracy before outcomes are known: worked by hand, and against the truth."""

import numpy as np
import pytest

from creditscore.errors import ParameterError
from creditscore.validation import auc, censored_concordance, expected_auc


def test_the_expected_auc_is_the_weighted_share_of_right_pairs():
    chance = np.array([0.1, 0.2, 0.2, 0.6])
    right = total = 0.0
    for i in range(4):
        for j in range(4):
            if i != j:
                weight = chance[i] * (1 - chance[j])
                total += weight
                right += weight * ((chance[i] > chance[j]) + 0.5 * (chance[i] == chance[j]))
    assert expected_auc(chance).value == pytest.approx(right / total)


def test_equal_probabilities_lead_one_to_expect_nothing():
    assert expected_auc([0.1, 0.1, 0.1]).value == pytest.approx(0.5)


def test_certain_outcomes_are_told_apart():
    assert expected_auc([0.0, 0.0, 1.0]).value == 1.0


def test_nothing_can_be_expected_without_a_chance_of_default():
    assert np.isnan(expected_auc([0.0, 0.0]).value)


def test_a_probability_outside_its_range_is_refused():
    with pytest.raises(ParameterError, match="outside"):
        expected_auc([0.1, 1.2])


def test_calibrated_probabilities_expect_the_auc_that_comes():
    draws = np.random.default_rng(0)
    inside, values = 0, []
    for _ in range(60):
        chance = 1 / (1 + np.exp(-draws.normal(-2.5, 1.2, 1500)))
        expected = expected_auc(chance)
        came = auc((draws.random(1500) < chance).astype(float), chance).value
        inside += expected.low <= came <= expected.high
        values.append(expected.value - came)
    assert abs(np.mean(values)) < 3 * np.std(values) / np.sqrt(60)
    assert inside >= 51  # of 60 intervals of 95 %: fewer has a chance below one in a thousand


def test_without_censoring_the_weights_are_one():
    days, ranking = [10, 20, 30, 365, 365], [0.5, 0.2, 0.4, 0.3, 0.1]
    known = [(0, 1), (0, 2), (0, 3), (0, 4), (1, 2), (1, 3), (1, 4), (2, 3), (2, 4)]
    right = sum(ranking[first] > ranking[second] for first, second in known)
    assert censored_concordance([1, 1, 1, 0, 0], days, ranking).value == pytest.approx(right / len(known))


def test_a_default_after_some_were_lost_weighs_more():
    # One of four is lost on day 20: three of the four at risk but the first default, so G = 2/3 after it.
    found = censored_concordance([1, 0, 1, 0], [10, 20, 30, 40], [0.4, 0.5, 0.1, 0.2])
    assert found.value == pytest.approx(2 / (3 + 9 / 4))


def test_negative_days_are_refused():
    with pytest.raises(ParameterError, match="observed_days"):
        censored_concordance([1, 0], [-1, 2], [0.1, 0.2])


def test_weighting_undoes_what_early_losses_do():
    draws = np.random.default_rng(1)
    whole, weighted = [], []
    for _ in range(30):
        ranking = draws.normal(size=800)
        until = draws.exponential(400 * np.exp(-ranking))
        full = np.minimum(until, 365)
        whole.append(censored_concordance((until < 365).astype(float), full, ranking).value)
        lost = np.where(draws.random(800) < 0.5, draws.uniform(0, 365, 800), 365.0)
        seen = np.minimum(until, lost)
        weighted.append(censored_concordance((until < lost).astype(float), seen, ranking).value)
    assert np.mean(weighted) == pytest.approx(np.mean(whole), abs=0.01)
