"""The decisions in the score store: freezes, alerts with their history, the reserve ledger, applications."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from creditscore.decisions import DecisionRecord
from creditscore.decisions.reserves import TOTAL
from creditscore.scoring.connection import reading, writing
from creditscore.scoring.idempotency import IdempotencyKey, keep_key, recorded_under
from creditscore.scoring.run import DailyRun
from creditscore.scoring.schema import alert_changes, applications, freezes, reserve_closings, runs
from creditscore.scoring.store import IDS_AT_ONCE, ScoreStore


@dataclass(frozen=True)
class DecisionStore(ScoreStore):
    """The score store with all that was decided; see :class:`ScoreStore`."""

    def freezes(self, run: DailyRun, customer_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Return the freezes that hold in a run, by customer, for those of some customers that are frozen."""
        found: list[sa.RowMapping] = []
        with reading(self._engine) as connection:
            for start in range(0, len(customer_ids), IDS_AT_ONCE):
                wanted = freezes.c.customer_id.in_(customer_ids[start : start + IDS_AT_ONCE])
                query = sa.select(freezes).where(freezes.c.run_id == run.run_id, wanted, freezes.c.change != "lifted")
                found.extend(connection.execute(query).mappings())
        return {row["customer_id"]: {str(name): row[name] for name in row} for row in found}

    def alert_changes(self, run: DailyRun, customer_id: str) -> list[dict[str, Any]]:
        """Return every change of a customer's alerts up to a run, the first one first, each with its day.

        Only runs that lead to this one count: of a day that was scored again, the run that was gone on from.
        """
        query = sa.select(alert_changes, runs.c.as_of).join(runs, runs.c.run_id == alert_changes.c.run_id)
        mine = query.where(alert_changes.c.customer_id == customer_id, runs.c.as_of <= run.as_of)
        with reading(self._engine) as connection:
            found = connection.execute(mine).mappings().all()
            line = _line(connection, run, {row["run_id"] for row in found})
        rows = [{str(name): row[name] for name in row} for row in found if row["run_id"] in line]
        # Sorted here, for databases differ in how they sort texts.
        return sorted(rows, key=lambda row: (row["as_of"], row["invoice_id"]))

    def reserve_closings(self, run: DailyRun) -> list[dict[str, Any]]:
        """Return the reserve ledger of a run, in total and by segment, in minor units."""
        query = sa.select(*(column for column in reserve_closings.c if column.name != "run_id"))
        mine = query.where(reserve_closings.c.run_id == run.run_id)
        with reading(self._engine) as connection:
            found = connection.execute(mine).mappings().all()
        rows = [{str(name): row[name] for name in row} for row in found]
        return sorted(rows, key=lambda row: (row["dimension"] != TOTAL, row["dimension"], row["value"]))

    def record(self, record: DecisionRecord, *, key: IdempotencyKey | None = None) -> bool:
        """Keep the record of a decision on an application; return whether it is new.

        Parameters
        ----------
        record
            The record.
        key
            Key of the request. Where something was recorded under it already, nothing is kept.

        Raises
        ------
        ReusedKeyError
            If the key stands for another request.
        StoreError
            If another process holds the database, the disk is full, or the database cannot be reached.
        """
        row = {
            "record_id": record.record_id,
            "customer_id": record.application.customer_id,
            "applied_on": record.application.applied_on,
            "recorded_at": datetime.now(UTC),
            "route": str(record.route),
            "outcome": str(record.outcome),
            "policy_hash": record.policy_hash,
            "record": json.dumps(record.to_record(), ensure_ascii=False),
        }
        with writing(self._engine) as connection:
            if key is not None and recorded_under(connection, key) is not None:
                return False
            known = sa.select(applications.c.record_id).where(applications.c.record_id == record.record_id)
            new = connection.scalar(known) is None
            if new:
                connection.execute(sa.insert(applications), row)
            if key is not None:
                keep_key(connection, key, record.record_id)
        return new

    def recorded_under(self, key: IdempotencyKey) -> dict[str, Any] | None:
        """Return the decision record that was kept under a key; ``None`` where the key is new.

        Raises
        ------
        ReusedKeyError
            If the key stands for another request.
        """
        with reading(self._engine) as connection:
            return recorded_under(connection, key)

    def applications(self, customer_id: str | None = None) -> list[dict[str, Any]]:
        """Return the records of applications, of one customer or of all, the first one first."""
        query = sa.select(applications.c.record)
        mine = query if customer_id is None else query.where(applications.c.customer_id == customer_id)
        ordered = mine.order_by(applications.c.applied_on, applications.c.recorded_at, applications.c.record_id)
        with reading(self._engine) as connection:
            return [json.loads(record) for record in connection.scalars(ordered)]


def _line(connection: sa.Connection, run: DailyRun, wanted: set[str]) -> set[str]:
    """Return those of some runs that lead to a run, itself among them."""
    if not wanted:
        return set()
    line = sa.select(runs.c.run_id, runs.c.previous_run_id).where(runs.c.run_id == run.run_id).cte(recursive=True)
    earlier = sa.select(runs.c.run_id, runs.c.previous_run_id).join(line, runs.c.run_id == line.c.previous_run_id)
    every = line.union_all(earlier)
    return wanted & set(connection.scalars(sa.select(every.c.run_id)))
