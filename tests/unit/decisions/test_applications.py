import json
from dataclasses import replace
from datetime import date

import pytest

from creditscore.decisions import Applicant, Application, Freeze, decide_application
from creditscore.domain import Colour, Purpose
from creditscore.errors import ParameterError, PolicyError

APPLICATION = Application(customer_id="C1", applied_on=date(2024, 6, 3), amount=1_000_000, term_days=90)
APPLICANT = Applicant(
    customer_id="C1",
    as_of=date(2024, 6, 2),
    industry_code="C26",
    cooperation_years=4.5,
    payback_ratio=0.97,
    colour=Colour.GREEN,
    score=91.0,
    grade="B2",
    default_probability=0.005,
    horizon_months=12,
    exposure_amount=400_000,
    limit_amount=None,
    agreed_term_days=None,
)
FROZEN = Freeze(cause_id="C9", path='[["C9","guarantees","C5"],["C1","owns","C5"]]')


@pytest.fixture
def decided(policy):
    """Decide on the application with changes in it or in what is known."""

    def decide(*, asked=None, **known):
        return decide_application(replace(APPLICATION, **asked or {}), replace(APPLICANT, **known), policy=policy)

    return decide


def codes(found):
    return [one.code for one in found]


def test_low_risk_is_approved_automatically_within_one_working_day(decided):
    record = decided()
    assert (record.outcome, record.route, record.rule.key) == ("approved", "green_channel", "approval.rules[4]")
    assert (record.levels, record.due_on, record.conditions) == ((), date(2024, 6, 4), ())
    assert (record.allowed_amount, record.allowed_term_days) == (1_000_000, 90)
    assert [(one.dimension, one.level) for one in record.grading] == [
        ("industry", "medium"),
        ("cooperation", "low"),
        ("payback", "low"),
    ]
    assert codes(record.reasons) == ["G12", "G41", "G21", "G31"]


@pytest.mark.parametrize(
    "known",
    [
        {"cooperation_years": 3.0},
        {"payback_ratio": 0.9499},
        {"industry_code": "E47"},
        {"colour": Colour.YELLOW},
        {"cooperation_years": None},
        {"payback_ratio": None},
        {"freeze": FROZEN},
    ],
)
def test_whoever_misses_one_of_it_is_referred_to_people(decided, known):
    record = decided(**known)
    assert record.outcome == "referred"
    assert record.route != "green_channel"
    assert record.levels


def test_each_level_has_its_days_after_the_one_before(decided):
    record = decided(colour=Colour.RED, score=40.0, asked={"applied_on": date(2024, 9, 27)})
    assert [(level.code, level.due_on) for level in record.levels] == [
        ("account_manager", date(2024, 9, 29)),  # a working Sunday
        ("credit_manager", date(2024, 10, 8)),  # 30 September, then over National Day
        ("credit_committee", date(2024, 10, 10)),
    ]
    assert record.due_on == date(2024, 10, 10)
    assert record.deadlines_announced


def test_a_deadline_in_a_year_without_an_announcement_is_marked(decided):
    assert not decided(asked={"applied_on": date(2027, 3, 1)}).deadlines_announced


def test_a_yellow_customer_is_bound_to_its_share_of_the_limit_and_to_30_days(decided):
    record = decided(colour=Colour.YELLOW, limit_amount=999_999)
    condition = record.conditions[0]
    assert (condition.code, condition.key) == ("reduce_limit_and_term", "actions.yellow")
    assert (condition.max_amount, condition.max_term_days) == (699_999, 30)  # 699,999.3 rounded down
    assert (record.allowed_amount, record.allowed_term_days) == (699_999, 30)
    assert codes(record.reasons)[-1] == "G70"


def test_without_a_granted_limit_a_colour_leaves_its_share_of_what_is_asked_for(decided):
    assert decided(colour=Colour.YELLOW).allowed_amount == 700_000


def test_who_asks_for_less_than_the_colour_allows_gets_what_it_asks_for(decided):
    record = decided(colour=Colour.YELLOW, limit_amount=2_000_000, asked={"term_days": 30})
    assert (record.allowed_amount, record.allowed_term_days) == (1_000_000, 30)
    assert "G70" not in codes(record.reasons)


def test_the_green_channel_gives_no_more_than_the_granted_limit(decided):
    record = decided(limit_amount=600_000)
    assert (record.outcome, record.allowed_amount) == ("approved", 600_000)
    assert [(one.code, one.max_amount) for one in record.conditions] == [("granted_limit", 600_000)]
    assert decided(limit_amount=1_000_000).conditions == ()


def test_the_green_channel_relaxes_the_agreed_term_by_the_days_of_the_policy(decided):
    assert decided(agreed_term_days=60).conditions == ()
    record = decided(agreed_term_days=59)
    assert [(one.code, one.key, one.max_term_days) for one in record.conditions] == [
        ("relaxed_term", "actions.green.extra_term_days", 89)
    ]
    assert (record.outcome, record.allowed_term_days) == ("approved", 89)


def test_the_conditions_of_the_rule_bind_too_with_their_numbers(decided):
    record = decided(industry_code="E47")
    assert [(one.code, one.key, one.en, one.max_term_days) for one in record.conditions] == [
        ("short_term", "approval.conditions[2]", "Payment term at most 60 days", 60)
    ]
    assert record.allowed_term_days == 60


def test_a_frozen_customer_is_graded_as_red_and_gets_nothing_before_the_committee_has_spoken(decided):
    record = decided(freeze=FROZEN)
    assert (record.applicant.colour, record.graded_colour, record.route) == ("green", "red", "committee")
    assert (record.allowed_amount, record.allowed_term_days) == (0, 0)
    assert (record.conditions[0].code, record.conditions[0].key) == ("freeze_credit", "actions.frozen")
    assert record.reasons[0].code == "G51"
    told = "The credit is frozen. A red alert of C9 reaches it: C9 guarantees C5; C1 owns C5."
    assert record.reasons[0].en == told
    assert decided(freeze=Freeze(cause_id="C1", path="[]")).reasons[0].code == "G50"


def test_a_frozen_red_customer_stays_suspended(decided):
    assert decided(colour=Colour.RED, freeze=FROZEN).conditions[0].key == "actions.red"


def test_a_dispute_is_ruled_by_the_committee_within_one_working_day_and_never_by_the_machine(decided):
    record = decided(asked={"disputed_on": date(2024, 6, 7)})
    assert (record.dispute_level, record.dispute_due_on) == ("credit_committee", date(2024, 6, 11))  # over Dragon Boat
    assert record.outcome == "referred"
    assert codes(record.reasons)[0] == "G60"
    assert decided().dispute_due_on is None


def test_what_is_unknown_is_told_as_unknown(decided):
    record = decided(industry_code=None, cooperation_years=None, payback_ratio=None)
    assert codes(record.reasons) == ["G20", "G30", "G10", "G41", "G70"]
    assert record.reasons[2].en == "The industry is unknown and counts as medium risk"
    assert record.reasons[2].zh == "行业未知，按中风险处理"


def test_reasons_carry_the_numbers_of_the_policy(decided):
    told = {reason.code: reason.en for reason in decided(cooperation_years=1.0, payback_ratio=0.85).reasons}
    assert told["G22"] == "Years of cooperation from 1 to 3"
    assert told["G32"] == "From 85 % to below 95 % of what fell due was paid"


def test_the_same_facts_have_the_same_record_and_any_other_fact_another(decided, policy):
    first = decided()
    other = replace(policy, targets=replace(policy.targets, overdue_ratio_below=0.06))
    assert decided().record_id == first.record_id == decided().to_record()["record_id"]
    others = [
        decided(payback_ratio=0.98),
        decided(asked={"purpose": Purpose.BULK_PURCHASE}),
        decide_application(APPLICATION, APPLICANT, policy=other),
    ]
    assert len({first.record_id, *(other.record_id for other in others)}) == 4


def test_a_record_is_plain_json(decided, policy):
    record = decided(colour=Colour.YELLOW, freeze=FROZEN, asked={"disputed_on": date(2024, 6, 3)}).to_record()
    assert json.loads(json.dumps(record, allow_nan=False)) == record
    assert record["policy_hash"] == policy.hash
    assert record["application"]["applied_on"] == "2024-06-03"
    assert record["applicant"]["freeze"] == {"cause_id": "C9", "path": FROZEN.path}
    assert record["levels"][2]["zh"] == "信用审批委员会"


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"amount": 0}, "amount is below 1"),
        ({"term_days": -1}, "term_days is below 0"),
        ({"disputed_on": date(2024, 6, 2)}, "disputed on 2024-06-02, before 2024-06-03"),
    ],
)
def test_an_application_out_of_range_is_refused(changed, found):
    with pytest.raises(ParameterError, match=found):
        replace(APPLICATION, **changed)


def test_facts_of_another_customer_or_of_a_later_day_are_refused(decided):
    with pytest.raises(ParameterError, match="different customers"):
        decided(customer_id="C2")
    with pytest.raises(ParameterError, match="as of 2024-06-04, after the application of 2024-06-03"):
        decided(as_of=date(2024, 6, 4))


def test_a_policy_with_an_unknown_calendar_decides_nothing(policy):
    abroad = replace(policy, approval=replace(policy.approval, calendar="DE"))
    with pytest.raises(PolicyError, match=r"approval\.calendar"):
        decide_application(APPLICATION, APPLICANT, policy=abroad)
