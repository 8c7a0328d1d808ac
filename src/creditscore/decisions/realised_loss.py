"""Whether the rates of the reserve cover what was lost: each colour's loss ratio, with its interval."""

import math
from typing import Any

import numpy as np
import pandas as pd

from creditscore.domain import Colour
from creditscore.errors import ContractError, some
from creditscore.policy import ReserveRates, reserve_amounts
from creditscore.validation import ratio_of_sums

MATURED_COLUMNS = ("customer_id", "colour", "exposure_amount", "lost_amount")
REALISED_COLUMNS = (
    "colour",
    "snapshot_count",
    "customer_count",
    "exposure_amount",
    "lost_amount",
    "loss_ratio",
    "loss_ratio_low",
    "loss_ratio_high",
    "reserve_ratio",
    "reserve_amount",
    "gap_amount",
    "verdict",
)
ADEQUATE, SHORT, TOO_HIGH, UNKNOWN = "adequate", "short", "too high", "unknown"
TOTAL = "total"


def realised_losses(rates: ReserveRates, matured: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Compare the rate of each colour with what was lost on the exposures that had it.

    Parameters
    ----------
    rates
        Rates of the policy.
    matured
        ``MATURED_COLUMNS``, one row for each customer and snapshot whose outcome window has ended: the governed colour
        and the exposure of the snapshot, and what was lost of it within the window, both in minor units. A negative
        exposure counts as 0, as it does for the reserve.
    level
        Confidence level of the interval. The snapshots of one customer hang together, see
        :func:`creditscore.validation.ratio_of_sums`.

    Returns
    -------
    pandas.DataFrame
        ``REALISED_COLUMNS``, one row for each colour, best first, and one for ``total``. ``reserve_ratio`` is the
        reserve over the exposure, ``gap_amount`` the reserve less what was lost; a customer counts as often as it has
        snapshots. ``verdict`` is ``short`` where the interval of the loss ratio lies above the reserve ratio, ``too
        high`` where it lies below, ``adequate`` where it holds it, ``unknown`` where losses are too few to tell.

    Raises
    ------
    ContractError
        If a column is missing, a colour is unknown, an amount is missing, or a loss negative.

    Examples
    --------
    >>> from creditscore.policy import load_policy
    >>> matured = pd.DataFrame({
    ...     "customer_id": ["C1", "C2", "C3", "C4"],
    ...     "colour": ["green", "green", "red", "red"],
    ...     "exposure_amount": [100_000, 100_000, 50_000, 100_000],
    ...     "lost_amount": [0, 0, 30_000, 50_000],
    ... })
    >>> found = realised_losses(load_policy().reserve, matured)
    >>> found[["colour", "loss_ratio", "reserve_amount", "gap_amount", "verdict"]].to_dict("records")[0]
    {'colour': 'green', 'loss_ratio': 0.0, 'reserve_amount': 6000, 'gap_amount': 6000, 'verdict': 'unknown'}
    """
    _check(matured)
    colours = [str(colour) for colour in Colour]
    ranks = pd.Index(colours).get_indexer(pd.Index(matured["colour"]))
    exposure = np.maximum(matured["exposure_amount"].to_numpy(np.int64), 0)
    points = np.array(rates.basis_points, dtype=np.int64)[ranks]
    rows = matured.assign(exposure_amount=exposure, reserve_amount=reserve_amounts(exposure, basis_points=points))
    of_colour = [_realised(colour, rows[ranks == rank], level) for rank, colour in enumerate(colours)]
    return pd.DataFrame([*of_colour, _realised(TOTAL, rows, level)], columns=list(REALISED_COLUMNS))


def _realised(colour: str, rows: pd.DataFrame, level: float) -> dict[str, Any]:
    exposure, lost, reserve = (int(rows[f"{name}_amount"].sum()) for name in ("exposure", "lost", "reserve"))
    found = ratio_of_sums(
        rows["lost_amount"], rows["exposure_amount"], customers=rows["customer_id"].to_numpy(str), level=level
    )
    reserve_ratio = reserve / exposure if exposure else math.nan
    return {
        "colour": colour,
        "snapshot_count": len(rows),
        "customer_count": int(rows["customer_id"].nunique()),
        "exposure_amount": exposure,
        "lost_amount": lost,
        "loss_ratio": found.value,
        "loss_ratio_low": found.low,
        "loss_ratio_high": found.high,
        "reserve_ratio": reserve_ratio,
        "reserve_amount": reserve,
        "gap_amount": reserve - lost,
        "verdict": _verdict(reserve_ratio, low=found.low, high=found.high),
    }


def _verdict(reserve_ratio: float, *, low: float, high: float) -> str:
    if math.isnan(low) or math.isnan(reserve_ratio):
        return UNKNOWN
    if reserve_ratio < low:
        return SHORT
    return TOO_HIGH if reserve_ratio > high else ADEQUATE


def _check(matured: pd.DataFrame) -> None:
    missing = [column for column in MATURED_COLUMNS if column not in matured]
    if missing:
        raise ContractError(
            where="matured", found=f"{some(missing)} missing.", fix=f"Give {', '.join(MATURED_COLUMNS)}."
        )
    strange = int((~matured["colour"].isin([str(colour) for colour in Colour])).sum())
    if strange:
        raise ContractError(
            where="matured.colour",
            found=f"{strange} of {len(matured)} are no colour.",
            fix=f"Give {', '.join(Colour)}.",
        )
    amounts = matured[["exposure_amount", "lost_amount"]]
    broken = int((amounts.isna().any(axis=1) | (amounts["lost_amount"] < 0)).sum())
    if broken:
        raise ContractError(
            where="matured",
            found=f"{broken} of {len(matured)} rows lack an amount, or have a negative loss.",
            fix="Give only snapshots of known exposure whose outcome window has ended, and what they lost.",
        )
