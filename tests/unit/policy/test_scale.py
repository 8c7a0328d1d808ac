import numpy as np
import pytest

from creditscore.errors import ParameterError
from creditscore.policy import log_odds


def test_scores_grades_and_colours_match_the_signed_off_table(policy, signed_off):
    for row in signed_off("score_scale.csv"):
        risk = float(log_odds(float(row["default_probability"])))
        assert policy.scale.score(risk) == pytest.approx(float(row["score"]), abs=1e-9)
        assert policy.master_scale.grade(float(row["default_probability"])) == row["grade"]
        assert policy.colours.of(policy.scale.score(risk)) == row["colour"]


def test_the_anchors_are_met_to_the_last_bit(policy):
    assert policy.scale.score(float(log_odds(0.03))) == 80
    assert policy.scale.score(float(log_odds(0.15))) == 60


def test_the_ends_of_the_scale_are_certain_default_and_certain_payment(policy):
    assert policy.scale.score(np.inf) == 0
    assert policy.scale.score(-np.inf) == 100


@pytest.mark.parametrize("risk", [-12.0, -3.2, 0.0, 5.0])
def test_a_score_is_the_unclipped_one_cut_at_0_and_100(policy, risk):
    assert policy.scale.score(risk) == min(max(policy.scale.unclipped(risk), 0), 100)
    steps = [policy.scale.unclipped(risk + step) for step in (0, 1, 2)]
    assert steps[0] - steps[1] == pytest.approx(steps[1] - steps[2], abs=1e-9)


@pytest.mark.parametrize("score", [0.5, 60, 70, 80, 99.5])
def test_log_odds_are_the_inverse_of_the_score(policy, score):
    assert policy.scale.score(policy.scale.log_odds(score)) == pytest.approx(score, abs=1e-9)


@pytest.mark.parametrize("wrong", [-0.01, 1.01, float("nan"), [0.5, 30]])
def test_what_is_no_probability_is_refused(wrong):
    with pytest.raises(ParameterError, match="outside 0 to 1"):
        log_odds(wrong)


@pytest.mark.parametrize("bound", [0.0005, 0.03, 0.15, 0.4])
def test_a_bound_belongs_to_the_better_grade(policy, bound):
    scale = policy.master_scale
    here, above = scale.labels.index(scale.grade(bound)), scale.labels.index(scale.grade(bound * (1 + 1e-12)))
    assert scale.bounds[here] == bound
    assert above == here + 1
