"""Decide on an application: grade it, find its rule, and say who approves it by when and on which conditions."""

from collections.abc import Iterable
from datetime import date

from creditscore.decisions.application import Applicant, Application
from creditscore.decisions.conditions import conditions_of, most
from creditscore.decisions.grounds import DISPUTED, TOO_MUCH, grounds
from creditscore.decisions.record import ApplicationOutcome, DecisionRecord, Graded, LevelDue, RuleApplied
from creditscore.decisions.working_days import WorkingDay, working_day_after
from creditscore.domain import Colour
from creditscore.errors import ParameterError
from creditscore.policy import Approval, ApprovalRule, Policy, Route
from creditscore.policy.colours import BEST_FIRST
from creditscore.policy.grading import LOWEST_FIRST


def decide_application(application: Application, applicant: Applicant, *, policy: Policy) -> DecisionRecord:
    """Decide on an application by what is known of the customer; the same facts give the same record.

    The green channel approves what it can give: no more than the colour and what was granted so far allow; more is for
    people to grant. A frozen customer is graded as ``approval.frozen_as`` says, and what is disputed is ruled by
    people, so neither is ever approved here.

    Parameters
    ----------
    application
        What is asked for.
    applicant
        What is known of the customer, not later than the application.
    policy
        The policy.

    Raises
    ------
    ParameterError
        If the two are about different customers, or the customer's facts are later than the application.
    PolicyError
        If the policy's calendar is unknown.

    Examples
    --------
    >>> from creditscore.policy import load_policy
    >>> application = Application(customer_id="C1", applied_on=date(2024, 2, 9), amount=100_000, term_days=60)
    >>> applicant = Applicant(
    ...     customer_id="C1", as_of=date(2024, 2, 8), industry_code="C26", cooperation_years=4.5, payback_ratio=0.97,
    ...     colour=Colour.GREEN, score=91.0, grade="B2", default_probability=0.005, horizon_months=12,
    ...     exposure_amount=40_000, limit_amount=80_000, agreed_term_days=30,
    ... )
    >>> record = decide_application(application, applicant, policy=load_policy())
    >>> str(record.outcome), str(record.route), record.rule.key, record.due_on, record.allowed_amount
    ('approved', 'green_channel', 'approval.rules[4]', datetime.date(2024, 2, 18), 80000)
    """
    _check(application, applicant)
    colour = _graded_colour(policy.approval, applicant)
    grading = _grading(policy.approval, applicant)
    number = _rule_number(policy.approval, grading, colour=colour)
    rule = policy.approval.rules[number]
    levels, deadlines = _levels(policy.approval, rule, since=application.applied_on)
    dispute = _dispute(policy.approval, application)
    conditions = conditions_of(policy, application, applicant, rule=rule)
    amount = most(application.amount, *(one.max_amount for one in conditions))
    term_days = most(application.term_days, *(one.max_term_days for one in conditions))
    less = (amount, term_days) != (application.amount, application.term_days)
    return DecisionRecord(
        application=application,
        applicant=applicant,
        grading=grading,
        graded_colour=colour,
        rule=RuleApplied(number=number, key=f"approval.rules[{number}]", code=rule.code, en=rule.en, zh=rule.zh),
        route=rule.route,
        outcome=_outcome(application, applicant, route=rule.route),
        levels=levels,
        due_on=deadlines[-1].day,
        dispute_level=policy.approval.levels[-1].code if dispute else None,
        dispute_due_on=dispute[0].day if dispute else None,
        deadlines_announced=all(deadline.announced for deadline in (*deadlines, *dispute)),
        conditions=conditions,
        allowed_amount=amount,
        allowed_term_days=term_days,
        reasons=(
            *((DISPUTED,) if dispute else ()),
            *grounds(policy, applicant, grading=grading),
            *((TOO_MUCH,) if less else ()),
        ),
        policy_version=policy.version,
        policy_hash=policy.hash,
    )


def _check(application: Application, applicant: Applicant) -> None:
    if application.customer_id != applicant.customer_id:
        raise ParameterError(
            where="decide_application",
            found="The application and the facts are about different customers.",
            fix="Give the facts of the one who applies.",
        )
    if applicant.as_of > application.applied_on:
        raise ParameterError(
            where="decide_application",
            found=f"The facts are as of {applicant.as_of}, after the application of {application.applied_on}.",
            fix="Give what was known when it was made.",
        )


def _graded_colour(approval: Approval, applicant: Applicant) -> Colour:
    colours = [applicant.colour] if applicant.freeze is None else [applicant.colour, approval.frozen_as]
    return max(colours, key=BEST_FIRST.index)


def _grading(approval: Approval, applicant: Applicant) -> tuple[Graded, ...]:
    code, years, ratio = applicant.industry_code, applicant.cooperation_years, applicant.payback_ratio
    return (
        Graded(
            dimension="industry",
            value=code,
            level=approval.industry_risks.of(code),
            key="approval.industry_risks",
        ),
        Graded(
            dimension="cooperation",
            value=years,
            level=approval.cooperation_years.of(years),
            key="approval.cooperation_years",
        ),
        Graded(
            dimension="payback",
            value=ratio,
            level=approval.payback_ratio.of(ratio),
            key="approval.payback_ratio",
        ),
    )


def _rule_number(approval: Approval, grading: Iterable[Graded], *, colour: Colour) -> int:
    ranks = {graded.dimension: LOWEST_FIRST.index(graded.level) for graded in grading}
    return int(approval.rule_places(**ranks, colour=BEST_FIRST.index(colour)))


def _levels(
    approval: Approval, rule: ApprovalRule, *, since: date
) -> tuple[tuple[LevelDue, ...], tuple[WorkingDay, ...]]:
    """Return who approves by when, and the deadlines; where nobody does, that of the green channel."""
    if not rule.levels:
        return (), (working_day_after(since, approval.green_channel.working_days, calendar=approval.calendar),)
    known = {level.code: level for level in approval.levels}
    levels, deadlines = [], []
    for level in (known[code] for code in rule.levels):
        deadlines.append(working_day_after(since, level.working_days, calendar=approval.calendar))
        since = deadlines[-1].day
        levels.append(
            LevelDue(code=level.code, en=level.en, zh=level.zh, working_days=level.working_days, due_on=since)
        )
    return tuple(levels), tuple(deadlines)


def _dispute(approval: Approval, application: Application) -> tuple[WorkingDay, ...]:
    if application.disputed_on is None:
        return ()
    days = approval.committee.dispute_working_days
    return (working_day_after(application.disputed_on, days, calendar=approval.calendar),)


def _outcome(application: Application, applicant: Applicant, *, route: Route) -> ApplicationOutcome:
    by_machine = route is Route.GREEN_CHANNEL and applicant.freeze is None and application.disputed_on is None
    return ApplicationOutcome.APPROVED if by_machine else ApplicationOutcome.REFERRED
