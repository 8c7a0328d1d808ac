"""Rows of the ledger as arrays: the spans of receivables, read piece by piece from the prepared file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from creditscore.features.ledger.columns import Array, Column
from creditscore.features.ledger.times import LATEST, Days

VALIDITY = ("customer_id", "known_on", "superseded_on")
ROWS_AT_ONCE = 32_768  # what is worked out from a piece stays near the processor, and bounds the memory


@dataclass(frozen=True, slots=True)
class Rows:
    """Spans of receivables of some customers.

    Parameters
    ----------
    customer
        Number of each row's customer; negative where it is none of those asked for.
    known_on, superseded_on
        Days from which and before which each row holds.
    columns
        What the rows say.
    """

    customer: Days
    known_on: Days
    superseded_on: Days
    columns: dict[str, Column]

    def __len__(self) -> int:
        return len(self.customer)

    @classmethod
    def of(cls, table: pa.Table, customers: pd.Index) -> Self:
        """Read the rows of a table of spans, with customers numbered by their place in ``customers``."""
        told = table["customer_id"].unify_dictionaries().combine_chunks().dictionary_encode()
        numbers = customers.get_indexer(pd.Index(told.dictionary.to_pandas()).astype("str")).astype(np.int32)
        superseded = _column(table["superseded_on"])
        until = superseded.data if superseded.known is None else np.where(superseded.known, superseded.data, LATEST)
        return cls(
            numbers[told.indices.to_numpy()] if len(numbers) else np.empty(0, np.int32),
            np.require(_column(table["known_on"]).data, np.int32, ["C", "W"]),
            np.require(until, np.int32, ["C", "W"]),
            {name: _column(table[name]) for name in table.column_names if name not in VALIDITY},
        )

    def taken(self, rows: Array | slice) -> Self:
        """Return some of the rows."""
        columns = {
            name: Column(column.data[rows], None if column.known is None else column.known[rows])
            for name, column in self.columns.items()
        }
        return type(self)(self.customer[rows], self.known_on[rows], self.superseded_on[rows], columns)

    def seen(self, days: Days) -> Self:
        """Return the rows of observed customers that hold at some time between the first and the last of the days."""
        return self.taken((self.known_on <= days[-1]) & (self.superseded_on > days[0]) & (self.customer >= 0))

    def pieces(self, size: int) -> Iterator[Self]:
        """Give the rows, at most ``size`` at a time."""
        for start in range(0, len(self), size):
            yield self.taken(slice(start, start + size))


def read_rows(path: Path, *, customers: pd.Index, columns: Sequence[str], days: Days) -> Iterator[Rows]:
    """Give the rows of some customers, piece by piece.

    Parameters
    ----------
    path
        The prepared receivables of a book.
    customers
        The customers, sorted; the file is clustered by them, so pieces of it that hold none are left unread.
    columns
        Columns wanted besides the customer and the validity.
    days
        Days of observation, ascending; rows that hold on none are left out.
    """
    with pq.ParquetFile(path, read_dictionary=["customer_id"]) as file:
        place = file.schema_arrow.get_field_index("customer_id")
        for group in range(file.num_row_groups):
            bounds = file.metadata.row_group(group).column(place).statistics
            if len(customers) and bounds.min <= customers[-1] and bounds.max >= customers[0]:
                table = file.read_row_group(group, columns=[*VALIDITY, *columns], use_threads=False)
                yield from Rows.of(table, customers).seen(days).pieces(ROWS_AT_ONCE)


def _column(chunked: pa.ChunkedArray) -> Column:
    array = chunked.combine_chunks()
    if pa.types.is_date32(array.type):
        array = array.cast(pa.int32())
    if not array.null_count:
        return Column(array.to_numpy(zero_copy_only=False), None)
    known = pc.is_valid(array).to_numpy(zero_copy_only=False)
    nothing = pa.scalar(False if pa.types.is_boolean(array.type) else 0, array.type)
    return Column(pc.fill_null(array, nothing).to_numpy(zero_copy_only=False), known)
