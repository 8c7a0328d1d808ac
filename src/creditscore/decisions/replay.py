"""Replay: the governed colour that each stored score would have had under other rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from creditscore.errors import ParameterError, some
from creditscore.policy import ColourBands, govern

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Ranks = npt.NDArray[np.int8]
KEYS = ["customer_id", "as_of"]
IN_DEFAULT = "in_default_flag"
NOBODY = -1


@dataclass(frozen=True, kw_only=True, eq=False)
class ScoredRows:
    """Scored customers by day and then by customer; arrays of one length.

    Parameters
    ----------
    frame
        The rows, in this order.
    customers
        The customers, each once and sorted.
    who
        Place of each row's customer among them.
    on
        Day of each row, in whole days since 1970-01-01.
    certain
        Whether the customer was in default on the day.
    """

    frame: pd.DataFrame
    customers: pd.Index
    who: Integers
    on: Integers
    certain: Flags

    @property
    def days(self) -> Integers:
        """The scored days, each once and sorted."""
        return np.unique(self.on)

    def pieces(self) -> Iterator[slice]:
        """Give the rows of each day."""
        edges = [*np.flatnonzero(np.diff(self.on, prepend=self.on[:1] - 1)).tolist(), len(self.on)]
        for start, end in pairwise(edges):
            yield slice(start, end)

    @cached_property
    def by_customer(self) -> npt.NDArray[np.intp]:
        """The order of the rows by customer and then by day."""
        return np.lexsort((self.on, self.who))

    @cached_property
    def next_place(self) -> Integers:
        """Place of the same customer's next row, -1 where there is none."""
        order = self.by_customer
        place = np.full(len(order), NOBODY, np.int64)
        same = self.who[order[1:]] == self.who[order[:-1]]
        place[order[:-1][same]] = order[1:][same]
        return place


def scored_rows(frame: pd.DataFrame, *, columns: tuple[str, ...]) -> ScoredRows:
    """Put stored scores in order for a replay.

    Parameters
    ----------
    frame
        ``customer_id``, ``as_of`` (days), ``in_default_flag`` (whether the customer was in default on the day) and
        ``columns``; one row a customer and day, in any order.
    columns
        What else the caller needs.

    Raises
    ------
    ParameterError
        If a column is missing, no row is there, or a customer has two rows of one day.
    """
    lacking = [name for name in (*KEYS, IN_DEFAULT, *columns) if name not in frame.columns]
    if lacking:
        raise ParameterError(where="scores", found=f"Column {some(lacking)} is missing.", fix="Give every column.")
    twice = int(frame.duplicated(KEYS).sum())
    if frame.empty or twice:
        raise ParameterError(
            where="scores",
            found=f"{len(frame)} rows, {twice} of them of a customer and day that is there already.",
            fix="Give one row for each customer and scored day.",
        )
    customers = pd.Index(np.sort(frame["customer_id"].unique()))
    who, on = customers.get_indexer(pd.Index(frame["customer_id"])), days_of(frame["as_of"])
    order = np.lexsort((who, on))
    rows = frame.iloc[order].reset_index(drop=True)
    certain = rows[IN_DEFAULT].to_numpy(np.bool_)
    return ScoredRows(frame=rows, customers=customers, who=who[order].astype(np.int64), on=on[order], certain=certain)


def governed_ranks(rows: ScoredRows, *, score: Floats, bands: ColourBands) -> Ranks:
    """Return the governed colour of each row: 0 green, 1 yellow, 2 red.

    A customer's predecessor is its last earlier row, any number of days ago; its first row has the raw colour.

    Parameters
    ----------
    rows
        The scored customers.
    score
        Score of each row.
    bands
        The edges of the colours and their governance.
    """
    held = np.full(len(rows.customers), NOBODY, np.int8)
    since = np.zeros(len(rows.customers), np.int64)
    ranks = np.empty(len(rows.on), np.int8)
    for piece in rows.pieces():
        who = rows.who[piece]
        now = govern(
            bands,
            score=score[piece],
            on=int(rows.on[piece.start]),
            previous_rank=held[who],
            previous_since=since[who],
            certain=rows.certain[piece],
        )
        held[who], since[who] = now.rank, now.since
        ranks[piece] = now.rank
    return ranks


def flips(rows: ScoredRows, ranks: Ranks) -> Integers:
    """Return by how much the colour of each row lies from its customer's last one: above 0 it fell; 0 for the first."""
    step = np.zeros(len(ranks), np.int64)
    ahead = rows.next_place
    before = np.flatnonzero(ahead != NOBODY)
    step[ahead[before]] = ranks[ahead[before]].astype(np.int64) - ranks[before]
    return step


def days_of(column: pd.Series) -> Integers:
    """Return days as whole days since 1970-01-01."""
    return pd.to_datetime(column).to_numpy().astype("datetime64[D]").astype(np.int64)


def whole(column: pd.Series) -> Integers:
    """Return whole numbers, 0 where one is missing."""
    return np.asarray(column.astype("Int64").fillna(0), dtype=np.int64)
