"""Builds the state of a day from the book: the prepared receivables that held on it, piece by piece."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Self

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from creditscore.features.daily.changes import fields_of
from creditscore.features.daily.standing import FIELDS, Part, Places
from creditscore.features.daily.state import LedgerState
from creditscore.features.ledger.plan import Plan
from creditscore.features.ledger.reading import day_numbers
from creditscore.features.ledger.rows import Rows
from creditscore.features.ledger.totals import totals_of

ROWS_AT_ONCE = 1_000_000
ORDER = "order.npy"
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
    sums = {name: values[:, 0] for name, values in totals.items()}
    return LedgerState(as_of, plan, customers, sums, *_with_order(base), Part.empty())


def written_base(state: LedgerState, base: Path) -> LedgerState:
    """Write all rows of a state that live into an empty folder, field by field, and return it without a tail."""
    for name in FIELDS:
        with (base / f"{name}.bin").open("wb") as file:
            for part in (state.base, state.tail):
                part.arrays[name][part.living()].tofile(file)
    rows, order = _with_order(base)
    return replace(state, base=rows, base_order=order, tail=Part.empty())


def ordered(base: Path) -> Places:
    """Return the rows in a folder in the order of the lower half of their keys."""
    found: Places = np.load(base / ORDER, mmap_mode="c")
    return np.asarray(found)


def _with_order(base: Path) -> tuple[Part, Places]:
    part = Part.of(opened(base))
    np.save(base / ORDER, np.argsort(part.arrays["key_low"], kind="stable"))
    return part, ordered(base)


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
