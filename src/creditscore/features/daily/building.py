"""Builds the state of a day from the book: the prepared receivables that held on it, piece by piece."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Self

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from creditscore.features.daily.changes import fields_of
from creditscore.features.daily.standing import FIELDS, Part
from creditscore.features.daily.state import LedgerState
from creditscore.features.ledger.plan import Plan
from creditscore.features.ledger.reading import day_numbers
from creditscore.features.ledger.rows import Rows
from creditscore.features.ledger.totals import totals_of

ROWS_AT_ONCE = 1_000_000
KEYS = "md5_number_lower(invoice_id) AS key_low, md5_number_upper(invoice_id) AS key_high"


def built_state(prepared: Path, plan: Plan, *, as_of: date, base: Path) -> LedgerState:
    """Return the state of a day, made from nothing but the book.

    Parameters
    ----------
    prepared
        The book's receivables, as :func:`creditscore.book.prepared_receivables` lays them down.
    plan
        The totals to keep.
    as_of
        The day.
    base
        An empty folder for the rows, which need not fit into memory.
    """
    days = day_numbers([as_of])
    with duckdb.connect() as connection:
        customers = _customers(connection, prepared, as_of)
        with _Writer(base) as writer:
            rows = (writer.written(table, customers) for table in _tables(connection, prepared, as_of))
            totals = totals_of(plan, rows, customers=len(customers), days=days)
    part = Part.of(opened(base))
    order = np.argsort(part.arrays["key_low"], kind="stable")
    return LedgerState(as_of, plan, customers, {name: t[:, 0] for name, t in totals.items()}, part, order, Part.empty())


def opened(base: Path) -> dict[str, npt.NDArray[Any]]:
    """Open the rows in a folder, left on disk until they are looked at."""
    found = {}
    for name, kind in FIELDS.items():
        path = base / f"{name}.bin"
        # Copies on write only say that they may be written, as the kernels demand; nobody does.
        found[name] = np.asarray(np.memmap(path, kind, "c")) if path.stat().st_size else np.empty(0, kind)
    return found


class _Writer:
    """Appends rows to one plain file a field."""

    def __init__(self, folder: Path) -> None:
        self._files = {name: (folder / f"{name}.bin").open("wb") for name in FIELDS}

    def written(self, table: pa.Table, customers: pd.Index) -> Rows:
        """Write the rows of a table and return them for the engine."""
        rows = Rows.of(table, customers)
        for name, values in fields_of(table, rows).items():
            np.ascontiguousarray(values).tofile(self._files[name])
        return rows

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files.values():
            file.close()


def _valid(as_of: date) -> str:
    return f"known_on <= DATE '{as_of}' AND (superseded_on IS NULL OR superseded_on > DATE '{as_of}')"


def _customers(connection: duckdb.DuckDBPyConnection, prepared: Path, as_of: date) -> pd.Index:
    query = f"SELECT DISTINCT customer_id FROM read_parquet(?) WHERE {_valid(as_of)} ORDER BY ALL"  # noqa: S608 - a day
    found = connection.execute(query, [str(prepared)]).fetchnumpy()["customer_id"]
    return pd.Index(found, dtype="str")


def _tables(connection: duckdb.DuckDBPyConnection, prepared: Path, as_of: date) -> Iterator[pa.Table]:
    query = f"SELECT * EXCLUDE (invoice_id), {KEYS} FROM read_parquet(?) WHERE {_valid(as_of)}"  # noqa: S608 - a day
    reader = connection.sql(query, params=[str(prepared)]).to_arrow_reader(ROWS_AT_ONCE)
    for batch in reader:
        yield pa.Table.from_batches([batch])
