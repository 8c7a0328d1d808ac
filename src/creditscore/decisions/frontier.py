"""The frontier of governance: what each setting costs and what it spares, on scores and defaults of the past."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product

import numpy as np
import numpy.typing as npt
import pandas as pd

from creditscore.decisions.replay import (
    NOBODY,
    Flags,
    Floats,
    Integers,
    Ranks,
    ScoredRows,
    days_of,
    flips,
    governed_ranks,
    scored_rows,
    whole,
)
from creditscore.errors import ParameterError
from creditscore.policy import Governance, Policy, reserve_amounts

YEAR = 365.25
RED = 2
NEVER = np.iinfo(np.int64).max // 2
SETTINGS = tuple(asdict(Governance()))
GOVERNANCE_GRID = tuple(
    Governance(downgrade_margin=fall, upgrade_margin=rise, downgrade_dwell_days=fall_days, upgrade_dwell_days=rise_days)
    for fall, fall_days, rise, rise_days in product((0, 2), (0, 14), (0, 1, 2, 3, 5), (0, 14, 30, 60, 90))
)


def frontier(
    scores: pd.DataFrame,
    defaults: pd.DataFrame,
    *,
    policy: Policy,
    grid: Sequence[Governance] = GOVERNANCE_GRID,
    reversal_days: int = 90,
    horizon_days: int = 365,
) -> pd.DataFrame:
    """Replay each setting of governance on stored scores.

    Parameters
    ----------
    scores
        ``customer_id``, ``as_of``, ``score``, ``exposure_amount`` (minor units, may be missing) and
        ``in_default_flag``: whether the customer was in default on the day; days of any spacing.
    defaults
        ``customer_id`` and ``default_on``, one row for each entry into default. Of each customer the first one after
        its first scored day counts.
    policy
        Edges of the colours and reserve rates; its own governance is not used.
    grid
        The settings.
    reversal_days
        A change of colour is false if the customer's next change goes the other way within so many days.
    horizon_days
        Days before a default in which a red colour would have been a warning.

    Returns
    -------
    DataFrame
        One row for each setting, in the order of the grid; beside the four settings:

        * ``flips_per_year``: changes of the governed colour for each customer and year;
        * ``false_flips_per_year``, ``false_flip_ratio``: false changes, for each customer and year, and as a share of
          all changes;
        * ``days_late``: of the customers that defaulted and whose raw colour was red before, the mean number of days
          within the horizon on which the raw colour was red and the governed one was not. Where the raw colour turns
          red once and stays red, these are the days by which the governed colour turns red later;
        * ``late_count``: those of them with such a day;
        * ``missed_red_count``: customers raw red and not governed red on the last scored day before their default;
        * ``warned_default_count``: the customers over which ``days_late`` is the mean; the same in each row;
        * ``held_worse_ratio``, ``held_better_ratio``: share of rows with a governed colour worse or better than the
          raw one;
        * ``reserve_added_ratio``: reserve beyond that of the raw colours, as a share of it; below 0 where it is less.

    Raises
    ------
    ParameterError
        If a column is missing, no customer has two scored days, or there is no setting.
    """
    rows = scored_rows(scores, columns=("score", "exposure_amount"))
    if not grid or (rows.next_place == NOBODY).all():
        raise ParameterError(
            where="frontier",
            found=f"{len(grid)} settings, {len(rows.days)} scored days.",
            fix="Give a setting, and at least two scored days of a customer.",
        )
    past = _Past.of(rows, defaults, policy=policy, horizon_days=horizon_days)
    told = [_judged(past, setting, reversal_days=reversal_days) for setting in grid]
    return pd.DataFrame(told)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Past:
    """What is the same for every setting; arrays have one value a row.

    Parameters
    ----------
    rows, policy, score
        The scored customers.
    years
        Years for which customers were watched, from the first to the last row of each.
    raw
        The raw colour.
    at_stake
        Days from the row to the next one that lie within the horizon before the customer's default.
    last
        Whether the row is its customer's last one before its default, and within the horizon.
    reserve
        Reserve of each row (second axis) in each colour.
    """

    rows: ScoredRows
    policy: Policy
    score: Floats
    years: float
    raw: Ranks
    at_stake: Integers
    last: Flags
    reserve: Integers

    @classmethod
    def of(cls, rows: ScoredRows, defaults: pd.DataFrame, *, policy: Policy, horizon_days: int) -> "_Past":
        score = rows.frame["score"].to_numpy(np.float64)
        bands = replace(policy.colours, governance=Governance())
        default_on = _defaulted_on(rows, defaults)[rows.who]
        ahead = rows.next_place
        until = np.where(ahead == NOBODY, NEVER, rows.on[ahead])
        begin = np.maximum(rows.on, default_on - horizon_days)
        at_stake = np.maximum(np.minimum(until, default_on) - begin, 0)
        return cls(
            rows=rows,
            policy=policy,
            score=score,
            years=float(np.where(ahead == NOBODY, 0, until - rows.on).sum()) / YEAR,
            raw=governed_ranks(rows, score=score, bands=bands),
            at_stake=np.where(default_on == NEVER, 0, at_stake),
            last=(rows.on < default_on) & (default_on <= until) & (default_on - rows.on <= horizon_days),
            reserve=_reserves(rows, policy),
        )


def _defaulted_on(rows: ScoredRows, defaults: pd.DataFrame) -> Integers:
    """Return the day of each customer's first default after its first row."""
    first = np.full(len(rows.customers), NEVER, np.int64)
    np.minimum.at(first, rows.who, rows.on)
    who, on = rows.customers.get_indexer(pd.Index(defaults["customer_id"])), days_of(defaults["default_on"])
    counts = (who != NOBODY) & (on > first[who])
    default_on = np.full(len(rows.customers), NEVER, np.int64)
    np.minimum.at(default_on, who[counts], on[counts])
    return default_on


def _reserves(rows: ScoredRows, policy: Policy) -> Integers:
    exposure = whole(rows.frame["exposure_amount"])
    rates = [np.full(len(exposure), points, np.int64) for points in policy.reserve.basis_points]
    return np.stack([reserve_amounts(exposure, basis_points=rate) for rate in rates])


def _judged(past: _Past, setting: Governance, *, reversal_days: int) -> dict[str, float]:
    bands = replace(past.policy.colours, governance=setting)
    ranks = governed_ranks(past.rows, score=past.score, bands=bands)
    steps = flips(past.rows, ranks)
    changes, false = int(np.count_nonzero(steps)), _false_flips(past.rows, steps, reversal_days=reversal_days)
    return {
        **asdict(setting),
        "flips_per_year": changes / past.years,
        "false_flips_per_year": false / past.years,
        "false_flip_ratio": false / changes if changes else 0.0,
        **_lateness(past, ranks),
        "held_worse_ratio": float(np.mean(ranks > past.raw)),
        "held_better_ratio": float(np.mean(ranks < past.raw)),
        "reserve_added_ratio": _reserve_added(past, ranks),
    }


def _false_flips(rows: ScoredRows, steps: Integers, *, reversal_days: int) -> int:
    """Count the changes whose customer's next change goes the other way within the days."""
    order = rows.by_customer
    changed = order[steps[order] != 0]
    one, following = changed[:-1], changed[1:]
    back = np.sign(steps[one]) == -np.sign(steps[following])
    soon = rows.on[following] - rows.on[one] <= reversal_days
    return int(np.count_nonzero(back & soon & (rows.who[one] == rows.who[following])))


def _lateness(past: _Past, ranks: Ranks) -> dict[str, float]:
    warned = np.unique(past.rows.who[(past.raw == RED) & (past.at_stake > 0)])
    unseen = (past.raw == RED) & (ranks != RED)
    late = unseen & (past.at_stake > 0)
    return {
        "days_late": float(past.at_stake[late].sum() / len(warned)) if len(warned) else 0.0,
        "late_count": len(np.unique(past.rows.who[late])),
        "missed_red_count": int(np.count_nonzero(unseen & past.last)),
        "warned_default_count": len(warned),
    }


def _reserve_added(past: _Past, ranks: Ranks) -> float:
    places = np.arange(len(ranks))
    raw, governed = (int(past.reserve[rank, places].sum()) for rank in (past.raw, ranks))
    return (governed - raw) / raw if raw else 0.0


def chosen_setting(
    found: pd.DataFrame, *, most_days_late: float = 0.0, most_reserve_added_ratio: float = 0.02
) -> Governance:
    """Return the setting with the fewest changes among those that are not late and not dear.

    Holding a worse colour for longer always spares changes, so its price has a bound of its own. Of settings with
    equally many changes the one that adds the least reserve is taken, then the first.

    Parameters
    ----------
    found
        What :func:`frontier` returned.
    most_days_late
        Largest ``days_late``; with 0 no red is missed or seen later.
    most_reserve_added_ratio
        Largest ``reserve_added_ratio``.

    Raises
    ------
    ParameterError
        If no setting keeps both bounds.
    """
    timely = found["days_late"] <= most_days_late
    kept = found[timely & (found["reserve_added_ratio"] <= most_reserve_added_ratio)]
    if kept.empty:
        raise ParameterError(
            where="frontier",
            found=f"None of {len(found)} settings keeps both bounds.",
            fix="Allow more days late or more reserve, or give a grid that holds the setting of all zeros.",
        )
    best = kept.sort_values(["flips_per_year", "reserve_added_ratio"], kind="stable").iloc[0]
    return Governance(
        downgrade_margin=float(best["downgrade_margin"]),
        upgrade_margin=float(best["upgrade_margin"]),
        downgrade_dwell_days=int(best["downgrade_dwell_days"]),
        upgrade_dwell_days=int(best["upgrade_dwell_days"]),
    )


def efficient(found: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell which settings no other one beats: no other is as good in changes, lateness and reserve, and better in one.

    Parameters
    ----------
    found
        What :func:`frontier` returned.
    """
    costs = found[["flips_per_year", "days_late", "missed_red_count", "reserve_added_ratio"]].to_numpy(np.float64)
    as_good = (costs[:, None, :] <= costs[None, :, :]).all(axis=2)
    better = (costs[:, None, :] < costs[None, :, :]).any(axis=2)
    return np.logical_not(np.any(as_good & better, axis=0))
