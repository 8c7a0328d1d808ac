"""The checks of one day: every measure of every segment against every reference."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from creditscore.monitoring.budget import AlarmBudget, Floors
from creditscore.monitoring.shift import Floats, Rows, shift
from creditscore.monitoring.watched import Kind, Watched

WHOLE = "book"  # the dimension that does not divide
DIMENSIONS = ("industry_code", "region")
MEASURED = ("difference", "floor", "statistic", "customer_count")
CHECK_COLUMNS = (
    *("reference", "dimension", "segment", "subject", "kind", "family", "measure"),
    *MEASURED,
    *("threshold", "alarm_flag"),
)


class Reference(StrEnum):
    """What a day is compared with."""

    DEVELOPMENT = "development"
    LAST_MONTH = "last_month"
    DAY_BEFORE = "day_before"


def checks(
    now: pd.DataFrame, references: Mapping[Reference, pd.DataFrame], *, watched: Watched, budget: AlarmBudget
) -> pd.DataFrame:
    """Compare a day with its references, in the whole book and in each industry and region.

    A check is made where both sides have at least ``budget.fewest`` customers with a value. All checks of the day share
    one threshold, which holds the budget whatever they have to do with one another; see :class:`AlarmBudget`.

    Parameters
    ----------
    now
        One row a customer: ``customer_id``, features, where known ``score``, ``grade`` and ``colour``, and the segments
        ``industry_code`` and ``region``.
    references
        The other sides, of the same columns; a customer may have several rows.
    watched
        What is compared, on which scales.
    budget
        How many false alarms are allowed, and what is too little to speak of.

    Returns
    -------
    DataFrame
        One row a check: ``CHECK_COLUMNS``. ``difference`` is now minus then, in standard deviations, points or shares.
    """
    parts = [
        part
        for reference, then in references.items()
        for part in _compared(reference, now, then, watched=watched, budget=budget)
    ]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(CHECK_COLUMNS[:-2]))
    threshold = budget.threshold(len(table))
    return table.assign(threshold=threshold, alarm_flag=table["statistic"].astype(np.float64) >= threshold)


def _compared(
    reference: Reference, now: pd.DataFrame, then: pd.DataFrame, *, watched: Watched, budget: AlarmBudget
) -> Iterator[pd.DataFrame]:
    """Give the checks against one reference, segment by segment."""
    codes, _ = pd.factorize(pd.concat([now["customer_id"], then["customer_id"]], ignore_index=True))
    sides = Rows(watched.matrix(now), codes[: len(now)]), Rows(watched.matrix(then), codes[len(now) :])
    floors = _floors(watched, getattr(budget, reference.value))
    for dimension, segment in _segments(now):
        within = [side.of(inside(frame, dimension, segment)) for side, frame in zip(sides, (now, then), strict=True)]
        if min(side.customers.size for side in within) < budget.fewest:
            continue
        found = shift(*_renumbered(*within), floors=floors)
        table = _described(watched).assign(
            reference=str(reference),
            dimension=dimension,
            segment=segment,
            difference=found.difference,
            floor=floors,
            statistic=found.statistic,
            customer_count=found.customers,
        )
        made = (found.customers >= budget.fewest) & np.isfinite(found.difference)
        yield table.loc[made, list(CHECK_COLUMNS[:-2])]


def _segments(now: pd.DataFrame) -> list[tuple[str, str]]:
    known = [name for name in DIMENSIONS if name in now]
    return [(WHOLE, WHOLE), *((name, str(value)) for name in known for value in sorted(now[name].dropna().unique()))]


def inside(frame: pd.DataFrame, dimension: str, segment: str) -> npt.NDArray[np.bool_]:
    """Tell which rows lie in a segment."""
    if dimension == WHOLE:
        return np.ones(len(frame), dtype=bool)
    if dimension not in frame:
        return np.zeros(len(frame), dtype=bool)
    return (frame[dimension] == segment).fillna(value=False).to_numpy(dtype=bool)


def _renumbered(now: Rows, then: Rows) -> tuple[Rows, Rows]:
    """Renumber the customers of both sides from 0, so that a small segment needs little room."""
    _, codes = np.unique(np.concatenate([now.customers, then.customers]), return_inverse=True)
    size = now.customers.size
    return Rows(now.matrix, codes[:size]), Rows(then.matrix, codes[size:])


def _floors(watched: Watched, floors: Floors) -> Floats:
    by_kind = {
        Kind.VALUES: floors.value,
        Kind.MISSING: floors.share,
        Kind.SCORE: floors.score,
        Kind.SHARE: floors.share,
    }
    return np.array([by_kind[one.kind] for one in watched.measures])


def _described(watched: Watched) -> pd.DataFrame:
    rows: list[dict[str, Any]] = [
        {"subject": one.subject, "kind": str(one.kind), "family": one.family, "measure": one.name}
        for one in watched.measures
    ]
    return pd.DataFrame(rows)
