"""How applications are graded, and who decides on them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from creditscore.domain import Colour
from creditscore.errors import PolicyError, some
from creditscore.policy.grading import CooperationYears, IndustryRisks, PaybackRatio
from creditscore.policy.routes import ApprovalCondition, ApprovalLevel, ApprovalRule, Route, at_least_one
from creditscore.policy.table import RuleArray, check_table, first_rules

COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class GreenChannel:
    """Low risk is approved automatically within so many working days."""

    working_days: int

    def __post_init__(self) -> None:
        at_least_one(working_days=self.working_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Committee:
    """High risk goes to the credit committee.

    Parameters
    ----------
    max_levels
        Most levels of approval.
    dispute_working_days
        Working days within which a dispute is ruled.
    """

    max_levels: int
    dispute_working_days: int

    def __post_init__(self) -> None:
        at_least_one(max_levels=self.max_levels, dispute_working_days=self.dispute_working_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """The three dimensions by which an application is graded, and the ways to a decision.

    Parameters
    ----------
    calendar
        Country by whose calendar working days are counted, as ISO 3166 code.
    industry_risks, cooperation_years, payback_ratio
        The three dimensions.
    green_channel, committee
        The two ends of the ways.
    frozen_as
        Colour by which a customer is graded whose credit a red alert has frozen, where its own is better.
    levels
        Who approves, lowest first; the last is the committee.
    conditions
        What an approval may be bound to.
    rules
        Which grading leads to what; the first rule that covers it decides.

    Raises
    ------
    PolicyError
        If a rule names what is not listed or has more levels than allowed, and if the table of all gradings has a hole,
        a rule that is never reached, or is easier on more risk.
    """

    calendar: str
    industry_risks: IndustryRisks
    cooperation_years: CooperationYears
    payback_ratio: PaybackRatio
    green_channel: GreenChannel
    committee: Committee
    frozen_as: Colour
    levels: tuple[ApprovalLevel, ...]
    conditions: tuple[ApprovalCondition, ...]
    rules: tuple[ApprovalRule, ...]

    def __post_init__(self) -> None:
        if not COUNTRY.fullmatch(self.calendar):
            raise PolicyError(where="calendar", found="It is no country.", fix="Give two capital letters, such as CN.")
        for name in ("levels", "conditions", "rules"):
            _check_names(name, [one.code for one in getattr(self, name)])
        for place, rule in enumerate(self.rules):
            self._check_levels(rule, where=f"rules[{place}].levels")
            self._check_conditions(rule, where=f"rules[{place}].conditions")
        check_table(self.rules)
        self._check_frozen()

    def rule_places(
        self, *, industry: npt.ArrayLike, cooperation: npt.ArrayLike, payback: npt.ArrayLike, colour: npt.ArrayLike
    ) -> RuleArray:
        """Return the place in ``rules`` of the rule that decides each grading.

        Parameters
        ----------
        industry, cooperation, payback
            Ranks of the levels, 0 low to 2 high, as ``ranks`` of each dimension gives them.
        colour
            Ranks of the colours, 0 green to 2 red.

        Examples
        --------
        >>> from creditscore.policy import load_policy
        >>> approval = load_policy().approval
        >>> places = approval.rule_places(industry=[0, 2], cooperation=[0, 0], payback=[0, 2], colour=[0, 2])
        >>> [str(approval.rules[place].route) for place in places]
        ['green_channel', 'committee']
        """
        ranks = (np.asarray(one, dtype=np.intp) for one in (industry, cooperation, payback, colour))
        return first_rules(self.rules)[tuple(ranks)]

    def _check_levels(self, rule: ApprovalRule, *, where: str) -> None:
        known = [level.code for level in self.levels]
        _check_known(rule.levels, known, where=where)
        if len(rule.levels) > self.committee.max_levels:
            found = f"{len(rule.levels)} levels are more than committee.max_levels, {self.committee.max_levels}."
            raise PolicyError(where=where, found=found, fix="Leave some out.")
        if list(rule.levels) != sorted(set(rule.levels), key=known.index):
            raise PolicyError(where=where, found="They do not rise.", fix="Name each once, in the order of the levels.")
        if (rule.route is Route.COMMITTEE) != (known[-1] in rule.levels):
            raise PolicyError(
                where=where,
                found=f"The route is {rule.route}, and the levels say otherwise.",
                fix=f"Let the committee's routes end with the last level, {known[-1]}, and no other.",
            )

    def _check_conditions(self, rule: ApprovalRule, *, where: str) -> None:
        _check_known(rule.conditions, [condition.code for condition in self.conditions], where=where)

    def _check_frozen(self) -> None:
        if any(rule.route is Route.GREEN_CHANNEL and self.frozen_as in rule.colour for rule in self.rules):
            raise PolicyError(
                where="frozen_as",
                found="Customers of this colour have a green channel, so frozen ones would.",
                fix="Give a colour that has none.",
            )


def _check_names(where: str, codes: Sequence[str]) -> None:
    twice = [code for code in dict.fromkeys(codes) if codes.count(code) > 1]
    if twice or not (codes or where == "conditions"):
        found = f"{some(twice)} stands more than once." if twice else "The list is empty."
        raise PolicyError(where=where, found=found, fix="Give each its own code.")


def _check_known(codes: Sequence[str], known: Sequence[str], *, where: str) -> None:
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise PolicyError(where=where, found=f"{some(unknown)} is not listed.", fix=f"Name some of {', '.join(known)}.")
