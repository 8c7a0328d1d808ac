"""One daily run, as the ledger records it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
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
    governed_colours
        Customers of each governed colour, best first.
    exposure_amount, reserve_amount
        Sums in minor units, over the customers whose exposure is known: what they owe, and what the policy requires.
    held_amount
        Reserve held after the day's movements, in minor units.
    yellow_alert_count, red_alert_count, frozen_count
        Receivables with an alert, and customers whose credit is frozen.
    bundle_hash, policy_hash, snapshot_hash, accounts_hash, code_version
        What the scores and the decisions depend on.
    previous_run_id
        The run whose governed colours, alerts and reserves this one goes on from: that served for the last earlier day;
        ``None`` where there was none.
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
    governed_colours: Mapping[str, int]
    exposure_amount: int
    reserve_amount: int
    held_amount: int
    yellow_alert_count: int
    red_alert_count: int
    frozen_count: int
    bundle_hash: str
    policy_hash: str
    snapshot_hash: str
    accounts_hash: str
    code_version: str
    previous_run_id: str | None
    started_at: datetime
    duration_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInputs:
    """All that moves a score or a decision of a day; the time of day plays no part.

    Parameters
    ----------
    as_of
        The day.
    snapshot_hash, accounts_hash
        What the book said: the features, and the accounts.
    bundle_hash, policy_hash, code_version
        What made scores and decisions of it.
    previous_run_id
        What it goes on from.
    """

    as_of: date
    snapshot_hash: str
    accounts_hash: str
    bundle_hash: str
    policy_hash: str
    code_version: str
    previous_run_id: str | None

    @property
    def run_id(self) -> str:
        """The id that these inputs give, 32 hexadecimal digits."""
        return hashlib.sha256(json.dumps(asdict(self), default=date.isoformat).encode()).hexdigest()[:32]
