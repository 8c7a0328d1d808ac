"""The scorecard: bins that follow the direction, weights worked out by hand, points that add up."""

import math

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from creditscore.models import Scorecard, certify
from creditscore.models.scorecard import monotone_bins


@pytest.fixture(scope="module")
def card(sample):
    return Scorecard(monotone=sample.monotone, min_information=0.0).fit(sample.X, sample.y)


def groups(*rates, each=100):
    """Values 0, 1, 2 ... of a hundred rows each, with so many defaults."""
    values = np.repeat(np.arange(float(len(rates))), each)
    return values, (np.tile(np.arange(each), len(rates)) < np.repeat(rates, each)).astype(float)


def test_neighbours_that_run_against_the_direction_are_one_bin():
    values, y = groups(10, 30, 20, 40)
    bins = monotone_bins(values, y, direction=1, min_share=0.05)
    assert bins.edges.tolist() == [0.0, 2.0]
    assert bins.defaults.tolist() == [10, 50, 40]
    assert bins.rows.tolist() == [100, 200, 100]


def test_a_weight_is_the_log_odds_of_the_bin_less_those_of_all_rows():
    values, y = groups(10, 40)
    bins = monotone_bins(values, y, direction=1, min_share=0.05)
    # Half a row is added to each side in the proportion of all rows: a quarter of them default.
    assert bins.weights[0] == pytest.approx(math.log((10 + 0.25) / (90 + 0.75)) - math.log(0.25 / 0.75))
    assert bins.weigh(np.array([-5.0, 0.0, 0.5, 99.0])).tolist() == bins.weights[[0, 0, 1, 1]].tolist()


def test_the_information_value_is_that_of_the_definition():
    values, y = groups(10, 40)
    bins = monotone_bins(values, y, direction=1, min_share=0.05)
    expected = (10 / 50 - 90 / 150) * bins.weights[0] + (40 / 50 - 60 / 150) * bins.weights[1]
    assert bins.information_value == pytest.approx(expected)


def test_without_a_direction_the_one_that_tells_more_is_taken():
    values, y = groups(40, 20, 10)
    assert (np.diff(monotone_bins(values, y, direction=0, min_share=0.05).weights) < 0).all()


def test_a_bin_of_too_few_rows_joins_the_neighbour_that_is_more_like_it():
    values = np.repeat([0.0, 1.0, 2.0], [100, 4, 100])
    y = (np.r_[np.arange(100) < 10, np.arange(4) < 2, np.arange(100) < 60]).astype(float)
    bins = monotone_bins(values, y, direction=1, min_share=0.05)
    assert bins.edges.tolist() == [0.0]
    assert bins.rows.tolist() == [100, 104]


def test_a_missing_value_of_a_feature_without_direction_is_a_bin_of_its_own():
    values, y = groups(10, 40, 30)
    values[200:] = np.nan
    card = Scorecard().fit(values[:, None], y)
    np.testing.assert_allclose(card.default_rate([[0.0], [1.0], [np.nan]]), [0.1, 0.4, 0.3], atol=0.01)
    table = card.table()
    assert table["row_count"].tolist() == [100, 100, 100]
    assert table[["above", "up_to"]].isna().all(axis=1).tolist() == [False, False, True]


def test_the_points_of_a_card_are_its_log_odds(card):
    table = card.table()
    row = np.array([0.4, 1.0, -0.3, 0.2])
    points = 0.0
    for name, lines in table.groupby("feature", sort=False):
        value = row[int(name[1:])]
        low, high = lines["above"].fillna(-np.inf), lines["up_to"].fillna(np.inf)
        known = lines[["above", "up_to"]].notna().any(axis=1)
        points += lines.loc[known & (low < value) & (value <= high), "points"].item()
    rate = card.default_rate([row])[0]
    assert math.log(rate / (1 - rate)) == pytest.approx(card.intercept_ - points * math.log(2) / 20)


def test_it_keeps_directions_and_ranks_a_later_sample(card, sample):
    found = certify(card.ranker_, sample.X, feature_names=sample.names, monotone=sample.monotone)
    assert [one.worst_step for one in found] == [0.0, 0.0]
    assert roc_auc_score(sample.y_later, card.default_rate(sample.X_later)) > 0.7


def test_of_two_features_that_are_alike_the_stronger_one_is_taken(sample):
    rng = np.random.default_rng(0)
    weaker = sample.X[:, 0] + rng.normal(0, 0.05, len(sample.y))
    card = Scorecard(monotone=(1, 1)).fit(np.column_stack([weaker, sample.X[:, 0]]), sample.y)
    assert len(card.bins_) == 1


def test_a_card_without_a_telling_feature_says_the_average(sample):
    card = Scorecard().fit(np.ones((len(sample.y), 1)), sample.y)
    assert card.table().empty
    assert card.default_rate([[1.0], [np.nan]]) == pytest.approx(sample.y.mean(), abs=1e-6)


def test_its_attributions_are_what_each_feature_adds_to_the_average(card, sample):
    shares, start = card.attributions(sample.X_later)
    rate = card.default_rate(sample.X_later)
    np.testing.assert_allclose(start + shares.sum(axis=1), np.log(rate / (1 - rate)), rtol=0, atol=1e-9)
