"""Discrimination: rank metrics against values counted by hand, against other implementations, and at the edges."""

import math
import time

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from creditscore.errors import ParameterError
from creditscore.validation import auc, auc_on_grades, cap_curve, gini, ks, paired_delong, roc_curve

# Pairs (default, non-default): 0.9 beats all three; 0.3 beats 0.1, ties with 0.3 and loses to 0.4.
FLAG = [1, 1, 0, 0, 0]
RANKING = [0.9, 0.3, 0.1, 0.3, 0.4]


@pytest.fixture
def portfolio():
    generator = np.random.default_rng(7)
    probability = generator.beta(1, 12, 3000)
    return (generator.random(3000) < probability).astype(float), probability.round(3)


def test_auc_counts_the_pairs_that_are_in_order_and_ties_as_half():
    assert auc(FLAG, RANKING).value == pytest.approx((3 + 1.5) / 6)


def test_auc_has_the_value_that_scikit_learn_gives(portfolio):
    assert auc(*portfolio).value == pytest.approx(roc_auc_score(*portfolio), abs=1e-12)


def test_delong_variance_is_the_one_of_its_definition_over_all_pairs(portfolio):
    flag, ranking = portfolio
    bad, good = ranking[flag == 1], ranking[flag == 0]
    pairs = (bad[:, None] > good).astype(float) + 0.5 * (bad[:, None] == good)
    variance = pairs.mean(axis=1).var(ddof=1) / len(bad) + pairs.mean(axis=0).var(ddof=1) / len(good)
    half = stats.norm.ppf(0.975) * math.sqrt(variance)
    found = auc(flag, ranking)
    assert (found.low, found.high) == pytest.approx((pairs.mean() - half, pairs.mean() + half), abs=1e-12)


def test_auc_on_rows_equals_auc_on_grades():
    customers, defaults = np.array([400, 300, 100]), np.array([8, 21, 25])
    grade = np.repeat([0, 0, 1, 1, 2, 2], np.column_stack((defaults, customers - defaults)).ravel())
    flag = np.repeat([1, 0] * 3, np.column_stack((defaults, customers - defaults)).ravel())
    on_grades = auc_on_grades(customers, defaults)
    half = stats.norm.ppf(0.975) * math.sqrt(on_grades.variance)
    assert auc(flag, grade).value == pytest.approx(on_grades.value, abs=1e-12)
    assert auc(flag, grade).high == pytest.approx(on_grades.value + half, abs=1e-12)


def test_gini_is_twice_the_auc_less_one_with_its_interval():
    area, accuracy = auc(FLAG, RANKING), gini(FLAG, RANKING)
    assert accuracy.value == pytest.approx(0.5)
    assert (accuracy.low, accuracy.high) == pytest.approx((2 * area.low - 1, 2 * area.high - 1))


def test_ks_is_the_largest_distance_of_the_two_distributions(portfolio):
    flag, ranking = portfolio
    expected = stats.ks_2samp(ranking[flag == 1], ranking[flag == 0]).statistic
    assert ks(flag, ranking).value == pytest.approx(expected, abs=1e-12)


def test_intervals_of_auc_and_ks_cover_the_truth_as_often_as_they_say():
    # Rankings normal with means 0 and 1: AUC Phi(1 / sqrt 2), KS 2 Phi(1/2) - 1.
    truth = {auc: stats.norm.cdf(1 / math.sqrt(2)), ks: 2 * stats.norm.cdf(0.5) - 1}
    generator = np.random.default_rng(21)
    flag = (np.arange(4000) < 800).astype(float)
    covered = {auc: [], ks: []}
    for _ in range(200):
        ranking = generator.normal(size=4000) + flag
        for metric, found in covered.items():
            interval = metric(flag, ranking, level=0.9)
            found.append(interval.low <= truth[metric] <= interval.high)
    assert np.mean(covered[auc]) == pytest.approx(0.9, abs=0.05)
    assert np.mean(covered[ks]) > 0.8  # the maximum also picks noise: a little below its level


def test_a_ranking_that_is_upside_down_gets_no_ks():
    assert ks([1, 1, 0, 0], [0.1, 0.2, 0.3, 0.4]).value == 0.0


def test_a_perfect_ranking_has_a_value_but_no_interval():
    found = auc([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9])
    assert found.value == 1.0
    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert not found.known


def test_a_single_default_has_a_value_but_no_interval():
    found = auc([0, 0, 1], [0.1, 0.9, 0.5])
    assert found.value == pytest.approx(0.5)
    assert not found.known


def test_a_wider_level_gives_a_wider_interval(portfolio):
    narrow, wide = auc(*portfolio, level=0.8), auc(*portfolio, level=0.99)
    assert wide.low < narrow.low < narrow.value < narrow.high < wide.high


def test_paired_delong_matches_the_covariance_form(portfolio):
    flag, first = portfolio
    second = np.random.default_rng(1).permutation(first) * 0.5 + first
    parts = []
    for ranking in (first, second):
        pairs = (ranking[flag == 1][:, None] > ranking[flag == 0]) + 0.5 * (
            ranking[flag == 1][:, None] == ranking[flag == 0]
        )
        parts.append((pairs.mean(axis=1), pairs.mean(axis=0)))
    covariance = sum(np.cov(parts[0][side], parts[1][side]) / len(parts[0][side]) for side in (0, 1))
    found = paired_delong(flag, first, second)
    error = math.sqrt(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    assert found.standard_error == pytest.approx(error, abs=1e-12)
    assert found.difference == pytest.approx(roc_auc_score(flag, first) - roc_auc_score(flag, second), abs=1e-12)
    assert found.p_value == pytest.approx(2 * stats.norm.sf(abs(found.difference) / error))


def test_two_models_that_rank_alike_have_no_p_value(portfolio):
    flag, ranking = portfolio
    found = paired_delong(flag, ranking, np.exp(3 * ranking))
    assert found.difference == 0.0
    assert math.isnan(found.p_value)


def test_curves_go_from_corner_to_corner_and_their_areas_are_auc_and_gini(portfolio):
    flag, ranking = portfolio
    roc, cap = roc_curve(flag, ranking), cap_curve(flag, ranking)
    for curve in (roc, cap):
        assert (curve.x[0], curve.y[0], curve.x[-1], curve.y[-1]) == (0, 0, 1, 1)
    assert np.trapezoid(roc.y, roc.x) == pytest.approx(auc(flag, ranking).value, abs=1e-12)
    lift = (np.trapezoid(cap.y, cap.x) - 0.5) / (0.5 - flag.mean() / 2)
    assert lift == pytest.approx(gini(flag, ranking).value, abs=1e-12)


def test_a_million_rows_take_about_a_second():
    generator = np.random.default_rng(3)
    ranking = generator.random(1_000_000)
    flag = generator.random(1_000_000) < 0.05 * (1 + ranking)
    started = time.perf_counter()
    found = auc(flag, ranking)
    assert time.perf_counter() - started < 5  # 0.5 s on an idle core; the machine may be shared
    assert 0.5 < found.low < found.high < 0.7


def test_columns_of_a_frame_and_booleans_are_welcome():
    frame = pd.DataFrame({"default_flag": [True, False, False], "pd_12m": [0.3, 0.2, 0.4]})
    assert auc(frame["default_flag"], frame["pd_12m"]).value == 0.5


@pytest.mark.parametrize("metric", [auc, gini, ks, roc_curve, cap_curve])
@pytest.mark.parametrize(
    ("flag", "ranking", "fix"),
    [
        ([], [], "at least one row"),
        ([0, 0], [0.1, 0.2], "Discrimination needs defaults and non-defaults"),
        ([1, 1], [0.1, 0.2], "Discrimination needs defaults and non-defaults"),
        ([0, math.nan], [0.1, 0.2], "outcome window has not ended"),
        ([0, 2], [0.1, 0.2], "Pass 0 or 1"),
        ([0, 1], [0.1, math.nan], "Score these rows"),
        ([0, 1], [0.1], "one value for each label"),
        ([0, 1], ["a", "b"], "Pass numbers"),
        ([[0, 1]], [0.1, 0.2], "a vector or a column"),
    ],
)
def test_degenerate_input_is_refused_with_what_to_do(metric, flag, ranking, fix):
    with pytest.raises(ParameterError, match=fix):
        metric(flag, ranking)


def test_a_level_that_is_no_share_is_refused():
    with pytest.raises(ParameterError, match=r"confidence level such as 0\.95"):
        auc(FLAG, RANKING, level=95)


def test_seeing_every_customer_again_adds_no_certainty(portfolio):
    flag, ranking = portfolio
    once = auc(flag, ranking)
    again = auc(np.tile(flag, 3), np.tile(ranking, 3), customers=np.tile(np.arange(len(flag)), 3))
    assert (again.value, again.low, again.high) == pytest.approx((once.value, once.low, once.high), abs=1e-12)
    assert auc(np.tile(flag, 3), np.tile(ranking, 3)).low > again.low


def test_customers_with_one_row_each_leave_delongs_interval(portfolio):
    flag, ranking = portfolio
    names = [f"C{number}" for number in range(len(flag))]
    assert auc(flag, ranking, customers=names).low == pytest.approx(auc(flag, ranking).low, abs=1e-15)


def test_a_comparison_on_repeated_customers_has_the_p_value_of_one_look(portfolio):
    flag, ranking = portfolio
    other = ranking + np.random.default_rng(3).normal(0, 0.05, len(ranking))
    once = paired_delong(flag, ranking, other)
    again = paired_delong(
        np.tile(flag, 4), np.tile(ranking, 4), np.tile(other, 4), customers=np.tile(np.arange(len(flag)), 4)
    )
    assert again.standard_error == pytest.approx(once.standard_error, rel=1e-9)
    assert again.p_value == pytest.approx(once.p_value, rel=1e-6)


def test_obuchowskis_variance_is_the_one_of_its_definition_by_customer():
    # Customer 0: a default and a non-default; 1: two non-defaults; 2 and 3: a default each; placements counted by hand.
    flag, ranking = [1, 0, 0, 0, 1, 1], [0.6, 0.5, 0.2, 0.7, 0.9, 0.4]
    whose = [0, 0, 1, 1, 2, 3]
    bad, good = np.array([2 / 3, 1.0, 1 / 3]), np.array([2 / 3, 1.0, 1 / 3])
    theta = 2 / 3
    of_bad = {0: bad[0] - theta, 2: bad[1] - theta, 3: bad[2] - theta}
    of_good = {0: good[0] - theta, 1: good[1] + good[2] - 2 * theta}
    first = 3 / 2 * sum(total**2 for total in of_bad.values()) / 9
    second = 2 / 1 * sum(total**2 for total in of_good.values()) / 9
    both = 4 / 3 * of_bad[0] * of_good[0] / 9
    half = stats.norm.ppf(0.975) * math.sqrt(first + second + 2 * both)
    found = auc(flag, ranking, customers=whose)
    assert found.value == pytest.approx(theta)
    assert found.low == pytest.approx(max(theta - half, 0.0))


def test_customers_of_another_length_are_refused():
    with pytest.raises(ParameterError, match="2 are given for 5 rows"):
        auc(FLAG, RANKING, customers=["a", "b"])
