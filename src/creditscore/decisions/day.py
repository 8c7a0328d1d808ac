"""All that is decided on a day: governed colours, alerts, freezes, limits and reserves, one after the other."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from creditscore.accounts import Accounts
from creditscore.decisions.alerts import follow_alerts, standing_alerts
from creditscore.decisions.freezes import follow_freezes, freezes
from creditscore.decisions.groups import group_labels
from creditscore.decisions.matching import NOWHERE, positions
from creditscore.decisions.own import CARRIED, decide_own
from creditscore.decisions.reserves import ReserveBook, closings
from creditscore.policy import Limits, Policy, Position, Ruled, set_limits
from creditscore.policy.exact import IntArray
from creditscore.policy.limits import RULES

# What is decided for each customer, in order. Amounts are in minor units; what is unknown is missing.
DECIDED_COLUMNS = {
    "governed_colour": "str",
    "governed_since": "datetime64[ms]",  # day from which it holds
    "action": "str",
    "limit_amount": "Int64",
    "limit_rule": "str",  # key of the policy, or the quantity, that made it
    "limit_number": "float64",  # what stands there
    "headroom_amount": "Int64",
    "headroom_rule": "str",
    "headroom_number": "float64",
    "term_days": "Int64",
    "term_rule": "str",
    "term_number": "float64",
    "frozen_by": "str",  # the company whose red alert freezes it
    "yellow_alert_count": "int64",
    "red_alert_count": "int64",
    "reserve_amount": "Int64",  # required by the governed colour
    "held_amount": "int64",
    "held_basis_points": "int64",
    "held_exposure_amount": "Int64",  # the last known exposure, which the held reserve covers
}
DIMENSIONS = {"industry_code": "industry", "region": "region"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a day leaves to the next day scored.

    Parameters
    ----------
    as_of
        The day.
    customers
        ``CARRIED``, one row for each customer.
    alerts, freezes
        Those of the day, as :class:`DayOfDecisions` has them.
    """

    as_of: date
    customers: pd.DataFrame
    alerts: pd.DataFrame
    freezes: pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfDecisions:
    """What was decided on a day.

    Parameters
    ----------
    as_of
        The day.
    customers
        ``customer_id`` and ``DECIDED_COLUMNS``, in the order of the customers given.
    alerts
        Alerts that stand or closed since the last day scored; see :func:`follow_alerts`.
    freezes
        Freezes that hold or were lifted since; see :func:`follow_freezes`.
    reserves
        The reserve ledger of the day.
    closings
        Its sums in total, by industry and by region; see :func:`closings`.
    """

    as_of: date
    customers: pd.DataFrame
    alerts: pd.DataFrame
    freezes: pd.DataFrame
    reserves: ReserveBook
    closings: pd.DataFrame

    @property
    def standing(self) -> Standing:
        """What the next day scored needs to know."""
        return Standing(
            as_of=self.as_of, customers=self.customers[list(CARRIED)], alerts=self.alerts, freezes=self.freezes
        )


def decide_day(
    policy: Policy, accounts: Accounts, today: pd.DataFrame, *, as_of: date, before: Standing | None
) -> DayOfDecisions:
    """Decide on every customer of a day.

    Parameters
    ----------
    policy
        The rules.
    accounts
        The customers' accounts on the day; links of at least the kinds that the policy follows.
    today
        ``customer_id``, ``score`` 0-100, ``exposure_amount`` (Int64, minor units, missing where unknown) and
        ``in_default_flag`` (1 where the customer is in default), one row for each customer.
    as_of
        The day.
    before
        What the last earlier day scored left, or ``None`` where there is none.

    Raises
    ------
    ContractError, ParameterError
        If a frame lacks a column, holds a key twice, or belongs to a later day.
    """
    own = decide_own(
        policy,
        today,
        as_of=as_of,
        held=None if before is None else before.customers,
        held_on=None if before is None else before.as_of,
    )
    alerts = follow_alerts(
        accounts.receivables, policy.alerts, as_of=as_of, standing=None if before is None else before.alerts
    )
    frozen = freezes(alerts, accounts.affiliations, red=policy.alerts.red)
    followed = follow_freezes(frozen, as_of=as_of, standing=None if before is None else before.freezes)
    causes = _matched(today, frozen, "cause_id")
    limits = _limits(policy, accounts, today, rank=own.rank, frozen=causes.notna().to_numpy())
    table = {
        **{str(name): column for name, column in own.customers.items()},
        "action": _taken([action.code for action in policy.actions.every], limits.action),
        **_ruled("limit", "amount", limits.limit),
        **_ruled("headroom", "amount", limits.headroom),
        **_ruled("term", "days", limits.term),
        "frozen_by": causes,
        **_alert_counts(today, alerts),
    }
    return DayOfDecisions(
        as_of=as_of,
        customers=pd.DataFrame(table)[["customer_id", *DECIDED_COLUMNS]].astype(DECIDED_COLUMNS),
        alerts=alerts,
        freezes=followed,
        reserves=own.reserves,
        closings=_closings(own.reserves, accounts.segments),
    )


def link_kinds(policy: Policy) -> tuple[str, ...]:
    """Return the kinds of links that a policy follows, for freezes or for groups."""
    return tuple(dict.fromkeys((*policy.alerts.red.freeze_links, *policy.group_limit.links)))


def _limits(
    policy: Policy,
    accounts: Accounts,
    today: pd.DataFrame,
    *,
    rank: npt.NDArray[np.integer],
    frozen: npt.NDArray[np.bool_],
) -> Limits:
    customers = today["customer_id"]
    granted, has_limit = _whole(_matched(today, accounts.limits, "limit_amount"))
    agreed, has_term = _whole(_matched(today, accounts.limits, "term_days"))
    exposure, known = _whole(today["exposure_amount"])
    group = group_labels(
        customers,
        group_ids=_matched(today, accounts.segments, "group_id"),
        affiliations=accounts.affiliations,
        kinds=policy.group_limit.links,
    )
    position = Position(
        rank=rank,
        frozen=frozen,
        granted_amount=granted,
        granted=has_limit,
        agreed_days=agreed,
        agreed=has_term,
        exposure_amount=exposure,
        known=known,
        group=group,
    )
    freeze_days = policy.alerts.red.days_past_due_above
    return set_limits(policy.actions, policy.group_limit, position, freeze_days=freeze_days)


def _matched(today: pd.DataFrame, facts: pd.DataFrame, column: str) -> pd.Series:
    """Return a column of facts for each customer of the day, missing where there is none."""
    place = positions(today["customer_id"], among=facts["customer_id"])
    return pd.Series(facts[column].array.take(place, allow_fill=True))  # NOWHERE, -1, fills


def _whole(column: pd.Series) -> tuple[IntArray, npt.NDArray[np.bool_]]:
    """Return whole numbers, 0 where missing, and which are known."""
    return np.asarray(column.astype("Int64").fillna(0), dtype=np.int64), np.asarray(column.notna(), dtype=np.bool_)


def _taken(texts: list[str], which: npt.NDArray[np.integer]) -> pd.api.extensions.ExtensionArray:
    return pd.array(texts, dtype="str").take(which)


def _ruled(name: str, unit: str, found: Ruled) -> dict[str, object]:
    texts = pd.array([None, *RULES[1:]], dtype="str")
    return {
        f"{name}_{unit}": pd.arrays.IntegerArray(found.value.astype(np.int64), ~found.known),
        f"{name}_rule": texts.take(found.rule),
        f"{name}_number": np.where(found.known, found.number, np.nan),
    }


def _alert_counts(today: pd.DataFrame, alerts: pd.DataFrame) -> dict[str, IntArray]:
    standing = standing_alerts(alerts)
    place = positions(standing["customer_id"], among=today["customer_id"].reset_index(drop=True))
    level = standing["level"].to_numpy(object)
    counted = {name: place[(level == name) & (place != NOWHERE)] for name in ("yellow", "red")}
    return {f"{name}_alert_count": np.bincount(rows, minlength=len(today)) for name, rows in counted.items()}


def _closings(reserves: ReserveBook, segments: pd.DataFrame) -> pd.DataFrame:
    named = segments[["customer_id", *DIMENSIONS]].rename(columns=DIMENSIONS)
    return closings(reserves.holdings, reserves.movements, named)
