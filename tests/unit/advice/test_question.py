"""The arithmetic of an answer, worked out by hand beside it."""

import math
from datetime import date

import pytest

from creditscore.advice import Advice, EndedBy, History, Provenance, Refusal, Request
from creditscore.advice.question import Question
from creditscore.domain import Colour, Reason
from creditscore.policy import log_odds

PROVENANCE = Provenance(
    as_of=date(2024, 1, 31),
    horizon_months=12,
    base_bundle_hash="b",
    scenario_bundle_hash="s",
    policy_hash="p",
    code_version="1",
)
MONTH = 1_000_000.0  # minor units of usual turnover


@pytest.fixture
def question(learned, policy):
    def make(purpose="bulk_purchase", *, amount=1_000_000, term_days=60, base=-4.0, most=None, open_amount=500_000):
        return Question(
            customer_id="C1",
            request=Request(purpose=purpose, amount=amount, term_days=term_days, max_default_probability=most),
            history=History(monthly_amount=MONTH, usual_term_days=60),
            amount=amount,
            term_days=term_days,
            base_log_odds=base,
            base_reasons=(Reason("B01", en="It pays late", zh="付款偏晚"),),
            open_amount=open_amount,
            scenario=learned,
            policy=policy,
            provenance=PROVENANCE,
        )

    return make


def test_the_money_follows_from_probability_and_exposure(question, policy):
    answer = question(amount=1_500_000).answer()
    pd = answer.under.default_probability
    assert answer.exposure_amount == 500_000 + 1_500_000
    assert answer.reserve_amount == round(2_000_000 * policy.reserve.of(answer.under.colour))
    assert answer.expected_loss_amount == math.floor(pd * 0.40 * 2_000_000 + 0.5)
    assert answer.break_even_margin_ratio == pytest.approx(pd * 0.40 / (1 - pd))


def test_at_the_break_even_margin_nothing_is_earned(question, policy):
    answer = question().answer()
    pd, margin = answer.under.default_probability, answer.break_even_margin_ratio
    assert (1 - pd) * margin - pd * policy.loss.given_default == pytest.approx(0.0, abs=1e-15)


def test_a_longer_term_adds_the_turnover_of_its_days(question):
    answer = question("term_extension", term_days=90).answer()
    assert answer.exposure_amount == 500_000 + math.floor(MONTH / (365 / 12) * 30)


def test_the_request_is_told_before_the_customer(question):
    answer = question(amount=3_000_000, term_days=90, base=-3.0).answer()
    assert [reason.code for reason in answer.reasons][:2] == ["A01", "A02"]
    assert answer.reasons[-1].code == "B01"
    assert answer.without.default_probability < answer.under.default_probability


@pytest.mark.parametrize("most", [None, 0.05, 0.3])
def test_one_more_than_the_most_breaks_what_it_says_it_breaks(question, most):
    asked = question(amount=500_000, base=-4.0, most=most)
    for found, broken in (
        (asked.largest_amount(), lambda value: asked.broken_by(value, 60)),
        (asked.longest_term_days(), lambda value: asked.broken_by(500_000, value)),
    ):
        assert broken(found.value) is None
        assert broken(found.value + 1) == found.ended_by


def test_a_probability_that_even_the_smallest_amount_exceeds_leaves_no_amount(question):
    found = question(base=-4.0, most=0.001).largest_amount()
    assert (found.value, found.ended_by) == (None, EndedBy.DEFAULT_PROBABILITY)


def test_a_red_customer_is_offered_no_amount_for_trade_is_suspended(question):
    asked = question(amount=200_000, base=float(log_odds(0.3)))
    answer = asked.answer()
    assert answer.without.colour == Colour.RED
    assert (answer.largest_amount.value, answer.largest_amount.ended_by) == (None, EndedBy.POLICY)
    assert "A05" in [reason.code for reason in answer.reasons]


def test_a_yellow_customer_has_no_longer_term_than_the_policy_allows(question):
    found = question(amount=200_000, term_days=20, base=float(log_odds(0.05))).longest_term_days()
    assert (found.value, found.ended_by) == (30, EndedBy.POLICY)


@pytest.mark.parametrize(
    ("asked", "code"),
    [({"amount": 9_000_000}, "N03"), ({"term_days": 300}, "N04"), ({"base": 9.0}, "N05")],
    ids=["too large", "too long", "too rare a customer"],
)
def test_a_request_beyond_the_training_data_is_refused_with_the_reason(question, asked, code):
    answer = question(**asked).answer()
    assert isinstance(answer, Refusal)
    assert answer.reason.code == code


def test_a_refusal_of_the_amount_names_the_largest_that_has_an_answer(question):
    refused = question(amount=9_000_000, base=-4.0, most=0.9).answer()
    largest = refused.largest_amount
    assert largest.ended_by == EndedBy.SUPPORT
    assert isinstance(question(amount=largest.value, base=-4.0, most=0.9).answer(), Advice)
    assert isinstance(question(amount=largest.value + 1, base=-4.0, most=0.9).answer(), Refusal)


def test_a_credit_balance_does_not_make_the_reserve_negative(question):
    assert question(amount=100, open_amount=0).answer().reserve_amount >= 0
