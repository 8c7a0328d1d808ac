"""Raw rows on their way in: where each came from travels with it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Index = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """A line of a file that could not even become a row."""

    file: str
    number: int
    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a source.

    Parameters
    ----------
    table
        The rows in the source's own columns.
    numbers
        Number of each row in its file, from 1; a header counts.
    files
        Position in ``names`` of the file, table or query that each row came from.
    names
        Names of the files, tables or queries.
    broken
        Lines that could not become rows.
    left_out
        How many rows the mapping's ``where`` left out so far.
    """

    table: pa.Table
    numbers: Index
    files: Index
    names: tuple[str, ...]
    broken: tuple[BrokenLine, ...] = ()
    left_out: int = 0

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def take(self, positions: Index) -> Self:
        """Return the rows at these positions, in this order."""
        table = self.table.take(pa.array(positions))
        return replace(self, table=table, numbers=self.numbers[positions], files=self.files[positions])

    def keep(self, mask: npt.NDArray[np.bool_]) -> Self:
        """Return the rows where the mask is true, and count the others as left out."""
        if mask.all():
            return self
        return replace(self.take(np.flatnonzero(mask)), left_out=self.left_out + int((~mask).sum()))

    def column(self, name: str) -> pa.Array:
        """Return a column as one array."""
        column = self.table[name].combine_chunks()
        return pa.concat_arrays(column.chunks) if isinstance(column, pa.ChunkedArray) else column


def stacked(parts: Sequence[Rows]) -> Rows:
    """Return the rows of several files as one; a column that one file lacks is missing in its rows."""
    if len(parts) == 1:
        return parts[0]
    offsets = np.cumsum([0, *(len(part.names) for part in parts[:-1])])
    return Rows(
        table=pa.concat_tables([part.table for part in parts], promote_options="permissive"),
        numbers=np.concatenate([part.numbers for part in parts]),
        files=np.concatenate([part.files + offset for part, offset in zip(parts, offsets, strict=True)]),
        names=tuple(name for part in parts for name in part.names),
        broken=tuple(line for part in parts for line in part.broken),
    )
