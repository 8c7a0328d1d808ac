"""A scored day as the watch sees it: a fixed sample of customers with features and segments."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from creditscore.domain import Workspace, add_months
from creditscore.errors import StoreError
from creditscore.monitoring.checks import DIMENSIONS, Reference
from creditscore.scoring import IN_DEFAULT, DailyRun, read_snapshot
from creditscore.scoring.daily import snapshot_path
from creditscore.scoring.files import is_whole

OLDEST_MONTH_DAYS = 62  # a day of two months ago is still last month's, an older one is not
OLDEST_DAY_BEFORE_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Which customers are watched: the first by a hash of their id, so that they are the same ones every day."""

    customers: int = 5000
    seed: int = 0

    def of(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of the sample's customers, in their order."""
        if len(frame) <= self.customers:
            return frame
        drawn = pd.util.hash_pandas_object(frame["customer_id"], index=False, hash_key=f"{self.seed:016d}")
        return frame.iloc[np.sort(np.argsort(drawn.to_numpy(), kind="stable")[: self.customers])]


def compared_days(workspace: Workspace, runs: Mapping[date, DailyRun], as_of: date) -> dict[Reference, DailyRun]:
    """Return last month's run and that of the day before; where one of them is absent it is left out."""
    wanted = {
        Reference.LAST_MONTH: (as_of - timedelta(days=OLDEST_MONTH_DAYS), add_months(as_of, -1)),
        Reference.DAY_BEFORE: (as_of - timedelta(days=OLDEST_DAY_BEFORE_DAYS), as_of - timedelta(days=1)),
    }
    kept = [day for day in runs if is_whole(snapshot_path(workspace, day))]
    found = {name: [day for day in kept if first <= day <= last] for name, (first, last) in wanted.items()}
    return {name: runs[max(days)] for name, days in found.items() if days}


def sampled(workspace: Workspace, day: date, *, sample: Sample) -> pd.DataFrame:
    """Return the features of the sample of a scored day, without who is in default already."""
    rows = read_snapshot(workspace, as_of=day)
    return sample.of(rows[rows[IN_DEFAULT] != 1])


def with_segments(frame: pd.DataFrame, segments: pd.DataFrame) -> pd.DataFrame:
    """Add industry and region as they are known on the day that is watched, so that nobody moves between them."""
    kept = frame.drop(columns=[name for name in DIMENSIONS if name in frame])
    return kept.merge(segments[["customer_id", *DIMENSIONS]], on="customer_id", how="left", validate="many_to_one")


def watched_run(runs: Mapping[date, DailyRun], as_of: date | None) -> DailyRun:
    """Return the run of a day, or of the last day scored.

    Raises
    ------
    StoreError
        If the day was not scored, or none was.
    """
    if not runs:
        found = "No day has been scored yet."
    elif as_of is not None and as_of not in runs:
        found = f"{as_of} was not scored."
    else:
        return runs[as_of or max(runs)]
    raise StoreError(where="score store", found=found, fix="Run `creditscore score --as-of DAY` first.")
