"""A run's scores on their way into the database, by the quickest way that it has."""

import io
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd
import pyarrow as pa
import sqlalchemy as sa
from pyarrow import csv

from creditscore.domain import Progress, pd_column
from creditscore.scoring.run import DailyRun
from creditscore.scoring.schema import scores

PROBABILITY = "default_probability"  # its name in the database, where the horizon stands in the run
NAMES = tuple(column.name for column in scores.c)
ROWS_AT_ONCE = 50_000  # rows on their way at once; bounds the memory


def insert_scores(
    connection: sa.Connection, *, run: DailyRun, pieces: Iterable[pd.DataFrame], progress: Progress
) -> None:
    """Insert the scores of a run as part of the transaction that is open on the connection.

    PostgreSQL copies; SQLite inserts many rows with one prepared statement.

    Parameters
    ----------
    connection
        Where the run itself is inserted already.
    run, pieces
        The run, and its scores as :func:`creditscore.scoring.score_rows` returns them, piece by piece.
    progress
        Told after each batch.
    """
    insert = _copy if connection.dialect.name == "postgresql" else _execute_many
    done = 0
    for rows in (rows for piece in pieces for rows in _batches(run, piece)):
        insert(connection, rows)
        done += rows.num_rows
        progress("scores stored", done, run.customer_count)


def _batches(run: DailyRun, frame: pd.DataFrame) -> Iterator[pa.Table]:
    """Give the rows of the table in its order of columns, missing values as null."""
    inside = frame.rename(columns={pd_column(run.horizon_months): PROBABILITY})
    for start in range(0, len(frame), ROWS_AT_ONCE):
        piece = inside.iloc[start : start + ROWS_AT_ONCE]
        fixed = {"run_id": run.run_id, "as_of": run.as_of.isoformat()}
        columns = {name: pa.repeat(value, len(piece)) for name, value in fixed.items()}
        columns |= {name: pa.array(piece[name], from_pandas=True) for name in NAMES if name not in fixed}
        yield pa.table({name: columns[name] for name in NAMES})


def _execute_many(connection: sa.Connection, rows: pa.Table) -> None:
    statement = str(sa.insert(scores).compile(dialect=connection.dialect))
    connection.exec_driver_sql(statement, list(zip(*(column.to_pylist() for column in rows.columns), strict=True)))


def _copy(connection: sa.Connection, rows: pa.Table) -> None:
    text = io.BytesIO()
    csv.write_csv(rows, text, csv.WriteOptions(include_header=False))
    statement = f"COPY {scores.name} ({', '.join(NAMES)}) FROM STDIN (FORMAT csv)"
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(text.getbuffer())
