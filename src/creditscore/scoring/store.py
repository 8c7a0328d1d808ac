"""The score store: the ledger of runs, and the scores that are served."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, Self

import pandas as pd
import sqlalchemy as sa

from creditscore.decisions import DECIDED_COLUMNS
from creditscore.domain import Colour, Progress, pd_column, silent
from creditscore.errors import StoreError
from creditscore.scoring.connection import connected, reading, writing
from creditscore.scoring.decided import DecidedScores
from creditscore.scoring.decision_reading import is_served, served_exposures, served_ledger
from creditscore.scoring.insertion import PROBABILITY, insert_decisions, insert_scores
from creditscore.scoring.run import DailyRun
from creditscore.scoring.schema import publications, runs, scores
from creditscore.scoring.versions import prepare

OUTSIDE = tuple(column for column in scores.c if column.name != "run_id")  # what a reader gets of a score
IDS_AT_ONCE = 10_000  # databases limit the number of values in one statement
COUNTS = {
    "colours": {str(colour): f"{colour}_count" for colour in Colour},
    "governed_colours": {str(colour): f"governed_{colour}_count" for colour in Colour},
}


@dataclass(frozen=True)
class ScoreStore:
    """Runs and scores in SQLite or PostgreSQL; connects at first use.

    A run and its scores appear in one transaction. For each day the run published last is served; the runs before it
    stay in the ledger with their scores.

    Parameters
    ----------
    url
        SQLAlchemy URL; usually ``workspace.store_url``.
    busy_seconds
        How long to wait while another process writes.
    """

    url: str
    busy_seconds: float = 5.0

    def publish(
        self,
        run: DailyRun,
        decided: DecidedScores,
        *,
        progress: Progress = silent,
    ) -> DailyRun:
        """Record a run with its scores and decisions and serve it for its day, in one transaction.

        A run that is recorded already is served again where a later one had taken its place; its scores stand.

        Parameters
        ----------
        run
            The run.
        decided
            Its scores and decisions.
        progress
            Told after each batch of scores; they are served when all are there.

        Returns
        -------
        DailyRun
            The run as the ledger records it: as it was first published.

        Raises
        ------
        StoreError
            If another process holds the database, the disk is full, or the database cannot be reached; nothing is then
            recorded.
        """
        with writing(self._engine) as connection:
            recorded = _run(connection, runs.c.run_id == run.run_id)
            if recorded is None:
                connection.execute(sa.insert(runs), _ledger_row(run))
                insert_scores(connection, run=run, frame=decided.scores, progress=progress)
                insert_decisions(connection, run=run, day=decided.day)
            if _served(connection, run.as_of) != run.run_id:
                entry = {"as_of": run.as_of, "run_id": run.run_id, "published_at": datetime.now(UTC)}
                connection.execute(sa.insert(publications), entry)
        return recorded or run

    def latest_run(self, as_of: date | None = None) -> DailyRun | None:
        """Return the run that is served for ``as_of``, or for the latest day scored; ``None`` where there is none."""
        with reading(self._engine) as connection:
            return _run(connection, runs.c.run_id == _served(connection, as_of))

    def run_before(self, as_of: date) -> DailyRun | None:
        """Return the run that is served for the last day scored before ``as_of``; ``None`` where there is none."""
        query = sa.select(publications.c.run_id).where(publications.c.as_of < as_of)
        latest = query.order_by(publications.c.as_of.desc(), publications.c.sequence.desc()).limit(1)
        with reading(self._engine) as connection:
            return _run(connection, runs.c.run_id == connection.scalar(latest))

    def run(self, run_id: str) -> DailyRun | None:
        """Return a recorded run, served or not; ``None`` where there is none."""
        with reading(self._engine) as connection:
            return _run(connection, runs.c.run_id == run_id)

    def runs(self) -> tuple[DailyRun, ...]:
        """Return every recorded run, by day and then in the order of recording."""
        first = sa.select(publications.c.run_id, sa.func.min(publications.c.sequence).label("first"))
        recorded = first.group_by(publications.c.run_id).subquery()
        query = sa.select(runs).join(recorded, recorded.c.run_id == runs.c.run_id)
        with reading(self._engine) as connection:
            found = connection.execute(query.order_by(runs.c.as_of, recorded.c.first)).mappings()
            return tuple(_daily_run(row) for row in found)

    def served_runs(self) -> dict[date, DailyRun]:
        """Return the run that is served for each day scored, by day."""
        query = sa.select(runs).join(publications, publications.c.run_id == runs.c.run_id).where(is_served())
        with reading(self._engine) as connection:
            found = [_daily_run(row) for row in connection.execute(query.order_by(runs.c.as_of)).mappings()]
        return {run.as_of: run for run in found}

    def score(self, customer_id: str, as_of: date | None = None) -> dict[str, Any] | None:
        """Return one customer's served score of ``as_of``, or of the latest day scored.

        Returns
        -------
        dict or None
            The columns of :meth:`scores`, with ``run_id``; ``None`` if the day or the customer was not scored.
        """
        found = self.look_up([customer_id], as_of=as_of)
        if found is None or customer_id not in found[1]:
            return None
        return {"run_id": found[0].run_id, **found[1][customer_id]}

    def look_up(
        self, customer_ids: Sequence[str], *, as_of: date | None = None
    ) -> tuple[DailyRun, dict[str, dict[str, Any]]] | None:
        """Return the served run of ``as_of``, or of the latest day scored, and those of the customers that it scored.

        All come from one state of the store, so that no answer mixes two runs.

        Returns
        -------
        tuple or None
            The run, and the columns of :meth:`scores` by customer; ``None`` if the day was not scored.
        """
        with reading(self._engine) as connection:
            run = _run(connection, runs.c.run_id == _served(connection, as_of))
            if run is None:
                return None
            rows: list[sa.RowMapping] = []
            for start in range(0, len(customer_ids), IDS_AT_ONCE):
                wanted = scores.c.customer_id.in_(customer_ids[start : start + IDS_AT_ONCE])
                query = sa.select(*OUTSIDE).where(scores.c.run_id == run.run_id, wanted)
                rows.extend(connection.execute(query).mappings())
        return run, {row["customer_id"]: _outside_row(row, run) for row in rows}

    def history(
        self, customer_id: str, *, before: date | None = None, most: int = 100
    ) -> list[tuple[DailyRun, dict[str, Any]]]:
        """Return a customer's served scores, the latest day first, each with the run that made it.

        Parameters
        ----------
        customer_id
            The customer.
        before
            Only days before this one; every day by default.
        most
            How many at most.
        """
        query = sa.select(scores).join(publications, publications.c.run_id == scores.c.run_id)
        mine = query.where(scores.c.customer_id == customer_id, is_served())
        if before is not None:
            mine = mine.where(scores.c.as_of < before)
        with reading(self._engine) as connection:
            rows = connection.execute(mine.order_by(scores.c.as_of.desc()).limit(most)).mappings().all()
            wanted = sa.select(runs).where(runs.c.run_id.in_([row["run_id"] for row in rows]))
            found = {row["run_id"]: _daily_run(row) for row in connection.execute(wanted).mappings()}
        return [(found[row["run_id"]], _outside_row(row, found[row["run_id"]])) for row in rows]

    def score_batches(self, run: DailyRun, *, rows_at_once: int = 2_000) -> Iterator[list[tuple[Any, ...]]]:
        """Give all scores of a run in batches, in no order.

        Parameters
        ----------
        run
            The run.
        rows_at_once
            Rows of a batch; no more are held at once.

        Yields
        ------
        list of tuple
            Values in the order of :attr:`score_columns`.
        """
        query = sa.select(*OUTSIDE).where(scores.c.run_id == run.run_id)
        with reading(self._engine) as connection:
            found = connection.execute(query.execution_options(yield_per=rows_at_once))
            for batch in found.partitions():
                yield [tuple(row) for row in batch]

    @staticmethod
    def score_columns(run: DailyRun) -> tuple[str, ...]:
        """Return the names of a score's columns, the probability under the name of the run's horizon."""
        return tuple(_outside(column.name, run) for column in OUTSIDE)

    def scores(self, as_of: date | None = None) -> pd.DataFrame:
        """Return all served scores of ``as_of``, or of the latest day scored, sorted by customer.

        Raises
        ------
        StoreError
            If the day was not scored.
        """
        with reading(self._engine) as connection:
            run = _run(connection, runs.c.run_id == _served(connection, as_of))
            if run is None:
                raise StoreError(
                    where="score store",
                    found="There are no scores yet." if as_of is None else f"{as_of} was not scored.",
                    fix="Run `creditscore score` for that day.",
                )
        return self.scores_of(run)

    def scores_of(self, run: DailyRun, customer_ids: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the scores of a recorded run, served or not, of all its customers or of some, sorted by customer."""
        mine = sa.select(*OUTSIDE).where(scores.c.run_id == run.run_id)
        with reading(self._engine) as connection:
            if customer_ids is None:
                found = list(connection.execute(mine))
            else:
                pieces = range(0, len(customer_ids), IDS_AT_ONCE)
                wanted = [scores.c.customer_id.in_(customer_ids[start : start + IDS_AT_ONCE]) for start in pieces]
                found = [row for condition in wanted for row in connection.execute(mine.where(condition))]
        return _frame([tuple(row) for row in found], [_outside(column.name, run) for column in OUTSIDE])

    def reserve_ledger(self) -> pd.DataFrame:
        """Return the closing figures of the reserve of every day scored, from the run that is served for it.

        Returns
        -------
        DataFrame
            ``as_of`` (datetime64[ms]) and ``CLOSING_COLUMNS``, by day: first the total, then each segment.
        """
        with reading(self._engine) as connection:
            return served_ledger(connection)

    def exposures(self, days: Sequence[date]) -> pd.DataFrame:
        """Return what was owed on several days, by customer and governed colour, from the runs that are served.

        Returns
        -------
        DataFrame
            ``customer_id``, ``as_of``, ``colour`` (the governed one) and ``exposure_amount``, by day and customer; days
            that were not scored have no row.
        """
        with reading(self._engine) as connection:
            return served_exposures(connection, days)

    def close(self) -> None:
        """Close the connections; the store connects again at its next use."""
        if "_engine" in self.__dict__:
            self.__dict__.pop("_engine").dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def _engine(self) -> sa.Engine:
        engine = connected(self.url, busy_seconds=self.busy_seconds)
        try:
            prepare(engine)
        except BaseException:
            engine.dispose()
            raise
        return engine


def _served(connection: sa.Connection, as_of: date | None) -> str | None:
    """Return the id of the run published last for a day, or for the latest day."""
    query = sa.select(publications.c.run_id)
    if as_of is not None:
        query = query.where(publications.c.as_of == as_of)
    return connection.scalar(query.order_by(publications.c.as_of.desc(), publications.c.sequence.desc()).limit(1))


def _run(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> DailyRun | None:
    row = connection.execute(sa.select(runs).where(condition)).mappings().first()
    return None if row is None else _daily_run(row)


def _daily_run(row: sa.RowMapping) -> DailyRun:
    columns = {column for counts in COUNTS.values() for column in counts.values()}
    content = {str(name): value for name, value in row.items() if name not in columns}
    started = content.pop("started_at")
    counted: dict[str, Any] = {
        name: {colour: row[column] for colour, column in counts.items()} for name, counts in COUNTS.items()
    }
    return DailyRun(
        **(content | counted),
        started_at=started.replace(tzinfo=UTC) if started.tzinfo is None else started.astimezone(UTC),
    )


def _ledger_row(run: DailyRun) -> dict[str, Any]:
    content = asdict(run)
    counted = {name: content.pop(name) for name in COUNTS}
    return content | {
        column: counted[name][colour] for name, counts in COUNTS.items() for colour, column in counts.items()
    }


def _outside(name: str, run: DailyRun) -> str:
    return pd_column(run.horizon_months) if name == PROBABILITY else name


def _outside_row(row: sa.RowMapping, run: DailyRun) -> dict[str, Any]:
    return {_outside(str(name), run): row[name] for name in row if name != "run_id"}


def _frame(rows: list[tuple[Any, ...]], names: list[str]) -> pd.DataFrame:
    texts = dict.fromkeys(("customer_id", "grade", "colour", "reason_1", "reason_2", "reason_3"), "str")
    kinds = {"as_of": "datetime64[ms]", "exposure_amount": "Int64"} | texts | DECIDED_COLUMNS
    frame = pd.DataFrame(rows, columns=names, dtype=object)
    return frame.astype({name: kinds.get(name, "float64") for name in names}).sort_values(
        "customer_id", ignore_index=True
    )
