"""The embedded engine: DuckDB, within the process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend

from creditscore.book.engines.base import Relations

if TYPE_CHECKING:
    from creditscore.book.store import Book


@dataclass(frozen=True, slots=True)
class DuckDB:
    """The engine that needs nothing else: it reads the Parquet files and computes in this process."""

    @contextmanager
    def relations(self, book: "Book") -> Iterator["DuckDBRelations"]:
        """Open the tables of a book on a database that ends with the block."""
        backend = ibis.duckdb.connect(autoinstall_known_extensions=False, autoload_known_extensions=False)
        try:
            yield DuckDBRelations(book, backend)
        finally:
            backend.disconnect()


class DuckDBRelations(Relations):
    """The tables of a book on an embedded DuckDB."""

    def __init__(self, book: "Book", backend: Backend) -> None:
        super().__init__(book)
        self.backend = backend

    def read(self, path: Path, *, name: str, schema: pa.Schema) -> ir.Table:  # noqa: ARG002 - DuckDB reads it there
        """Return a Parquet file as a table of this name."""
        return self.backend.read_parquet(path, table_name=name)

    def keep(self, name: str, table: ir.Table) -> ir.Table:
        """Evaluate a table into a temporary one."""
        return self.backend.create_table(f"kept_{name}", table, temp=True)

    def fetch(self, expression: ir.Table) -> pa.Table:
        """Evaluate an expression."""
        return self.backend.to_pyarrow(expression)
