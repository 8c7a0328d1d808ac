"""The record of a decision: what was asked, what was known, which rule decided, and what follows."""

import hashlib
import json
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from creditscore.decisions.application import Applicant, Application
from creditscore.domain import Colour, Reason
from creditscore.policy import RiskLevel, Route


class ApplicationOutcome(StrEnum):
    """What the machine says of an application: it never refuses one, it leaves that to people."""

    APPROVED = "approved"
    REFERRED = "referred"


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """Level of risk in one dimension.

    Parameters
    ----------
    dimension, value
        What was looked at, and its value; ``None`` where it is unknown.
    level
        What the policy makes of it.
    key
        Place in the policy of the numbers that say so.
    """

    dimension: str
    value: str | float | None
    level: RiskLevel
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleApplied:
    """The rule of the grading table that decided.

    Parameters
    ----------
    number, key
        Its place in the table, from 0, and in the policy.
    code, en, zh
        Its name, and what it says.
    """

    number: int
    key: str
    code: str
    en: str
    zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelDue:
    """Who approves, and by when.

    Parameters
    ----------
    code, en, zh
        The level.
    working_days
        Working days that it has once the level before it has approved.
    due_on
        Last day on which it approves, if each level takes all its days.
    """

    code: str
    en: str
    zh: str
    working_days: int
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What an approval is bound to.

    Parameters
    ----------
    code, en, zh
        The condition.
    key
        Place in the policy, or in the inputs, of what sets it.
    max_amount, max_term_days
        Most that it allows, in minor units and in days; ``None`` where it sets no such bound.
    """

    code: str
    en: str
    zh: str
    key: str
    max_amount: int | None
    max_term_days: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRecord:
    """A decision on an application, with all that it rests on.

    Parameters
    ----------
    application, applicant
        What was asked, and what was known.
    grading
        Level of risk of industry, cooperation and payback.
    graded_colour
        Colour by which it was graded: the customer's own, or that of a frozen one.
    rule
        The rule that decided.
    route, outcome
        The way, and whether the application is approved on it already.
    levels
        Who approves, one after the other; nobody in the green channel.
    due_on
        Last day of the whole decision.
    dispute_level, dispute_due_on
        Who rules the dispute, and by when; ``None`` where there is none.
    deadlines_announced
        Whether all holidays up to the deadlines are announced; if not, they may move.
    conditions
        What an approval is bound to: by the colour, then by the rule.
    allowed_amount, allowed_term_days
        Most that an approval can give: what was asked, within all conditions.
    reasons
        Why, the heaviest first.
    policy_version, policy_hash
        The policy that decided.
    """

    application: Application
    applicant: Applicant
    grading: tuple[Graded, ...]
    graded_colour: Colour
    rule: RuleApplied
    route: Route
    outcome: ApplicationOutcome
    levels: tuple[LevelDue, ...]
    due_on: date
    dispute_level: str | None
    dispute_due_on: date | None
    deadlines_announced: bool
    conditions: tuple[Condition, ...]
    allowed_amount: int
    allowed_term_days: int
    reasons: tuple[Reason, ...]
    policy_version: str
    policy_hash: str

    @property
    def record_id(self) -> str:
        """SHA-256 of all that the record holds: equal decisions on equal facts have equal ids."""
        text = json.dumps(_plain(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def to_record(self) -> dict[str, Any]:
        """Return the record as plain content for JSON, its id first; days are written as ``YYYY-MM-DD``."""
        return {"record_id": self.record_id, **_plain(self)}


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a record holds
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, StrEnum) else value
