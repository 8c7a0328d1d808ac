"""What is decided on a customer from its own score and past alone: its governed colour and its reserve."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from creditscore.decisions.matching import positions
from creditscore.decisions.reserves import ReserveBook, settle_book
from creditscore.policy import Governed, Policy, govern
from creditscore.policy.colours import BEST_FIRST
from creditscore.policy.governance import NEW

# What a day leaves of each customer to the next day scored.
CARRIED = (
    "customer_id",
    "governed_colour",
    "governed_since",
    "held_amount",
    "held_basis_points",
    "held_exposure_amount",
)
CERTAIN = "in_default_flag"
OWN_COLUMNS = (
    "governed_colour",
    "governed_since",
    "reserve_amount",
    "held_amount",
    "held_basis_points",
    "held_exposure_amount",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDecisions:
    """Decisions that no other customer moves.

    Parameters
    ----------
    rank
        Governed colour of each customer: 0 green, 1 yellow, 2 red.
    customers
        ``customer_id`` and ``OWN_COLUMNS``, in the order of the customers given.
    reserves
        The reserve ledger of the day.
    """

    rank: npt.NDArray[np.integer]
    customers: pd.DataFrame
    reserves: ReserveBook


def decide_own(
    policy: Policy, today: pd.DataFrame, *, as_of: date, held: pd.DataFrame | None, held_on: date | None
) -> OwnDecisions:
    """Decide what depends on each customer alone; all customers of a day or any of them, with the same bits.

    Parameters
    ----------
    policy
        The rules.
    today
        ``customer_id``, ``score``, ``exposure_amount`` and ``in_default_flag``; see :func:`decide_day`.
    as_of
        The day.
    held
        ``CARRIED`` as the last earlier day scored left it of all customers whose reserve is to be moved, or ``None``
        where there is no such day.
    held_on
        That day.

    Raises
    ------
    ContractError, ParameterError
        If a frame lacks a column, holds a key twice, or belongs to a later day.
    """
    governed = _governed(policy, today, as_of=as_of, held=held)
    colours = pd.array([str(colour) for colour in BEST_FIRST], dtype="str").take(governed.rank)
    since = governed.since.astype("datetime64[D]").astype("datetime64[ms]")
    standing = today[["customer_id", "exposure_amount"]].assign(governed_colour=colours, governed_since=since)
    reserves = settle_book(
        policy.reserve,
        None if held is None else held.rename(columns={"held_exposure_amount": "exposure_amount"}),
        standing,
        as_of=as_of,
        previous_as_of=held_on,
    )
    holdings = reserves.holdings
    table = {
        "customer_id": today["customer_id"].reset_index(drop=True),
        "governed_colour": colours,
        "governed_since": since,
        "reserve_amount": holdings["required_amount"],
        "held_amount": holdings["held_amount"],
        "held_basis_points": holdings["held_basis_points"],
        "held_exposure_amount": holdings["exposure_amount"],
    }
    return OwnDecisions(rank=governed.rank, customers=pd.DataFrame(table), reserves=reserves)


def _governed(policy: Policy, today: pd.DataFrame, *, as_of: date, held: pd.DataFrame | None) -> Governed:
    rank, since = np.full(len(today), NEW), np.zeros(len(today), dtype=np.int64)
    if held is not None:
        place = positions(today["customer_id"], among=held["customer_id"])
        ranks = pd.Index([str(colour) for colour in BEST_FIRST]).get_indexer(pd.Index(held["governed_colour"]))
        rank = np.append(ranks, NEW)[place]
        days = held["governed_since"].to_numpy("datetime64[D]").astype(np.int64)
        since = np.append(days, 0)[place]
    return govern(
        policy.colours,
        score=today["score"].to_numpy(np.float64),
        on=int(np.datetime64(as_of, "D").astype(np.int64)),
        previous_rank=rank,
        previous_since=since,
        certain=today[CERTAIN].to_numpy(np.float64) == 1,
    )
