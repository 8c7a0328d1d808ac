"""Writes a table piece by piece, in full row groups, so that memory stays small and bytes stay equal."""

import os
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from creditscore.book.store import ROWS_IN_GROUP
from creditscore.book.tables import TABLES


class TableWriter:
    """Writes pieces of a table, already in contract order, into a hidden file that ``Book.adopt`` takes.

    Parameters
    ----------
    name
        Name of the table.
    folder
        Folder of the book.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.path = folder / f".{name}.{os.getpid()}.parquet"
        self.rows = 0
        self._held = TABLES[name].schema.empty_table()
        self._writer = pq.ParquetWriter(self.path, TABLES[name].schema, compression="zstd")

    def write(self, piece: pa.Table) -> None:
        """Take a piece; whole row groups go to disk at once."""
        self._held = pa.concat_tables([self._held, piece])
        self.rows += piece.num_rows
        while self._held.num_rows >= ROWS_IN_GROUP:
            self._flush(ROWS_IN_GROUP)

    def _flush(self, rows: int) -> None:
        self._writer.write_table(self._held.slice(0, rows), row_group_size=ROWS_IN_GROUP)
        self._held = self._held.slice(rows)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None and self._held.num_rows:
                self._flush(self._held.num_rows)
        finally:
            self._writer.close()
            if kind is not None:
                self.path.unlink(missing_ok=True)


def write_whole(name: str, table: pa.Table, folder: Path) -> Path:
    """Write a table that fits in memory, sorted in contract order."""
    with TableWriter(name, folder) as writer:
        writer.write(table.sort_by([(column, "ascending") for column in TABLES[name].order]))
    return writer.path
