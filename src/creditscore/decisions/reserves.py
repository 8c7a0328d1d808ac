"""The reserve ledger over frames: holdings and movements of a day by customer, and closing figures by segment."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from creditscore.decisions.customer_keys import keys_of
from creditscore.domain import Colour
from creditscore.errors import ContractError, some
from creditscore.policy import MOVEMENT_KINDS, Holding, ReserveDay, ReserveRates, Settlement, settle_reserves
from creditscore.policy.exact import IntArray

# What the ledger keeps of each customer of a day. exposure_amount is what the reserve covers, the last known exposure,
# missing while none was ever known; required_amount is missing where the day's exposure is unknown.
HOLDING_COLUMNS = (
    "customer_id",
    "exposure_amount",
    "held_basis_points",
    "held_amount",
    "required_basis_points",
    "required_amount",
)
HELD_COLUMNS = ("customer_id", "exposure_amount", "held_basis_points", "held_amount")  # what the next day needs
MOVEMENT_COLUMNS = ("customer_id", "kind", "amount")
MOVEMENT_AMOUNTS = tuple(f"{kind}_movement_amount" for kind in MOVEMENT_KINDS)
# Sums of a segment: opening_amount + the movements = closing_amount. unknown_count customers have no required_amount.
CLOSING_COLUMNS = (
    "dimension",
    "value",
    "customer_count",
    "unknown_count",
    "opening_amount",
    *MOVEMENT_AMOUNTS,
    "closing_amount",
    "exposure_amount",
    "required_amount",
)
DAY_COLUMNS = ("customer_id", "exposure_amount", "governed_colour", "governed_since")
TOTAL, UNKNOWN = "total", "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveBook:
    """The reserve ledger of one day.

    Parameters
    ----------
    holdings
        ``HOLDING_COLUMNS``, one row for each customer of the day, in the order of the day.
    movements
        ``MOVEMENT_COLUMNS``: what changed a reserve, without zeros, sorted by customer and kind. Customers who left the
        book are here and not among the holdings.
    """

    holdings: pd.DataFrame
    movements: pd.DataFrame


def settle_book(
    rates: ReserveRates,
    held: pd.DataFrame | None,
    today: pd.DataFrame,
    *,
    as_of: date,
    previous_as_of: date | None,
) -> ReserveBook:
    """Move the reserves from the last day scored to ``as_of``; see :func:`creditscore.policy.settle_reserves`.

    Parameters
    ----------
    rates
        Rates and rules of the policy.
    held
        ``HELD_COLUMNS`` as the last earlier day scored left them, or ``None`` where there is no such day.
    today
        ``DAY_COLUMNS`` of every customer in the book: ``exposure_amount`` in minor units, missing where unknown;
        ``governed_colour``; ``governed_since``, the day from which that colour holds.
    as_of, previous_as_of
        The day, and the last earlier day scored.

    Raises
    ------
    ContractError
        If a column is missing, a customer stands twice, or a colour or the day of it is unknown.
    ParameterError
        As :func:`creditscore.policy.settle_reserves` does.

    Examples
    --------
    >>> from creditscore.policy import load_policy
    >>> today = pd.DataFrame({
    ...     "customer_id": ["C1", "C2"],
    ...     "exposure_amount": pd.array([10_000, None], dtype="Int64"),
    ...     "governed_colour": ["yellow", "green"],
    ...     "governed_since": [date(2024, 1, 5), date(2024, 1, 9)],
    ... })
    >>> first = settle_book(load_policy().reserve, None, today, as_of=date(2024, 1, 9), previous_as_of=None)
    >>> first.movements.to_dict("records")
    [{'customer_id': 'C1', 'kind': 'opening', 'amount': 800}]
    >>> first.holdings["required_amount"].tolist()
    [800, <NA>]
    """
    before = _nothing() if held is None else held
    for name, frame, columns in (("held", before, HELD_COLUMNS), ("today", today, DAY_COLUMNS)):
        _check(name, frame, columns)
    earlier, now = keys_of(before["customer_id"]), keys_of(today["customer_id"])
    customers = now.append(earlier[now.get_indexer(earlier) < 0])
    previous_on = None if previous_as_of is None else _days(previous_as_of)
    day = _day(today, len(customers) - len(now), on=_days(as_of), previous_on=previous_on)
    settled = settle_reserves(rates, _holding(before, earlier.get_indexer(customers)), day)
    return ReserveBook(
        holdings=_holdings(today["customer_id"], settled),
        movements=_movements(customers, settled.movements),
    )


def closings(holdings: pd.DataFrame, movements: pd.DataFrame, segments: pd.DataFrame) -> pd.DataFrame:
    """Sum a day's ledger over the whole book and over each segment.

    A customer counts in its segment of this day on both sides, so every row adds up; one that moved to another region
    takes its opening reserve along.

    Parameters
    ----------
    holdings, movements
        The ledger of the day.
    segments
        ``customer_id`` and one column for each dimension, such as ``industry`` and ``region``; customers who left the
        book today among them. Who is not there, or has no value, counts as ``"unknown"``.

    Returns
    -------
    pandas.DataFrame
        ``CLOSING_COLUMNS``, first the row ``total`` with an empty value, then the values of each dimension, sorted.
        ``opening_amount`` plus the movements is ``closing_amount``, what is held. ``exposure_amount`` is what the
        reserve covers, ``required_amount`` the sum over customers whose exposure is known.

    Raises
    ------
    ContractError
        If a column is missing or a customer stands twice in ``holdings`` or ``segments``.
    """
    _check("holdings", holdings, HOLDING_COLUMNS)
    _check("segments", segments, ("customer_id",))
    named, moved = keys_of(holdings["customer_id"]), keys_of(movements["customer_id"])
    everyone = named.append(moved[named.get_indexer(moved) < 0].unique())
    sums = _by_customer(everyone, holdings, movements)
    places = keys_of(segments["customer_id"]).get_indexer(everyone)
    parts = [sums.sum().to_frame().T.assign(dimension=TOTAL, value="")]
    for name, column in segments.drop(columns="customer_id").items():
        values = column.astype("str").reset_index(drop=True).reindex(places)
        parts.append(_summed(sums, values.fillna(UNKNOWN), str(name)))
    return pd.concat(parts, ignore_index=True)[list(CLOSING_COLUMNS)]


def _by_customer(everyone: pd.Index, holdings: pd.DataFrame, movements: pd.DataFrame) -> pd.DataFrame:
    """Return the figures to add up of everyone: the customers of the holdings in their order, then those who left."""
    amounts = np.zeros((len(everyone), len(MOVEMENT_KINDS)), dtype=np.int64)
    places, kinds = everyone.get_indexer(keys_of(movements["customer_id"])), pd.Index(MOVEMENT_KINDS)
    amounts[places, kinds.get_indexer(pd.Index(movements["kind"]))] = movements["amount"]
    sums = pd.DataFrame(amounts, columns=list(MOVEMENT_AMOUNTS))
    gone = (0, len(everyone) - len(holdings))
    for name, source in (("closing", "held"), ("exposure", "exposure"), ("required", "required")):
        sums[f"{name}_amount"] = np.pad(_numbers(holdings[f"{source}_amount"])[0], gone)
    sums["customer_count"] = np.pad(np.ones(len(holdings), dtype=np.int64), gone)
    sums["unknown_count"] = np.pad(holdings["required_amount"].isna().to_numpy(np.int64), gone)
    sums["opening_amount"] = sums["closing_amount"] - amounts.sum(axis=1)
    return sums


def _summed(sums: pd.DataFrame, values: pd.Series, dimension: str) -> pd.DataFrame:
    summed = sums.groupby(values.to_numpy(), sort=True).sum()
    return summed.rename_axis("value").reset_index().assign(dimension=dimension)


def _holdings(customers: pd.Series, settled: Settlement) -> pd.DataFrame:
    count, after = len(customers), settled.holding
    return pd.DataFrame(
        {
            "customer_id": customers.array,
            "exposure_amount": _known(after.exposure_amount[:count], after.opened[:count]),
            "held_basis_points": after.held_basis_points[:count],
            "held_amount": after.held_amount[:count],
            "required_basis_points": settled.required_basis_points[:count],
            "required_amount": _known(settled.required_amount[:count], settled.required_known[:count]),
        }
    )


def _movements(customers: pd.Index, movements: dict[str, IntArray]) -> pd.DataFrame:
    order = np.argsort(customers.to_numpy(), kind="stable")
    amounts = np.stack(list(movements.values()), axis=1)[order]
    places, kinds = np.nonzero(amounts)  # by customer, then by kind
    return pd.DataFrame(
        {
            "customer_id": pd.Series(customers[order[places]], dtype="str"),
            "kind": pd.Series(np.array(list(movements), dtype=object)[kinds], dtype="str"),
            "amount": amounts[places, kinds],
        }
    )


def _holding(held: pd.DataFrame, places: npt.NDArray[np.intp]) -> Holding:
    """Return what each customer holds, given its row in ``held``, -1 where it has none."""
    exposure, opened = _numbers(held["exposure_amount"])
    return Holding(
        opened=_taken(opened, places),
        exposure_amount=_taken(exposure, places),
        held_basis_points=_taken(_numbers(held["held_basis_points"])[0], places),
        held_amount=_taken(_numbers(held["held_amount"])[0], places),
    )


def _day(today: pd.DataFrame, gone: int, *, on: int, previous_on: int | None) -> ReserveDay:
    """Return what the day says, with the customers who left the book behind those who are in it."""
    exposure, known = _numbers(today["exposure_amount"])
    return ReserveDay(
        on=on,
        previous_on=previous_on,
        in_book=np.pad(np.ones(len(today), dtype=np.bool_), (0, gone)),
        known=np.pad(known, (0, gone)),
        exposure_amount=np.pad(exposure, (0, gone)),
        colour_rank=np.pad(_ranks(today["governed_colour"]), (0, gone)),
        colour_since=np.pad(_since(today["governed_since"]), (0, gone)),
    )


def _ranks(colours: pd.Series) -> npt.NDArray[np.intp]:
    ranks = pd.Index([str(colour) for colour in Colour]).get_indexer(pd.Index(colours))
    strange = int(np.count_nonzero(ranks < 0))
    if strange:
        raise ContractError(
            where="today.governed_colour",
            found=f"{strange} of {len(colours)} are no colour.",
            fix=f"Give {', '.join(Colour)}.",
        )
    return ranks


def _since(days: pd.Series) -> IntArray:
    missing = int(days.isna().sum())
    if missing:
        raise ContractError(
            where="today.governed_since",
            found=f"{missing} of {len(days)} are missing.",
            fix="Give the day from which each governed colour holds.",
        )
    return days.to_numpy("datetime64[D]").astype(np.int64)


def _numbers(column: pd.Series) -> tuple[IntArray, npt.NDArray[np.bool_]]:
    """Return whole numbers, 0 where missing, and which are known."""
    values = np.asarray(column.astype("Int64").fillna(0), dtype=np.int64)
    return values, np.asarray(column.notna(), dtype=np.bool_)


def _known(values: IntArray, known: npt.NDArray[np.bool_]) -> pd.arrays.IntegerArray:
    return pd.arrays.IntegerArray(values, ~known)


def _taken(values: npt.NDArray[Any], places: npt.NDArray[np.intp]) -> npt.NDArray[Any]:
    return np.append(values, np.zeros(1, dtype=values.dtype))[places]


def _days(day: date) -> int:
    return int(np.datetime64(day, "D").astype(np.int64))


def _nothing() -> pd.DataFrame:
    return pd.DataFrame(
        {"customer_id": pd.Series(dtype="str")} | {name: pd.Series(dtype="Int64") for name in HELD_COLUMNS[1:]}
    )


def _check(name: str, frame: pd.DataFrame, columns: tuple[str, ...]) -> None:
    missing = [column for column in columns if column not in frame]
    if missing:
        raise ContractError(where=name, found=f"{some(missing)} missing.", fix=f"Give {', '.join(columns)}.")
    keys = keys_of(frame["customer_id"])
    if not keys.is_unique:
        raise ContractError(
            where=name,
            found=f"{some(keys[keys.duplicated()].unique())} stand more than once.",
            fix="Give one row for each customer.",
        )
