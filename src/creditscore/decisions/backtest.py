"""What if: two policies on the same stored days, sales and defaults, and what history cannot say about them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from creditscore.decisions.replay import Integers, ScoredRows, days_of, flips, governed_ranks, scored_rows, whole
from creditscore.decisions.resampling import difference_interval
from creditscore.decisions.trades import supported_trades
from creditscore.policy import Policy, reserve_amounts

NAMES = "AB"
STANDING = ("approval_count", "reserve_amount")  # told as a mean over the days; the others add up over them
STRIDE = 2**32  # more days than any calendar has, so that customer and day make one number that sorts as both do


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Backtest:
    """Two policies on one history.

    Parameters
    ----------
    by_day
        One row for each policy (``A``, ``B``) and replayed day: ``policy``, ``as_of``, ``until_on`` and the measures.
    totals
        One row for each measure (index): ``a``, ``b``, ``difference`` (B less A) with its 95 % interval ``low`` to
        ``high``. Approvals and the reserve are means over the days, the others sums.
    customer_count, unsupported_count
        Customers that were replayed, and those left out because they were never granted anything.
    day_count, unfinished_day_count
        Days that were replayed, and those left out because their outcome window has not ended.
    cautions
        What history cannot say, in sentences.
    """

    by_day: pd.DataFrame
    totals: pd.DataFrame
    customer_count: int
    unsupported_count: int
    day_count: int
    unfinished_day_count: int
    cautions: tuple[str, ...]


def backtest(
    scores: pd.DataFrame,
    trades: pd.DataFrame,
    *,
    policies: tuple[Policy, Policy],
    replicates: int = 2_000,
    seed: int = 7,
) -> Backtest:
    """Replay stored days and what became of them under two policies.

    Each policy makes its own scores, colours and governed colours of the stored log-odds. By the governed colour a
    customer may buy or not, and of what it really bought after the day the share ``limit_factor`` is kept: all if
    green, some if yellow, nothing if red. That share is an approximation, for nobody knows which of the sales a smaller
    limit would have stopped. Bad debt is what is unpaid today of the sales kept to customers that were in default on
    the day or entered it within the horizon. The reserve is the exposure of the day by the governed colour.

    Parameters
    ----------
    scores
        Every stored day: ``customer_id``, ``as_of``, ``log_odds`` of default, ``exposure_amount`` (minor units, may be
        missing) and ``in_default_flag``: whether the customer was in default on the day.
    trades
        One row for each replayed day and customer: ``customer_id``, ``as_of``, ``until_on``: the day up to which its
        sales count, no later than the next replayed day; ``default_flag``: 1 if it entered default within the horizon,
        missing while that has not ended; ``sales_amount`` and ``unpaid_amount``: what it was invoiced for after
        ``as_of``, and how much of that is unpaid today; ``limit_amount``: its limit on the day, missing without one.
    policies
        A and B.
    replicates, seed
        Of the bootstrap over customers that gives the intervals.

    Raises
    ------
    ParameterError
        If a column is missing, a customer is there twice on a day, what is unpaid is unknown, or no window has ended.
    """
    rows = scored_rows(scores, columns=("log_odds", "exposure_amount"))
    supported = supported_trades(trades, rows)
    frame, past = supported.frame, _Trades.of(supported.frame, rows)
    measured = [_measured(rows, past, policy) for policy in policies]
    totals = [one.groupby(frame["customer_id"].to_numpy()).sum() for one in measured]
    by_day = [_by_day(frame, one, name) for one, name in zip(measured, NAMES, strict=True)]
    return Backtest(
        by_day=pd.concat(by_day, ignore_index=True),
        totals=_compared(totals, day_count=supported.day_count, replicates=replicates, seed=seed),
        customer_count=len(totals[0]),
        unsupported_count=supported.unsupported_count,
        day_count=supported.day_count,
        unfinished_day_count=supported.unfinished_day_count,
        cautions=supported.cautions,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Trades:
    """The trades as arrays: what was sold, what of it went bad, and the exposure of the day."""

    place: Integers
    sales: Integers
    lost: Integers
    exposure: Integers
    on: Integers
    until: Integers

    @classmethod
    def of(cls, trades: pd.DataFrame, rows: ScoredRows) -> "_Trades":
        place = trades["place"].to_numpy(np.int64)
        bad = (trades["default_flag"] == 1).to_numpy(np.bool_) | rows.certain[place]
        return cls(
            place=place,
            sales=whole(trades["sales_amount"]),
            lost=np.where(bad, whole(trades["unpaid_amount"]), 0),
            exposure=whole(rows.frame["exposure_amount"].iloc[place]),
            on=days_of(trades["as_of"]),
            until=days_of(trades["until_on"]),
        )


def _measured(rows: ScoredRows, trades: _Trades, policy: Policy) -> pd.DataFrame:
    """Return the measures of each trade under one policy, in whole numbers."""
    score = np.asarray(policy.scale.score(rows.frame["log_odds"].to_numpy(np.float64)))
    ranks = governed_ranks(rows, score=score, bands=policy.colours)
    rank = ranks[trades.place]
    factors = np.array([action.limit_basis_points for action in policy.actions.best_first])[rank]
    # A share of an amount in whole minor units is what a reserve is, so the same exact function serves.
    kept, incurred = (reserve_amounts(amount, basis_points=factors) for amount in (trades.sales, trades.lost))
    return pd.DataFrame(
        {
            "approval_count": (factors > 0).astype(np.int64),
            "sales_kept_amount": kept,
            "sales_lost_amount": trades.sales - kept,
            "bad_debt_incurred_amount": incurred,
            "bad_debt_avoided_amount": trades.lost - incurred,
            "reserve_amount": reserve_amounts(
                trades.exposure, basis_points=np.array(policy.reserve.basis_points)[rank]
            ),
            "flip_count": _flip_counts(rows, trades, flips(rows, ranks)),
        }
    )


def _flip_counts(rows: ScoredRows, trades: _Trades, steps: Integers) -> Integers:
    """Count the changes of colour of each trade's customer after its day and up to its last one."""
    order, who = rows.by_customer, rows.who[trades.place]
    so_far = np.concatenate([[0], np.cumsum(steps[order] != 0)])
    keys = rows.who[order] * STRIDE + rows.on[order]
    start, end = (np.searchsorted(keys, who * STRIDE + day, side="right") for day in (trades.on, trades.until))
    return so_far[end] - so_far[start]


def _by_day(trades: pd.DataFrame, measured: pd.DataFrame, name: str) -> pd.DataFrame:
    days = ["as_of", "until_on"]
    summed = pd.concat([trades[days], measured], axis=1).groupby(days, as_index=False).sum()
    return summed.assign(policy=name)[["policy", *days, *measured.columns]]


def _compared(totals: Sequence[pd.DataFrame], *, day_count: int, replicates: int, seed: int) -> pd.DataFrame:
    first, second = totals
    difference = (second - first).to_numpy(np.int64)
    low, high = difference_interval(difference, replicates=replicates, seed=seed)
    table = pd.DataFrame(
        {"a": first.sum(), "b": second.sum(), "difference": difference.sum(axis=0), "low": low, "high": high}
    )
    days = np.where(table.index.isin(STANDING), day_count, 1)
    return table.div(days, axis=0).rename_axis("measure")
