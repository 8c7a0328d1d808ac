"""What an approval is bound to: by the colour's action, by the limit that the customer has, and by the rule."""

from fractions import Fraction

from creditscore.decisions.application import Applicant, Application
from creditscore.decisions.record import Condition
from creditscore.domain import Colour
from creditscore.policy import Action, ApprovalRule, Policy


def conditions_of(
    policy: Policy, application: Application, applicant: Applicant, *, colour: Colour, rule: ApprovalRule
) -> tuple[Condition, ...]:
    """Return the conditions of an approval, the colour's first.

    A colour leaves its factor of the limit that the customer has, and of what is asked for where it has none.
    """
    action = policy.actions.of(colour)
    base = application.amount if applicant.limit_amount is None else applicant.limit_amount
    by_colour = _of_colour(action, base, key=f"actions.{colour}")
    bound = [by_colour] if _binds(action) else []
    if not _binds(action) and application.amount > base:
        bound = [_of_limit(base)]
    return (*bound, *_of_rule(policy, rule))


def most(asked: int, *bounds: int | None) -> int:
    """Return what is asked for within all bounds."""
    return min([asked, *(bound for bound in bounds if bound is not None)])


def _binds(action: Action) -> bool:
    return action.limit_factor < 1 or action.max_term_days is not None


def _of_colour(action: Action, base: int, *, key: str) -> Condition:
    return Condition(
        code=action.code,
        en=action.en,
        zh=action.zh,
        key=key,
        max_amount=int(Fraction(str(action.limit_factor)) * base),  # whole minor units, rounded down, exactly
        max_term_days=action.max_term_days,
    )


def _of_limit(limit_amount: int) -> Condition:
    return Condition(
        code="limit_in_force",
        en="At most the limit in force",
        zh="不超过现有信用额度",
        key="applicant.limit_amount",
        max_amount=limit_amount,
        max_term_days=None,
    )


def _of_rule(policy: Policy, rule: ApprovalRule) -> tuple[Condition, ...]:
    listed = {one.code: (place, one) for place, one in enumerate(policy.approval.conditions)}
    return tuple(
        Condition(
            code=code,
            en=listed[code][1].text("en"),
            zh=listed[code][1].text("zh"),
            key=f"approval.conditions[{listed[code][0]}]",
            max_amount=None,
            max_term_days=listed[code][1].max_term_days,
        )
        for code in rule.conditions
    )
