from dataclasses import replace
from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from creditscore.decisions import Applicant, Application, Freeze, decide_application, working_day_after
from creditscore.domain import Colour
from creditscore.policy import load_policy

POLICY = load_policy()
COLOURS = list(Colour)
DAYS = st.dates(date(2020, 1, 1), date(2026, 11, 1))
AMOUNTS = st.integers(1, 2**53)
APPLICANTS = st.builds(
    Applicant,
    customer_id=st.just("C1"),
    as_of=st.just(date(2020, 1, 1)),
    industry_code=st.sampled_from([None, "E47", "C30", "C26", "D44", "F51"]),
    cooperation_years=st.none() | st.floats(0, 40) | st.sampled_from([1.0, 3.0]),
    payback_ratio=st.none() | st.floats(0, 1) | st.sampled_from([0.85, 0.95]),
    colour=st.sampled_from(COLOURS),
    score=st.floats(0, 100),
    grade=st.just("B2"),
    default_probability=st.floats(0, 1),
    horizon_months=st.just(12),
    exposure_amount=st.none() | AMOUNTS,
    limit_amount=st.none() | st.integers(0, 2**53),
    agreed_term_days=st.none() | st.integers(0, 120),
    freeze=st.none() | st.just(Freeze(cause_id="C2", path='[["C2","owns","C1"]]')),
)
APPLICATIONS = st.builds(
    Application, customer_id=st.just("C1"), applied_on=DAYS, amount=AMOUNTS, term_days=st.integers(0, 400)
)


def decide(application, applicant):
    return decide_application(application, applicant, policy=POLICY)


def strictness(record):
    return POLICY.approval.rules[record.rule.number].strictness


@given(application=APPLICATIONS, applicant=APPLICANTS, other=APPLICANTS)
def test_whoever_is_worse_in_one_thing_never_has_an_easier_way(application, applicant, other):
    better = decide(application, applicant)
    changes = {
        "industry_code": POLICY.approval.industry_risks,
        "cooperation_years": POLICY.approval.cooperation_years,
        "payback_ratio": POLICY.approval.payback_ratio,
    }
    levels = ["low", "medium", "high"]
    for name, rule in changes.items():
        before, after = getattr(applicant, name), getattr(other, name)
        if levels.index(rule.of(after)) >= levels.index(rule.of(before)):
            assert strictness(decide(application, replace(applicant, **{name: after}))) >= strictness(better)
    worst = max(applicant.colour, other.colour, key=COLOURS.index)
    assert strictness(decide(application, replace(applicant, colour=worst))) >= strictness(better)
    assert strictness(decide(application, replace(applicant, freeze=other.freeze or applicant.freeze))) >= strictness(
        better
    )


@given(application=APPLICATIONS, applicant=APPLICANTS)
def test_only_green_low_risk_that_is_not_frozen_is_approved_and_never_above_its_limit(application, applicant):
    record = decide(application, applicant)
    if record.outcome == "approved":
        assert (applicant.colour, applicant.freeze) == ("green", None)
        assert applicant.cooperation_years > 3
        assert applicant.payback_ratio >= 0.95
        assert record.allowed_amount <= (
            application.amount if applicant.limit_amount is None else applicant.limit_amount
        )
    assert 0 <= record.allowed_amount <= application.amount
    assert 0 <= record.allowed_term_days <= application.term_days
    assert len(record.levels) <= POLICY.approval.committee.max_levels


@given(application=APPLICATIONS, applicant=APPLICANTS)
def test_deadlines_rise_from_level_to_level_after_the_application(application, applicant):
    record = decide(application, applicant)
    days = [application.applied_on, *(level.due_on for level in record.levels)]
    assert days == sorted(set(days))
    assert record.due_on == (days[-1] if record.levels else working_day_after(days[0], 1, calendar="CN").day)


@given(applicants=st.lists(APPLICANTS, min_size=1, max_size=20))
def test_many_are_graded_at_once_as_each_alone(applicants):
    approval = POLICY.approval
    places = approval.rule_places(
        industry=approval.industry_risks.ranks([one.industry_code or "" for one in applicants]),
        cooperation=approval.cooperation_years.ranks(np.array([one.cooperation_years for one in applicants], float)),
        payback=approval.payback_ratio.ranks(np.array([one.payback_ratio for one in applicants], float)),
        colour=[COLOURS.index(one.colour) for one in applicants],
    )
    application = Application(customer_id="C1", applied_on=date(2024, 6, 3), amount=1, term_days=1)
    alone = [decide(application, replace(one, freeze=None)).rule.number for one in applicants]
    assert places.tolist() == alone
