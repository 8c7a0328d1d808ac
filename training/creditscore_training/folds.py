"""Folds inside the development period: what validates is later than what was learned, and of other customers."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from creditscore.domain import add_months
from creditscore.errors import ParameterError

HASHED_BYTES = 8
LEAST_LEARNED = 1 / 3  # share of the days before the first validation that the gap must leave to learn from
PARTS = ("training", "calibration", "validation")

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldPlan:
    """How the development period is cut into folds.

    Parameters
    ----------
    folds
        Number of folds, 2 or more. The later half of the days validates, in as many blocks; so do the customers, in as
        many groups by a hash of their ids, and each fold takes another block and another group.
    gap_months
        Months that the outcome window of a training row must have ended before: a row is learned from if
        ``as_of + gap_months`` is not after the first day of the validation. ``None`` takes the horizon, so that every
        label was known by then; where the history is too short for that, the longest gap that leaves a third of the
        earlier days. :attr:`Fold.gap_months` tells which gap it became.
    calibration_share
        Share of the customers who do not validate, in (0, 1), on whom a fold calibrates instead of learning from them.
    min_defaults
        Fewest defaults, and fewest non-defaults, of each part of a fold.

    Raises
    ------
    ParameterError
        If a number lies outside its range.
    """

    folds: int = 3
    gap_months: int | None = None
    calibration_share: float = 0.25
    min_defaults: int = 5

    def __post_init__(self) -> None:
        gap = 0 if self.gap_months is None else self.gap_months
        if self.folds < 2 or gap < 0 or not 0 < self.calibration_share < 1 or self.min_defaults < 1:  # noqa: PLR2004
            raise ParameterError(
                where="FoldPlan",
                found=f"{self.folds} folds with a gap of {gap} months, a calibration share of "
                f"{self.calibration_share} and at least {self.min_defaults} defaults cannot be cut.",
                fix="Give 2 folds or more, a gap of 0 or more, a share in (0, 1), and 1 default or more.",
            )


@dataclass(frozen=True, slots=True)
class Fold:
    """Which rows of the development period one fold uses for what; a row may have no part in it.

    Parameters
    ----------
    training, calibration, validation
        Flags (n,) of the rows. No customer is in two of them, and all days of the first two are before all of the last.
    gap_months
        Gap that was kept. Where it is less than the horizon, outcomes of training rows reach into the validation.
    validated_from
        First day of the validation.
    """

    training: Flags
    calibration: Flags
    validation: Flags
    gap_months: int
    validated_from: date


def time_ordered_folds(rows: pd.DataFrame, plan: FoldPlan, *, horizon_months: int) -> tuple[Fold, ...]:
    """Cut development rows into folds, the earliest validation first.

    Parameters
    ----------
    rows
        Labelled observations of the development period, with ``customer_id``, ``as_of`` and ``default_flag``.
    plan
        How to cut.
    horizon_months
        Length of the outcome window.

    Raises
    ------
    ParameterError
        If there are too few days, or a part of a fold has too few defaults or non-defaults.
    """
    days = [day.date() for day in pd.DatetimeIndex(rows["as_of"]).unique().sort_values()]
    blocks = _blocks(days, folds=plan.folds)
    gap = _longest_gap(days, blocks[0][0], most=horizon_months) if plan.gap_months is None else plan.gap_months
    groups = np.floor(_positions(rows["customer_id"], salt="fold") * plan.folds).astype(int)
    calibrating = _positions(rows["customer_id"], salt="calibration") < plan.calibration_share
    found = []
    for number, block in enumerate(blocks):
        validating = groups == number
        early = _on(rows, _learned_days(days, block[0], gap_months=gap)) & ~validating
        fold = Fold(early & ~calibrating, early & calibrating, validating & _on(rows, block), gap, block[0])
        _refuse_thin(fold, rows["default_flag"].to_numpy(), number=number, least=plan.min_defaults)
        found.append(fold)
    return tuple(found)


def _blocks(days: Sequence[date], *, folds: int) -> list[list[date]]:
    """Return the later half of the days, in blocks that follow each other."""
    if len(days) <= folds:
        raise ParameterError(
            where="folds",
            found=f"The development period has {len(days)} days of observation for {folds} folds.",
            fix="Observe more days, or ask for fewer folds than days.",
        )
    later = max(len(days) // 2, folds)
    size, more = divmod(later, folds)
    ends = np.cumsum([0] + [size + (number < more) for number in range(folds)]) + len(days) - later
    return [list(days[start:end]) for start, end in pairwise(ends)]


def _longest_gap(days: Sequence[date], start: date, *, most: int) -> int:
    earlier = [day for day in days if day < start]
    last = earlier[math.ceil(LEAST_LEARNED * len(earlier)) - 1]
    return max(months for months in range(most + 1) if add_months(last, months) <= start)


def _learned_days(days: Sequence[date], start: date, *, gap_months: int) -> list[date]:
    return [day for day in days if day < start and add_months(day, gap_months) <= start]


def _on(rows: pd.DataFrame, days: Sequence[date]) -> Flags:
    return rows["as_of"].isin(pd.to_datetime(list(days))).to_numpy()


def _positions(customers: pd.Series, *, salt: str) -> npt.NDArray[np.float64]:
    """Return for each row where its customer's id lies in [0, 1), by chance but the same in every panel."""
    codes, names = pd.factorize(customers)
    digests = (hashlib.sha256(f"{salt}:{name}".encode()).digest() for name in names)
    return np.array([int.from_bytes(one[:HASHED_BYTES], "big") / 2 ** (8 * HASHED_BYTES) for one in digests])[codes]


def _refuse_thin(fold: Fold, default_flag: npt.NDArray[np.float64], *, number: int, least: int) -> None:
    for part in PARTS:
        labels = default_flag[getattr(fold, part)]
        defaults, others = int(labels.sum()), int((labels == 0).sum())
        if min(defaults, others) < least:
            raise ParameterError(
                where=f"fold {number + 1}, {part}",
                found=f"It has {defaults} defaults and {others} non-defaults; {least} of each are needed.",
                fix="Observe more customers or days, ask for fewer folds, or shorten the gap (Recipe.tuning.folds).",
            )
