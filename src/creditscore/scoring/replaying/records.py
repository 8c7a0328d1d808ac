"""What the ledger holds of one run: itself, its scores, and all that was decided."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
import sqlalchemy as sa

from creditscore.errors import ParameterError, StoreError
from creditscore.scoring.connection import reading
from creditscore.scoring.run import DailyRun
from creditscore.scoring.schema import alert_changes, freezes, reserve_closings, reserve_movements
from creditscore.scoring.store import ScoreStore

FEWEST_DIGITS = 4
DECIDED_TABLES = (alert_changes, freezes, reserve_movements, reserve_closings)


@dataclass(frozen=True)
class RunRecords(ScoreStore):
    """The score store as a replay reads it; see :class:`ScoreStore`."""

    def find(self, as_of: date | None, run_id: str | None) -> DailyRun:
        """Return the run of an id, or of its first digits; without one the run that is served for the day.

        Parameters
        ----------
        as_of
            The day; the latest day scored if it is left out.
        run_id
            The id, or at least four first digits of it.

        Raises
        ------
        ParameterError
            If the digits are those of no run or of several, or of a run of another day.
        StoreError
            If the day was not scored.
        """
        run = self.latest_run(as_of) if run_id is None else self._named(run_id)
        if run is None:
            raise StoreError(
                where="score store",
                found="There are no scores yet." if as_of is None else f"{as_of} was not scored.",
                fix="Run `creditscore score` for that day.",
            )
        if as_of not in {None, run.as_of}:
            raise ParameterError(
                where=f"run {run_id}", found=f"It scored {run.as_of}, not {as_of}.", fix="Give the run or the day."
            )
        return run

    def decided(self, run: DailyRun) -> dict[str, pd.DataFrame]:
        """Return what was decided in a run beyond the customers' own rows, by table."""
        with reading(self._engine) as connection:
            return {table.name: _frame(connection, table, run) for table in DECIDED_TABLES}

    def _named(self, digits: str) -> DailyRun:
        found = [run for run in self.runs() if run.run_id.startswith(digits)] if len(digits) >= FEWEST_DIGITS else []
        if len(found) != 1:
            raise ParameterError(
                where=f"run {digits!r}",
                found=f"{len(found)} recorded runs have an id that begins so.",
                fix=f"Give at least {FEWEST_DIGITS} first digits of one; `creditscore score` prints them.",
            )
        return found[0]


def _frame(connection: sa.Connection, table: sa.Table, run: DailyRun) -> pd.DataFrame:
    columns = [column for column in table.c if column.name != "run_id"]
    found = connection.execute(sa.select(*columns).where(table.c.run_id == run.run_id))
    return pd.DataFrame([tuple(row) for row in found], columns=[column.name for column in columns], dtype=object)
