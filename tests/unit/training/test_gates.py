"""Each gate asks one thing and answers with a sentence."""

import math

import pytest

from creditscore.errors import ParameterError
from creditscore_training.gates import Gates, judge

GOOD = {
    "auc_test": 0.80,
    "auc_test_logistic": 0.78,
    "delong_p_logistic": 0.20,
    "calibration_slope_test": 1.02,
    "default_count_test": 120.0,
    "worst_monotone_step": 0.0,
    "withheld_riskier_share": 0.0,
}


def refused_by(metrics, **gates):
    return [result.name for result in judge(Gates(**gates), GOOD | metrics) if not result.passed]


def test_a_good_model_passes_every_gate():
    assert refused_by({}) == []


@pytest.mark.parametrize(
    ("metrics", "gate"),
    [
        ({"auc_test": 0.699, "auc_test_logistic": 0.6}, "ranks_well_enough"),
        ({"default_count_test": 29.0}, "enough_defaults"),
        ({"calibration_slope_test": 0.74}, "calibrated"),
        ({"calibration_slope_test": 1.34}, "calibrated"),
        ({"calibration_slope_test": math.nan}, "calibrated"),
        ({"auc_test_logistic": 0.82, "delong_p_logistic": 0.01}, "no_worse_than_logistic"),
        ({"worst_monotone_step": 1e-9}, "keeps_its_word"),
        ({"withheld_riskier_share": 0.01}, "keeps_its_word"),
    ],
)
def test_each_gate_refuses_what_it_is_there_for(metrics, gate):
    assert refused_by(metrics) == [gate]


def test_a_smaller_auc_passes_while_the_difference_is_not_significant():
    assert refused_by({"auc_test_logistic": 0.81, "delong_p_logistic": 0.06}) == []


def test_a_significantly_better_forest_passes():
    assert refused_by({"auc_test_logistic": 0.70, "delong_p_logistic": 0.001}) == []


def test_rankings_that_agree_on_every_pair_have_no_p_value_and_pass():
    assert refused_by({"auc_test_logistic": 0.80, "delong_p_logistic": math.nan}) == []


def test_the_logistic_regression_may_win_where_the_recipe_does_not_ask():
    assert refused_by({"auc_test_logistic": 0.9, "delong_p_logistic": 0.001}, beats_logistic=False) == []


def test_a_recipe_may_do_without_the_certificate():
    assert refused_by({"worst_monotone_step": 0.1}, certified=False) == []


def test_a_refusal_says_what_was_found_and_what_was_asked():
    (result,) = [one for one in judge(Gates(min_auc=0.85), GOOD) if not one.passed]
    assert result.sentence == "The AUC out of time is 0.800; at least 0.850 is asked for."


@pytest.mark.parametrize(
    "broken",
    [
        {"min_auc": 1.0},
        {"min_auc": -0.1},
        {"significance": 0.0},
        {"calibration_slope": (1.2, 0.8)},
        {"min_defaults": -1},
    ],
)
def test_gates_that_nothing_could_pass_are_refused(broken):
    with pytest.raises(ParameterError, match="Gates"):
        Gates(**broken)
