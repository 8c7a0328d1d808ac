"""Fills a state from the book: every fact that was known on a day, and the totals that they come to."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from creditscore.book import Book, prepared_receivables
from creditscore.features.daily.disk import ShelfWriter, filled
from creditscore.features.daily.ledger_facts import BILL, PAYMENT, bill_arrays, numbered, rows_lasting
from creditscore.features.daily.news import KEY, ROWS_AT_ONCE, facts_of, payments_of
from creditscore.features.daily.shelf import Arrays, Fields
from creditscore.features.daily.state import LedgerState
from creditscore.features.ledger.plan import Plan
from creditscore.features.ledger.reading import day_numbers
from creditscore.features.ledger.totals import totals_of

SHELVES: dict[str, Fields] = {"bills": BILL, "payments": PAYMENT}


def built_state(book: Book, plan: Plan, *, as_of: date, base: Path) -> LedgerState:
    """Return the state of a day, made from nothing but the book.

    Parameters
    ----------
    book
        The book; its receivables are prepared where they are not yet.
    plan
        The totals to keep.
    as_of
        The day.
    base
        An empty folder for the facts, which need not fit into memory.
    """
    with ShelfWriter(base, "payments", PAYMENT) as writer:
        files = [book.path("payments")] if book.has("payments") else []
        for table in facts_of(files, "payments", after=date.min, until=as_of):
            writer.write(payments_of(table))
    with duckdb.connect() as connection, ShelfWriter(base, "bills", BILL) as writer:
        prepared = prepared_receivables(book)
        customers = _customers(connection, prepared, as_of)

        def bills() -> Iterator[Arrays]:
            for table in _standing(connection, prepared, as_of):
                piece = bill_arrays(table, numbered(table["customer_id"], customers)[1])
                writer.write(piece)
                yield piece

        rows = (rows_lasting(piece) for piece in bills())
        totals = totals_of(plan, rows, customers=len(customers), days=day_numbers([as_of]))
    shelves = {name: filled(base, name, fields) for name, fields in SHELVES.items()}
    return LedgerState(as_of, plan, customers, {name: sums[:, 0] for name, sums in totals.items()}, **shelves)


def _valid(as_of: date) -> str:
    return f"known_on <= DATE '{as_of}' AND (superseded_on IS NULL OR superseded_on > DATE '{as_of}')"


def _customers(connection: duckdb.DuckDBPyConnection, prepared: Path, as_of: date) -> pd.Index:
    query = f"SELECT DISTINCT customer_id FROM read_parquet(?) WHERE {_valid(as_of)} ORDER BY ALL"  # noqa: S608 - a day
    return pd.Index(connection.execute(query, [str(prepared)]).fetchnumpy()["customer_id"], dtype="str")


def _standing(connection: duckdb.DuckDBPyConnection, prepared: Path, as_of: date) -> Iterator[pa.Table]:
    key = KEY.format("invoice_id", "key")
    query = f"SELECT * EXCLUDE (invoice_id, superseded_on), {key} FROM read_parquet(?) WHERE {_valid(as_of)}"  # noqa: S608 - a day
    for batch in connection.sql(query, params=[str(prepared)]).to_arrow_reader(ROWS_AT_ONCE):
        yield pa.Table.from_batches([batch])
