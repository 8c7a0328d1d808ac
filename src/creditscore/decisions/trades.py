"""Which trades of the past can say something about another policy, and which cannot."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from creditscore.decisions.replay import KEYS, NOBODY, Integers, ScoredRows, days_of
from creditscore.errors import ParameterError, some

TRADED = (*KEYS, "until_on", "default_flag", "sales_amount", "unpaid_amount", "limit_amount")
UNSUPPORTED = (
    "Left out, because what they would have done is unknown: "
    "{:,} customers never granted a limit or sold to on these days."
)
UNSCORED = "Left out, because no score decided on them: the sales to {:,} customers not scored on the day."
UNFINISHED = "Left out, because the outcome window has not ended: {:,} of the replayed days."
NO_EXTRA = "A policy that allows more than was sold gets no extra sales: history holds no sale that was not made."
NO_TERMS = "A colour's longest payment term is not replayed: nobody knows what would have been bought on shorter terms."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SupportedTrades:
    """The trades that history supports, and what had to stay out.

    Parameters
    ----------
    frame
        The trades, each with ``place``: its row of the scores.
    unsupported_count
        Customers that were never granted anything on the replayed days.
    unscored_count
        Customers that were sold to after a day on which they were not scored.
    unfinished_day_count
        Days whose outcome window has not ended.
    """

    frame: pd.DataFrame
    unsupported_count: int
    unscored_count: int
    unfinished_day_count: int

    @property
    def day_count(self) -> int:
        """The days that are replayed."""
        return self.frame["as_of"].nunique()

    @property
    def cautions(self) -> tuple[str, ...]:
        """What history cannot say, in sentences."""
        told = (
            (self.unsupported_count, UNSUPPORTED),
            (self.unscored_count, UNSCORED),
            (self.unfinished_day_count, UNFINISHED),
        )
        return (*(sentence.format(count) for count, sentence in told if count), NO_EXTRA, NO_TERMS)


def supported_trades(trades: pd.DataFrame, rows: ScoredRows) -> SupportedTrades:
    """Leave out what history cannot support, and count it.

    Parameters
    ----------
    trades
        As :func:`creditscore.decisions.backtest` takes them.
    rows
        The scored customers.

    Raises
    ------
    ParameterError
        If a column is missing, a customer is there twice on a day, what is unpaid is unknown, or nothing is left.
    """
    _check(trades)
    placed = trades.reset_index(drop=True).assign(place=_places(trades, rows))
    scored = placed["place"] != NOBODY
    sold = placed["sales_amount"].fillna(0) > 0
    ended = placed[scored & placed["default_flag"].notna()]
    unfinished = placed.loc[scored, "as_of"].nunique() - ended["as_of"].nunique()
    granted = (ended["limit_amount"].fillna(0) > 0) | sold[ended.index]
    ever = granted.groupby(ended["customer_id"]).transform("any").astype(bool)
    if not ever.any():
        raise ParameterError(
            where="trades",
            found="No day has both an ended outcome window and a customer that was granted something; "
            f"{unfinished} windows have not ended.",
            fix="Replay days whose horizon has passed.",
        )
    return SupportedTrades(
        frame=ended[ever].reset_index(drop=True),
        unsupported_count=ended.loc[~ever, "customer_id"].nunique(),
        unscored_count=placed.loc[~scored & sold, "customer_id"].nunique(),
        unfinished_day_count=unfinished,
    )


def _check(trades: pd.DataFrame) -> None:
    lacking = [name for name in TRADED if name not in trades.columns]
    twice = 0 if lacking else int(trades.duplicated(KEYS).sum())
    if lacking or twice:
        raise ParameterError(
            where="trades",
            found=f"Column {some(lacking)} is missing." if lacking else f"{twice} rows are there twice.",
            fix="Give every column, and one row for each customer and replayed day.",
        )
    sold = trades["sales_amount"].fillna(0) > 0
    if trades.loc[sold, "unpaid_amount"].isna().any():
        raise ParameterError(
            where="trades", found="What is unpaid of the sales is unknown.", fix="Ingest the payments of the book."
        )


def _places(trades: pd.DataFrame, rows: ScoredRows) -> Integers:
    """Return the row of the scores of each trade, -1 where there is none."""
    known = pd.MultiIndex.from_arrays([rows.who, rows.on])
    who = rows.customers.get_indexer(pd.Index(trades["customer_id"]))
    asked = pd.MultiIndex.from_arrays([who, days_of(trades["as_of"])])
    return known.get_indexer(asked).astype(np.int64)
