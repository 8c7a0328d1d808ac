"""A run's scores and decisions on their way into the database, by the quickest way that it has."""

import io
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pyarrow as pa
import sqlalchemy as sa
from pyarrow import csv

from creditscore.decisions import DayOfDecisions
from creditscore.domain import Progress, pd_column
from creditscore.scoring.run import DailyRun
from creditscore.scoring.schema import alert_changes, freezes, reserve_closings, reserve_movements, scores

PROBABILITY = "default_probability"  # its name in the database, where the horizon stands in the run
ROWS_AT_ONCE = 50_000  # rows on their way at once; bounds the memory


def insert_scores(connection: sa.Connection, *, run: DailyRun, frame: pd.DataFrame, progress: Progress) -> None:
    """Insert the scores of a run as part of the transaction that is open on the connection.

    PostgreSQL copies; SQLite inserts many rows with one prepared statement.

    Parameters
    ----------
    connection
        Where the run itself is inserted already.
    run, frame
        The run, and its scores with what was decided on each customer.
    progress
        Told after each batch.
    """
    done = 0
    for rows in _batches(run, frame.rename(columns={pd_column(run.horizon_months): PROBABILITY}), scores):
        _insert(connection, scores, rows)
        done += rows.num_rows
        progress("scores stored", done, run.customer_count)


def insert_decisions(connection: sa.Connection, *, run: DailyRun, day: DayOfDecisions) -> None:
    """Insert what was decided beyond the customers' own rows: changes of alerts, freezes, the reserve ledger.

    Parameters
    ----------
    connection
        Where the run itself is inserted already.
    run, day
        The run and its decisions.
    """
    for table, frame in decided_tables(day):
        for rows in _batches(run, frame, table):
            _insert(connection, table, rows)


def decided_tables(day: DayOfDecisions) -> tuple[tuple[sa.Table, pd.DataFrame], ...]:
    """Return what was decided beyond the customers' own rows, each table with what goes into it."""
    return (
        (alert_changes, day.alerts[day.alerts["change"] != "stands"]),
        (freezes, day.freezes),
        (reserve_movements, day.reserves.movements),
        (reserve_closings, day.closings),
    )


def _batches(run: DailyRun, frame: pd.DataFrame, table: sa.Table) -> Iterator[pa.Table]:
    """Give the rows of the table in its order of columns, missing values as null."""
    names = [column.name for column in table.c]
    for start in range(0, len(frame), ROWS_AT_ONCE):
        piece = frame.iloc[start : start + ROWS_AT_ONCE]
        fixed = {"run_id": run.run_id, "as_of": run.as_of.isoformat()}
        columns = {name: pa.repeat(value, len(piece)) for name, value in fixed.items()}
        columns |= {name: _column(piece[name]) for name in names if name not in fixed}
        yield pa.table({name: columns[name] for name in names})


def _column(column: pd.Series) -> pa.Array:
    """Return a column, days as text."""
    values = pa.array(column, from_pandas=True)
    return values.cast(pa.date32()).cast(pa.string()) if pa.types.is_timestamp(values.type) else values


def _insert(connection: sa.Connection, table: sa.Table, rows: pa.Table) -> None:
    insert = _copy if connection.dialect.name == "postgresql" else _execute_many
    insert(connection, table, rows)


def _execute_many(connection: sa.Connection, table: sa.Table, rows: pa.Table) -> None:
    statement = str(sa.insert(table).compile(dialect=connection.dialect))
    connection.exec_driver_sql(statement, list(zip(*(column.to_pylist() for column in rows.columns), strict=True)))


def _copy(connection: sa.Connection, table: sa.Table, rows: pa.Table) -> None:
    text = io.BytesIO()
    csv.write_csv(rows, text, csv.WriteOptions(include_header=False))
    names = ", ".join(f'"{name}"' for name in rows.column_names)
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN (FORMAT csv)") as copy:
        copy.write(text.getbuffer())
