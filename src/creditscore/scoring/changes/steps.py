"""The steps from one day's score to another's, each with what it adds; one order, always the same.

Under the earlier day's model and scale the features move first, see :mod:`creditscore.scoring.changes.shares`. Then the
later model ranks in the place of the earlier one, then the later calibration holds, then the later scale. What the ends
of the scale cut off and what a default overrules come last. Each step starts where the one before it ended, so that the
parts add up whatever moved.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from creditscore.domain import Family
from creditscore.policy import Policy
from creditscore.scoring.bundle import Bundle
from creditscore.scoring.changes.parts import Cause, ChangePart, FeatureMove, News
from creditscore.scoring.changes.shares import shares_of_moves
from creditscore.scoring.contract import FeatureContract
from creditscore.scoring.rows import matrix_of

OUTSIDE = {Family.MACRO: Cause.MACRO, Family.INDUSTRY: Cause.INDUSTRY}  # families that are not the customer's own doing


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A customer on one day.

    Parameters
    ----------
    bundle, policy
        What scored it.
    row
        One row with every feature of the bundle; the later day's also has those of the earlier bundle.
    log_odds, score
        As served: of a customer in default those that the rule gives.
    """

    bundle: Bundle
    policy: Policy
    row: pd.DataFrame
    log_odds: float
    score: float


def parts_between(before: Standing, after: Standing, *, news: Mapping[str, News]) -> tuple[ChangePart, ...]:
    """Return the parts of a change, by cause and within a cause the largest first; parts that are nothing are left out.

    Parameters
    ----------
    before, after
        The two days.
    news
        What was new in a published figure, by the name of the feature that reads it.
    """
    found = [*_features(before, after, news), *_models(before, after), *_rules(before, after)]
    causes = list(Cause)
    told = [part for part in found if part.log_odds or part.score]
    return tuple(sorted(told, key=lambda part: (causes.index(part.cause), -abs(part.score))))


def _features(before: Standing, after: Standing, news: Mapping[str, News]) -> Iterator[ChangePart]:
    """Give what each feature adds under the earlier model, in points of the earlier scale."""
    first, last = (matrix_of(one.row, before.bundle.feature_names) for one in (before, after))
    shares = shares_of_moves(before.bundle.model.log_odds, first[0], last[0])
    point = _points(before.policy, 0.0, 1.0)
    for place, entry in enumerate(before.bundle.contract):
        share = float(shares[place])
        move = _move(entry, float(first[0, place]), float(last[0, place]), news)
        yield ChangePart(cause=OUTSIDE.get(entry.family, Cause.DATA), log_odds=share, score=share * point, feature=move)


def _move(entry: FeatureContract, before: float, after: float, news: Mapping[str, News]) -> FeatureMove:
    return FeatureMove(
        name=entry.name,
        family=entry.family,
        unit=entry.unit,
        reason=entry.reason,
        before=before,
        after=after,
        news=news.get(entry.name),
    )


def _models(before: Standing, after: Standing) -> Iterator[ChangePart]:
    """Give what the later model's ranking and then its calibration add, in points of the earlier scale."""
    if before.bundle.hash == after.bundle.hash:
        return
    old, new = before.bundle.model, after.bundle.model
    start = float(old.log_odds(matrix_of(after.row, before.bundle.feature_names))[0])
    ranked = new.default_rate(matrix_of(after.row, after.bundle.feature_names))
    middle = float(old.calibration.log_odds(ranked)[0])
    for cause, first, last in ((Cause.MODEL, start, middle), (Cause.CALIBRATION, middle, _forecast(after))):
        yield ChangePart(cause=cause, log_odds=last - first, score=_points(before.policy, first, last))


def _rules(before: Standing, after: Standing) -> Iterator[ChangePart]:
    """Give what the scale, its ends, and the rule for who is in default add."""
    first, last = _forecast(before), _forecast(after)
    old, new = before.policy.scale, after.policy.scale
    cut = [float(scale.score(at) - scale.unclipped(at)) for scale, at in ((old, first), (new, last))]
    ruled = [one.score - float(one.policy.scale.score(_forecast(one))) for one in (before, after)]
    yield ChangePart(cause=Cause.POLICY, log_odds=0.0, score=float(new.unclipped(last) - old.unclipped(last)))
    yield ChangePart(cause=Cause.CLIPPING, log_odds=0.0, score=cut[1] - cut[0])
    yield ChangePart(
        cause=Cause.DEFAULT,
        log_odds=(after.log_odds - last) - (before.log_odds - first),
        score=ruled[1] - ruled[0],
    )


def _forecast(one: Standing) -> float:
    """Return the log-odds that the model forecasts, also where a default overrules them."""
    return float(one.bundle.model.log_odds(matrix_of(one.row, one.bundle.feature_names))[0])


def _points(policy: Policy, first: float, last: float) -> float:
    return float(policy.scale.unclipped(last) - policy.scale.unclipped(first))
