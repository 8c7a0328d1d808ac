"""What an engine must do, so that the same definitions run on any."""

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from creditscore.book.tables import TABLES

if TYPE_CHECKING:
    from creditscore.book.store import Book


class Relations(ABC):
    """The tables of an open book as Ibis relations of one engine.

    Parameters
    ----------
    book
        The book.
    """

    distributed: ClassVar[bool] = False  # whether rows lie on many machines, and are to be put together there

    def __init__(self, book: "Book") -> None:
        self.book = book

    def table(self, name: str) -> ir.Table:
        """Return a table; empty, with its contract's schema, where the book has none."""
        schema = TABLES[name].schema
        if not self.book.has(name):
            return ibis.memtable(schema.empty_table())
        return self.read(self.book.path(name), name=name, schema=schema)

    @abstractmethod
    def read(self, path: Path, *, name: str, schema: pa.Schema) -> ir.Table:
        """Return a Parquet file below the book's folder as a table of this name."""

    @abstractmethod
    def keep(self, name: str, table: ir.Table) -> ir.Table:
        """Evaluate a table once and return the stored result, which lasts as long as the relations are open."""

    @abstractmethod
    def fetch(self, expression: ir.Table) -> pa.Table:
        """Evaluate an expression and bring its rows here."""


class Engine(Protocol):
    """What opens a book: the one place that knows what computes."""

    def relations(self, book: "Book") -> AbstractContextManager[Relations]:
        """Open the tables of a book as relations that end with the block."""
