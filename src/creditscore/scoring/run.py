"""One daily run, as the ledger records it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyRun:
    """What one daily run scored, with what, and what came out.

    Parameters
    ----------
    run_id
        Hash of the day and of everything that moves a score; the same inputs give the same id.
    as_of
        Last day whose information was used.
    horizon_months
        Horizon of the probabilities.
    customer_count
        Customers scored.
    colours
        Customers of each colour, best first.
    exposure_amount, reserve_amount
        Sums in minor units, over the customers whose exposure is known.
    bundle_hash, policy_hash, snapshot_hash, code_version
        What the scores depend on.
    started_at
        When the run began, in UTC.
    duration_seconds
        How long snapshot and scores took.
    """

    run_id: str
    as_of: date
    horizon_months: int
    customer_count: int
    colours: Mapping[str, int]
    exposure_amount: int
    reserve_amount: int
    bundle_hash: str
    policy_hash: str
    snapshot_hash: str
    code_version: str
    started_at: datetime
    duration_seconds: float


def run_id_of(*, as_of: date, snapshot_hash: str, bundle_hash: str, policy_hash: str, code_version: str) -> str:
    """Return the id that these inputs give, 32 hexadecimal digits; the time of day plays no part."""
    inputs = [as_of.isoformat(), snapshot_hash, bundle_hash, policy_hash, code_version]
    return hashlib.sha256(json.dumps(inputs).encode()).hexdigest()[:32]
