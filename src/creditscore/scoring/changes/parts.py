"""What a score and its change are made of, as plain types."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import fsum, isnan
from typing import Any

from creditscore.domain import Colour, Family, Reason, Unit


class Cause(StrEnum):
    """What moved a score, in the order in which it is told."""

    DATA = "data"  # the customer's own facts
    MACRO = "macro"  # figures of the economy
    INDUSTRY = "industry"  # figures of its industry, and its peers
    MODEL = "model"  # another model ranks, under the calibration of before
    CALIBRATION = "calibration"
    POLICY = "policy"  # another scale: the same log-odds, another score
    CLIPPING = "clipping"  # what the ends of the scale cut off
    DEFAULT = "default"  # in default there is no forecast: the score is 0 by rule


class News(StrEnum):
    """What was new in a figure of the economy or of an industry."""

    NEW_PERIOD = "new_period"
    REVISION = "revision"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureMove:
    """A feature on both days, in its own unit; missing values are NaN.

    Parameters
    ----------
    name, family, unit, reason
        As the model knew the feature on the first day.
    before, after
        Its values.
    news
        What was new where it reads a published figure; ``None`` elsewhere, or where nothing was.
    """

    name: str
    family: Family
    unit: Unit
    reason: Reason
    before: float
    after: float
    news: News | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePart:
    """One part of a change.

    Parameters
    ----------
    cause
        What it is due to.
    log_odds
        Part of the change of the log-odds of default; above 0 is riskier.
    score
        Part of the change of the score, in points before clipping but for ``clipping`` and ``default``.
    feature
        The feature that moved; ``None`` for what is no feature.
    """

    cause: Cause
    log_odds: float
    score: float
    feature: FeatureMove | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """What one feature does to a score.

    Parameters
    ----------
    name, family, unit, reason
        The feature as the model knows it.
    value
        The customer's value, NaN where it is missing.
    log_odds
        Push toward default; below 0 it pushes away.
    score
        The same in points of the score before clipping.
    """

    name: str
    family: Family
    unit: Unit
    reason: Reason
    value: float
    log_odds: float
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredDay:
    """One day of a change, as it was served."""

    as_of: date
    score: float
    log_odds: float
    colour: Colour
    in_default: bool
    run_id: str
    bundle_hash: str
    policy_hash: str


def total_of(parts: Iterable[ChangePart], cause: Cause) -> ChangePart | None:
    """Return the sum of the parts of a cause, ``None`` where it has none."""
    own = [part for part in parts if part.cause is cause]
    if not own:
        return None
    return ChangePart(cause=cause, log_odds=fsum(part.log_odds for part in own), score=fsum(part.score for part in own))


def plain(content: Any) -> Any:  # noqa: ANN401 - any tree of plain types
    """Return a tree of values in types that JSON knows."""
    if isinstance(content, dict):
        return {str(key): plain(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [plain(value) for value in content]
    if isinstance(content, float) and isnan(content):
        return None
    return content.isoformat() if isinstance(content, date) else content
