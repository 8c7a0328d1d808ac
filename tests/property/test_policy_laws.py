import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from creditscore.domain import Colour
from creditscore.policy import decide, load_policy, reserve_amounts

POLICY = load_policy()
RISKS = st.floats(-750, 750) | st.sampled_from([-np.inf, np.inf])  # all log-odds that a float's probability can have
EXPOSURES = st.integers(-(2**62), 2**62)
BEST_FIRST = [str(colour) for colour in Colour]


def one(risk, exposure=0):
    return decide(POLICY, log_odds=[risk], exposure_amount=[exposure])


@given(a=RISKS, b=RISKS)
def test_the_riskier_customer_never_scores_higher_or_gets_a_better_grade_or_colour(a, b):
    safer, riskier = one(min(a, b)), one(max(a, b))
    assert safer.score[0] >= riskier.score[0]
    assert safer.grade[0] <= riskier.grade[0]
    assert BEST_FIRST.index(safer.colour[0]) <= BEST_FIRST.index(riskier.colour[0])


@given(risk=RISKS)
def test_a_score_lies_within_0_and_100(risk):
    assert 0 <= one(risk).score[0] <= 100


@given(score=st.floats(0.01, 99.99))
def test_score_and_log_odds_are_inverse_of_each_other(score):
    assert POLICY.scale.score(POLICY.scale.log_odds(score)) == pytest.approx(score, abs=1e-9)


@given(probability=st.floats(0, 1))
def test_no_grade_has_two_colours(probability):
    edges = (0.03, 0.15)
    assume(probability in edges or all(abs(probability / edge - 1) > 1e-12 for edge in edges))  # a score's rounding
    grade = POLICY.master_scale.grade(probability)
    with np.errstate(divide="ignore"):
        colour = one(np.log(np.float64(probability) / (1 - np.float64(probability)))).colour[0]
    assert colour == ("green" if grade <= "C2" else "yellow" if grade <= "D3" else "red")


@given(exposure=EXPOSURES, points=st.integers(0, 10_000))
def test_a_reserve_is_the_exact_share_rounded_half_up(exposure, points):
    amount = int(reserve_amounts(np.array([exposure]), basis_points=np.array([points]))[0])
    exact = max(exposure, 0) * points  # in ten-thousandths, with Python's unbounded integers
    assert amount == (exact + 5_000) // 10_000


@given(risk=RISKS, small=EXPOSURES, more=st.integers(0, 2**61))
def test_more_exposure_never_needs_less_reserve(risk, small, more):
    assert one(risk, small).reserve_amount[0] <= one(risk, small + more).reserve_amount[0]
