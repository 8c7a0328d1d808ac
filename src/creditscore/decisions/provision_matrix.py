"""The provision matrix of IFRS 9's simplified approach: how overdue amounts roll on, and what that costs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from creditscore.domain import several, text
from creditscore.errors import ContractError, ParameterError, some
from creditscore.policy import Loss
from creditscore.policy.exact import IntArray

AGEING_BUCKETS = ("not due", "1-30 days", "31-60 days", "61-90 days", "more than 90 days")
# Bounds to age month ends with for roll rates. The last one parts what has been in the last bucket for a month at most
# from the old stock in it, so that what rolls in can be seen.
ROLL_BOUNDS = (0, 30, 60, 90, 120)
AMOUNT_COLUMNS = ("bucket", "open_amount")
AGEING_COLUMNS = ("customer_id", *AMOUNT_COLUMNS)
PROVISION_COLUMNS = (*AGEING_COLUMNS, "provision_amount")
LAST = len(AGEING_BUCKETS) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RollRates:
    """How much of each bucket is found in the next one a month later.

    Parameters
    ----------
    ratios
        For each bucket but the last, the share of its amount that rolls on, 0 to 1; NaN where it was always empty.
    month_count
        Months that they were observed in.
    """

    ratios: tuple[float, ...]
    month_count: int

    @property
    def default_ratios(self) -> tuple[float, ...]:
        """The share of each bucket that rolls on to more than 90 days past due, which is default (B5.5.37)."""
        return tuple(_product(self.ratios[bucket:]) for bucket in range(len(AGEING_BUCKETS)))

    def loss_ratios(self, loss: Loss) -> tuple[float, ...]:
        """Return the loss rate of each bucket, at most 1: what rolls on to default, times what a default costs.

        >>> from creditscore.policy import load_policy
        >>> rolls = RollRates(ratios=(0.5, 0.4, 0.5, 0.5), month_count=12)
        >>> [round(ratio, 6) for ratio in rolls.loss_ratios(load_policy().loss)]
        [0.02, 0.04, 0.1, 0.2, 0.4]
        """
        factor = loss.given_default * loss.forward_looking_factor
        return tuple(ratio if math.isnan(ratio) else min(ratio * factor, 1.0) for ratio in self.default_ratios)


def roll_rates(ageings: Sequence[pd.DataFrame], *, sales_amounts: Sequence[int] | None = None) -> RollRates:
    """Return the roll rates of consecutive month ends: amounts in the next bucket over amounts in the bucket before.

    The amounts of all pairs of month ends are summed first, so large months weigh more. What is in the next bucket may
    exceed what was in the bucket before, since months and buckets differ by a day; the share is capped at 1.

    An amount not yet due stays so for the length of its term, and with it the first share of a month says little about
    what will become overdue. With ``sales_amounts`` it is the share of a month's sales that is found 1-30 days past
    due at a month end, whatever the terms, if sales do not change much within a term.

    Parameters
    ----------
    ageings
        Two or more frames of consecutive month ends, earliest first, as :func:`creditscore.accounts.ageing` returns
        them for the bounds ``ROLL_BOUNDS``, or their sums over the customers: ``bucket`` and ``open_amount`` count.
    sales_amounts
        What was sold on credit between each month end and the next, one less than ``ageings``.

    Raises
    ------
    ParameterError
        If there are fewer than two month ends, or sales of other months.
    ContractError
        If a column is missing, or a bucket unknown.

    Examples
    --------
    >>> january = pd.DataFrame({"customer_id": ["C1", "C1"], "bucket": [0, 1], "open_amount": [1_000, 200]})
    >>> february = pd.DataFrame({"customer_id": ["C1", "C1"], "bucket": [1, 2], "open_amount": [300, 50]})
    >>> roll_rates([january, february]).ratios
    (0.3, 0.25, nan, nan)
    """
    if len(ageings) < 2:  # noqa: PLR2004 - what rolls, rolls from one to the next
        raise ParameterError(where="ageings", found=f"{len(ageings)} month ends.", fix="Give at least two.")
    totals = np.stack([_totals(ageing) for ageing in ageings])
    before, after = totals[:-1, :LAST].sum(axis=0), totals[1:, 1 : LAST + 1].sum(axis=0)
    if sales_amounts is not None:
        if len(sales_amounts) != len(ageings) - 1:
            raise ParameterError(
                where="sales_amounts",
                found=f"{len(sales_amounts)} months of sales between {len(ageings)} month ends.",
                fix="Give the sales between each month end and the next.",
            )
        before[0] = sum(sales_amounts)
    ratios = [min(int(to) / int(of), 1.0) if of > 0 else math.nan for to, of in zip(after, before, strict=True)]
    return RollRates(ratios=tuple(ratios), month_count=len(ageings) - 1)


def provisions(ageing: pd.DataFrame, loss_ratios: Sequence[float]) -> pd.DataFrame:
    """Return the expected credit loss of each customer and bucket: the open amount times the bucket's loss rate.

    Parameters
    ----------
    ageing
        ``AGEING_COLUMNS``; buckets beyond the last one count as the last.
    loss_ratios
        Loss rate of each of ``AGEING_BUCKETS``, as :meth:`RollRates.loss_ratios` returns them.

    Returns
    -------
    pandas.DataFrame
        ``PROVISION_COLUMNS``, sorted by customer and bucket; ``provision_amount`` in whole minor units, so that sums
        over customers and over buckets agree.

    Raises
    ------
    ParameterError
        If there is no rate from 0 to 1 for each bucket, or it is unknown for one in which something is open.
    ContractError
        If a column is missing, or a bucket unknown.

    Examples
    --------
    >>> ageing = pd.DataFrame({"customer_id": ["C1", "C1"], "bucket": [0, 4], "open_amount": [1_000, 50]})
    >>> provisions(ageing, [0.02, 0.04, 0.1, 0.2, 0.4])["provision_amount"].tolist()
    [20, 20]
    """
    rates = np.array(loss_ratios, dtype=np.float64)
    if rates.shape != (len(AGEING_BUCKETS),) or bool(((rates < 0) | (rates > 1)).any()):
        raise ParameterError(
            where="loss_ratios",
            found=f"{list(loss_ratios)}.",
            fix=f"Give a share of 1 for each of {len(AGEING_BUCKETS)} buckets.",
        )
    _check(ageing, AGEING_COLUMNS)
    merged = ageing[list(AGEING_COLUMNS)].assign(bucket=ageing["bucket"].clip(upper=LAST))
    summed = merged.groupby(["customer_id", "bucket"], as_index=False, sort=True)["open_amount"].sum()
    amount, of_bucket = summed["open_amount"].to_numpy(np.int64), rates[summed["bucket"].to_numpy(np.int64)]
    unknown = sorted({AGEING_BUCKETS[bucket] for bucket in summed["bucket"][(amount > 0) & np.isnan(of_bucket)]})
    if unknown:
        raise ParameterError(
            where="loss_ratios",
            found=text("No month shows how {buckets} roll on, and something is open there.", buckets=several(unknown)),
            fix="Give more month ends.",
        )
    expected = np.rint(np.maximum(amount, 0) * np.nan_to_num(of_bucket)).astype(np.int64)
    return summed.assign(provision_amount=expected)


def matrix_table(provided: pd.DataFrame, rolls: RollRates, loss: Loss) -> pd.DataFrame:
    """Return the provision matrix as it is printed: one row for each bucket.

    Parameters
    ----------
    provided
        What :func:`provisions` returned.
    rolls, loss
        The roll rates and the policy's loss that it was worked out with.

    Returns
    -------
    pandas.DataFrame
        ``bucket`` in words, ``open_amount``, ``roll_ratio`` (missing for the last), ``loss_ratio`` and
        ``provision_amount``.
    """
    sums = provided.groupby("bucket")[["open_amount", "provision_amount"]].sum()
    sums = sums.reindex(range(len(AGEING_BUCKETS)), fill_value=0)
    return pd.DataFrame(
        {
            "bucket": AGEING_BUCKETS,
            "open_amount": sums["open_amount"].to_numpy(np.int64),
            "roll_ratio": [*rolls.ratios, math.nan],
            "loss_ratio": rolls.loss_ratios(loss),
            "provision_amount": sums["provision_amount"].to_numpy(np.int64),
        }
    )


def _product(ratios: Sequence[float]) -> float:
    """Return the product of roll rates: 0 where nothing rolls on from one of them, though others be unknown."""
    return 0.0 if 0.0 in ratios else math.prod(ratios)


def _totals(ageing: pd.DataFrame) -> IntArray:
    _check(ageing, AMOUNT_COLUMNS)
    totals = np.zeros(len(ROLL_BOUNDS) + 1, dtype=np.int64)
    np.add.at(totals, ageing["bucket"].to_numpy(np.int64), ageing["open_amount"].to_numpy(np.int64))
    return totals


def _check(ageing: pd.DataFrame, columns: Sequence[str]) -> None:
    missing = [column for column in columns if column not in ageing]
    if missing:
        raise ContractError(where="ageing", found=f"{some(missing)} missing.", fix=f"Give {', '.join(columns)}.")
    strange = int((~ageing["bucket"].isin(range(len(ROLL_BOUNDS) + 1))).sum())
    if strange:
        raise ContractError(
            where="ageing.bucket",
            found=f"{strange} of {len(ageing)} are none of 0 to {len(ROLL_BOUNDS)}.",
            fix=f"Age the receivables with the bounds {ROLL_BOUNDS}.",
        )
