"""The limit: read the columns that the features need from the same files, and sum each."""

from collections.abc import Sequence
from datetime import date

import duckdb
import polars as pl
import pyarrow as pa

from behaviour_engines.features import COLUMNS
from creditscore.book import Book


def with_duckdb(book: Book, days: Sequence[date]) -> pa.Table:  # noqa: ARG001 - what every engine is given
    """Sum the columns with DuckDB."""
    with duckdb.connect() as connection:
        sums = [
            connection.execute(f"SELECT {', '.join(map(_sql, columns))} FROM '{book.path(name)}'").fetchall()  # noqa: S608 - names of ours
            for name, columns in COLUMNS.items()
        ]
    return pa.table({"sum": [int(value) for rows in sums for value in rows[0]]})


def with_polars(book: Book, days: Sequence[date]) -> pa.Table:  # noqa: ARG001 - what every engine is given
    """Sum the columns with Polars, streamed."""
    sums = [
        pl.scan_parquet(book.path(name)).select(map(_expression, columns)).collect(engine="streaming").row(0)
        for name, columns in COLUMNS.items()
    ]
    return pa.table({"sum": [int(value) for row in sums for value in row]})


def _sql(column: str) -> str:
    if column.endswith("_id"):
        return f"sum(strlen({column}))"
    return f"sum({column} - DATE '1970-01-01')" if column.endswith("_on") else f"sum({column})"


def _expression(column: str) -> pl.Expr:
    if column.endswith("_id"):
        return pl.col(column).str.len_bytes().cast(pl.Int64).sum()
    return pl.col(column).cast(pl.Int64).sum()
