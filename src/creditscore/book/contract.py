"""What a table of the book must look like."""

from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa


class Kind(StrEnum):
    """Kind of a column; each has one storage type, so that a book is the same on every engine."""

    KEY = "key"
    TEXT = "text"
    DAY = "day"
    MONEY = "money"  # integer, minor units of the book's currency
    WHOLE = "whole"
    REAL = "real"
    FLAG = "flag"

    @property
    def arrow(self) -> pa.DataType:
        """Storage type."""
        return _ARROW[self]


_ARROW = {
    Kind.KEY: pa.string(),
    Kind.TEXT: pa.string(),
    Kind.DAY: pa.date32(),
    Kind.MONEY: pa.int64(),
    Kind.WHOLE: pa.int64(),
    Kind.REAL: pa.float64(),
    Kind.FLAG: pa.bool_(),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its name, kind, meaning, and whether a row may lack it."""

    name: str
    kind: Kind
    meaning: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class TableContract:
    """Columns and key of a table.

    Parameters
    ----------
    name
        Name of the table.
    columns
        All columns in storage order; each table has ``known_on``, the day the fact reached us.
    key
        Columns that name a fact. Rows with the same key and different ``known_on`` are versions of one fact:
        on a day ``as_of`` the one with the latest ``known_on <= as_of`` holds.
    clustered_by
        Columns by which the table is stored sorted, before the key.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    clustered_by: tuple[str, ...] = ()

    @property
    def schema(self) -> pa.Schema:
        """Arrow schema of the stored table."""
        return pa.schema([pa.field(column.name, column.kind.arrow) for column in self.columns])

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that no row may lack."""
        return tuple(column.name for column in self.columns if column.required)

    @property
    def order(self) -> tuple[str, ...]:
        """Columns that fix the order of the stored rows."""
        return tuple(dict.fromkeys((*self.clustered_by, *self.key, "known_on")))
