"""The choice among candidates, and what happens with few defaults."""

import numpy as np
import pytest
from scipy.special import expit, logit
from sklearn.base import clone

from creditscore.errors import ParameterError
from creditscore.models import (
    BestCalibration,
    BetaCalibration,
    CentralTendency,
    IsotonicCalibration,
    LevelCalibration,
    LogisticCalibration,
    LowDefaultCalibration,
    calibration_of,
    candidate_scores,
)
from creditscore.models.calibration.customers import deal, earlier_half, learning_and_judging
from creditscore.models.calibration.scores import clustered_error


@pytest.fixture(scope="module")
def panel():
    """400 customers on 6 days, whose risk stays theirs."""
    random = np.random.default_rng(12)
    own = random.normal(-2.0, 1.2, size=400)
    customers, days = np.repeat(np.arange(400), 6), np.tile(np.arange(6), 400)
    x = np.repeat(own, 6) + random.normal(scale=0.2, size=2_400)
    y = (random.random(400) < expit(own)).astype(float)
    return expit(x), np.repeat(y, 6), customers, days


def test_the_choice_is_fitted_on_all_rows_and_speaks_for_itself(panel):
    rates, y, customers, days = panel
    best = BestCalibration().fit(rates, y, groups=customers, days=days)
    alone = clone(best.chosen_).fit(rates, y)
    np.testing.assert_array_equal(best.log_odds(rates), alone.log_odds(rates))
    assert best.to_record() == alone.to_record()
    assert calibration_of(best.to_record()).to_record() == best.to_record()


def test_the_table_holds_each_candidate_and_marks_one(panel):
    rates, y, customers, _ = panel
    scores = BestCalibration().fit(rates, y, groups=customers).scores_
    assert [score.kind for score in scores] == ["logistic", "beta", "isotonic"]
    assert [score.chosen_flag for score in scores].count(True) == 1
    assert min(score.behind for score in scores) == 0
    best = min(scores, key=lambda score: score.log_loss)
    for score in scores:
        assert score.behind == pytest.approx(score.log_loss - best.log_loss, abs=1e-12)


def test_the_scores_are_those_of_forecasts_for_customers_set_aside(panel):
    rates, y, customers, _ = panel
    scores = BestCalibration(folds=4).fit(rates, y, groups=customers).scores_
    fold = deal(customers, y, folds=4)
    said = np.empty(len(y))
    for index in range(4):
        held = fold == index
        said[held] = LogisticCalibration().fit(rates[~held], y[~held]).log_odds(rates[held])
    pd_12m = expit(said)
    assert scores[0].log_loss == pytest.approx(-np.mean(y * np.log(pd_12m) + (1 - y) * np.log(1 - pd_12m)), rel=1e-12)
    assert scores[0].brier == pytest.approx(np.mean((pd_12m - y) ** 2), rel=1e-12)


def test_a_tie_within_one_standard_error_goes_to_the_simplest(panel):
    rates, y, customers, _ = panel
    scores = BestCalibration().fit(rates, y, groups=customers).scores_
    chosen = next(score for score in scores if score.chosen_flag)
    assert chosen.behind <= chosen.behind_error
    assert all(score.behind > score.behind_error for score in scores[: scores.index(chosen)])


def test_the_order_of_candidates_says_which_is_the_simplest(panel):
    rates, y, customers, _ = panel
    same = (LogisticCalibration(floor=2e-4), LogisticCalibration(floor=1e-4))
    scores = BestCalibration(same).fit(rates, y, groups=customers).scores_
    assert scores[0].behind == pytest.approx(0, abs=1e-12)
    assert scores[0].chosen_flag


def test_no_customer_is_on_both_sides_and_defaulters_are_dealt_out_evenly(panel):
    _, y, customers, _ = panel
    fold = deal(customers, y, folds=5)
    for learned, held in learning_and_judging(fold, None, folds=5):
        assert not set(customers[learned]) & set(customers[held])
        assert (learned | held).all()
    defaulters = [len(set(customers[(fold == index) & (y == 1)])) for index in range(5)]
    assert max(defaulters) - min(defaulters) <= 1


def test_where_time_can_be_cut_what_is_judged_is_later_than_what_was_learned_from(panel):
    rates, y, customers, days = panel
    best = BestCalibration().fit(rates, y, groups=customers, days=days)
    assert best.folds_ == "customers, the later half of the days judged by the earlier"
    early = earlier_half(days, customers, y, least=20)
    for learned, held in learning_and_judging(deal(customers, y, folds=5), early, folds=5):
        assert days[learned].max() < days[held].min()
        assert not set(customers[learned]) & set(customers[held])


@pytest.mark.parametrize(
    ("days", "least", "early"),
    [
        ([1, 1, 2, 2], 1, [True, True, False, False]),
        ([1, 2, 2, 2], 1, [True, False, False, False]),
        ([1, 1, 1, 1], 1, None),
        ([1, 1, 2, 2], 3, None),
    ],
)
def test_time_is_cut_in_the_middle_if_both_halves_hold_enough_defaulters(days, least, early):
    found = earlier_half(np.array(days), np.arange(4), np.ones(4), least=least)
    assert early is None if found is None else found.tolist() == early


def test_without_two_full_halves_time_plays_no_part(panel):
    rates, y, customers, days = panel
    best = BestCalibration().fit(rates, y, groups=customers, days=np.zeros_like(days))
    assert best.folds_ == "customers"
    assert best.scores_ == BestCalibration().fit(rates, y, groups=customers).scores_


def test_the_names_of_customers_and_the_order_of_rows_do_not_matter(panel):
    rates, y, customers, days = panel
    names = np.array([f"C{number:04}" for number in customers], dtype=object)
    mixed = np.random.default_rng(3).permutation(len(y))
    one = BestCalibration().fit(rates, y, groups=customers, days=days).scores_
    two = BestCalibration().fit(rates[mixed], y[mixed], groups=names[mixed], days=days[mixed]).scores_
    for a, b in zip(one, two, strict=True):
        assert (a.kind, a.chosen_flag, a.remark) == (b.kind, b.chosen_flag, b.remark)
        assert a.log_loss == pytest.approx(b.log_loss, rel=1e-9)


def test_rows_of_one_customer_widen_the_error_of_a_difference():
    values = np.random.default_rng(1).normal(size=50)
    alone = clustered_error(values, np.arange(50))
    assert alone == pytest.approx(values.std(ddof=1) / np.sqrt(50), rel=1e-12)
    assert clustered_error(np.repeat(values, 4), np.repeat(np.arange(50), 4)) == pytest.approx(alone, rel=1e-12)
    assert clustered_error(values, np.zeros(50, dtype=int)) == np.inf


@pytest.mark.parametrize(
    ("defaulters", "kind", "remark"),
    [
        (0, "low_default", "None of 200 customers default."),
        (1, "level", "1 customers default and 199 do not; a slope needs 20 of each."),
        (19, "level", "19 customers default and 181 do not; a slope needs 20 of each."),
        (185, "level", "185 customers default and 15 do not; a slope needs 20 of each."),
    ],
)
def test_few_defaulters_leave_a_humbler_calibration_that_says_so(defaulters, kind, remark):
    rates = np.linspace(0.01, 0.5, 200)
    best = BestCalibration().fit(rates, np.arange(200) >= 200 - defaulters)
    assert best.to_record()["kind"] == kind
    assert best.to_record()["default_count"] == defaulters
    (score,) = best.scores_
    assert (score.kind, score.chosen_flag, score.remark) == (kind, True, remark)
    assert best.folds_ == "none"


def test_defaulters_are_counted_and_not_their_rows():
    rates = np.tile(np.linspace(0.01, 0.5, 100), 12)
    y = np.tile(np.arange(100) >= 95, 12)
    best = BestCalibration().fit(rates, y, groups=np.tile(np.arange(100), 12))
    assert y.sum() == 60
    assert isinstance(best.chosen_, LevelCalibration)


def test_the_fallbacks_can_be_chosen():
    rates = np.linspace(0.01, 0.5, 200)
    prudent = LowDefaultCalibration(confidence=0.9)
    best = BestCalibration(few=prudent).fit(rates, np.arange(200) >= 197)
    assert best.chosen_.confidence == 0.9
    assert best.to_record()["kind"] == "low_default"


def test_a_candidate_that_refuses_a_fold_is_left_out_with_its_reason():
    random = np.random.default_rng(0)
    rates = random.uniform(0.1, 0.4, size=60)
    y = (random.random(60) < expit(0.5 + 2 * logit(rates) + 1.5)).astype(float)
    best = BestCalibration((LogisticCalibration(), IsotonicCalibration(block_rows=50))).fit(rates, y)
    assert best.chosen_.kind == "logistic"
    assert best.scores_[1].remark.startswith("Not judged: No block defaults more often")
    assert np.isnan(best.scores_[1].log_loss)


def test_a_single_candidate_is_taken_without_a_contest(panel):
    rates, y, customers, _ = panel
    best = BestCalibration((BetaCalibration(),)).fit(rates, y, groups=customers)
    assert best.scores_[0].remark == "The only candidate."
    assert best.chosen_.kind == "beta"


def test_its_scores_are_found_under_a_long_run_rate_too(panel):
    rates, y, customers, _ = panel
    moved = CentralTendency(BestCalibration(), long_run_rate=0.05).fit(rates, y, groups=customers)
    assert candidate_scores(moved) == BestCalibration().fit(rates, y, groups=customers).scores_
    assert moved.to_record()["calibration"]["kind"] in {"logistic", "beta", "isotonic"}
    assert candidate_scores(LogisticCalibration().fit(rates, y)) == ()


def test_a_copy_has_the_same_parameters_and_nothing_learned(panel):
    rates, y, customers, _ = panel
    best = BestCalibration(folds=3, min_defaulters=30).fit(rates, y, groups=customers)
    copy = clone(best)
    assert (copy.folds, copy.min_defaulters, len(copy.candidates)) == (3, 30, 3)
    assert not hasattr(copy, "chosen_")
    assert not hasattr(best.candidates[0], "slope_")


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ({"candidates": ()}, "0 candidates"),
        ({"folds": 1}, "1 folds"),
        ({"folds": 5, "min_defaulters": 4}, "4 defaulters"),
    ],
)
def test_settings_that_leave_nothing_to_judge_are_refused(settings, found, panel):
    with pytest.raises(ParameterError, match=found):
        BestCalibration(**settings).fit(*panel[:2])


def test_rows_must_fit_together(panel):
    rates, y, customers, days = panel
    with pytest.raises(ParameterError, match=r"groups has shape \(10,\) for 2400 rows"):
        BestCalibration().fit(rates, y, groups=customers[:10])
    with pytest.raises(ParameterError, match=r"days has shape \(10,\) for 2400 rows"):
        BestCalibration().fit(rates, y, groups=customers, days=days[:10])
    with pytest.raises(ParameterError, match="1 labels are missing"):
        BestCalibration().fit([0.1, 0.2], [0, np.nan])
    with pytest.raises(ParameterError, match="not numbers between 0 and 1"):
        BestCalibration().fit([0.1, 1.2], [0, 1])


def test_a_period_that_is_ranked_backwards_is_refused_in_the_words_of_the_simplest(panel):
    rates, y, customers, _ = panel
    with pytest.raises(ParameterError, match=r"LogisticCalibration: The slope is .* backwards"):
        BestCalibration((LogisticCalibration(), BetaCalibration())).fit(1 - rates, y, groups=customers)
