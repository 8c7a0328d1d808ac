"""What an approval is bound to: by the action on the colour, by what the customer was granted, and by the rule."""

from collections.abc import Iterator

from creditscore.decisions.application import Applicant, Application
from creditscore.decisions.record import Condition
from creditscore.domain import Colour
from creditscore.policy import Action, ApprovalRule, Policy
from creditscore.policy.exact import WHOLE, in_basis_points


def conditions_of(
    policy: Policy, application: Application, applicant: Applicant, *, rule: ApprovalRule
) -> tuple[Condition, ...]:
    """Return the conditions of an approval: those of the colour or the freeze first, then those of the rule.

    An action leaves its factor of the limit that the customer was granted, and of what is asked for where it was
    granted none. Where an action sets no longest term, the agreed one may be relaxed by its days.
    """
    key, action = _action(policy, applicant)
    base = application.amount if applicant.limit_amount is None else applicant.limit_amount
    amount = base * in_basis_points(key, action.limit_factor) // WHOLE
    if action.limit_factor < 1 or action.max_term_days is not None:
        bound = [_condition(action, key=key, max_amount=amount, max_term_days=action.max_term_days)]
    else:
        bound = list(_granted(application, applicant, action=action, key=key))
    return (*bound, *_of_rule(policy, rule))


def most(asked: int, *bounds: int | None) -> int:
    """Return what is asked for within all bounds."""
    return min([asked, *(bound for bound in bounds if bound is not None)])


def _action(policy: Policy, applicant: Applicant) -> tuple[str, Action]:
    """Return the action and its place in the policy; a red customer stays suspended when it is frozen too."""
    if applicant.freeze is not None and applicant.colour is not Colour.RED:
        return "actions.frozen", policy.actions.frozen
    return f"actions.{applicant.colour}", policy.actions.of(applicant.colour)


def _granted(application: Application, applicant: Applicant, *, action: Action, key: str) -> Iterator[Condition]:
    """Give a condition for each bound of a colour that cuts nothing, where more is asked for."""
    limit, agreed = applicant.limit_amount, applicant.agreed_term_days
    if limit is not None and application.amount > limit:
        yield Condition(
            code="granted_limit",
            en="No more than the limit granted so far",
            zh="不超过现有授信额度",
            key="applicant.limit_amount",
            max_amount=limit,
            max_term_days=None,
        )
    if agreed is not None and application.term_days > agreed + action.extra_term_days:
        extra = action.extra_term_days
        yield Condition(
            code="relaxed_term",
            en=f"No more than {extra} days beyond the agreed term",
            zh=f"账期放宽不超过原约定{extra}天",
            key=f"{key}.extra_term_days",
            max_amount=None,
            max_term_days=agreed + extra,
        )


def _condition(action: Action, *, key: str, max_amount: int, max_term_days: int | None) -> Condition:
    return Condition(
        code=action.code, en=action.en, zh=action.zh, key=key, max_amount=max_amount, max_term_days=max_term_days
    )


def _of_rule(policy: Policy, rule: ApprovalRule) -> Iterator[Condition]:
    listed = {one.code: (place, one) for place, one in enumerate(policy.approval.conditions)}
    for place, condition in (listed[code] for code in rule.conditions):
        yield Condition(
            code=condition.code,
            en=condition.text("en"),
            zh=condition.text("zh"),
            key=f"approval.conditions[{place}]",
            max_amount=None,
            max_term_days=condition.max_term_days,
        )
