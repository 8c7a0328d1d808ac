"""A day's rows as a cluster leaves them: a folder of Parquet files, each with some of the customers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

ROWS_AT_ONCE = 50_000
WHOLE = {pa.int64(): pd.Int64Dtype()}


@dataclass(frozen=True)
class Parts:
    """The rows of a folder of Parquet files, one row a customer; never all of them in memory unless asked for.

    Parameters
    ----------
    folder
        The folder.
    """

    folder: Path

    @cached_property
    def _files(self) -> ds.Dataset:
        return ds.dataset(self.folder, format="parquet")

    @cached_property
    def _order(self) -> pa.Array:
        return pc.sort_indices(self._column("customer_id"))

    def __len__(self) -> int:
        return int(self._files.count_rows())

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""
        return list(self._files.schema.names)

    def __getitem__(self, name: str) -> pd.Series:
        """Return a column, sorted by customer."""
        return pd.Series(self._column(name).take(self._order).to_numpy(zero_copy_only=False), name=name)

    def frame(self, *, columns: Sequence[str] | None = None, customers: Collection[str] | None = None) -> pd.DataFrame:
        """Return rows, by default all, sorted by customer, as the embedded daily run writes them."""
        if columns is None and customers is None:
            return _frame(self._files.to_table().take(self._order))
        names = self.columns if columns is None else list(columns)
        wanted = None if customers is None else pc.field("customer_id").isin(list(customers))
        found = self._files.to_table(columns=list(dict.fromkeys([*names, "customer_id"])), filter=wanted)
        return _frame(found.sort_by("customer_id").select(names))

    def _column(self, name: str) -> pa.Array:
        return self._files.to_table(columns=[name])[name].combine_chunks()


def _frame(table: pa.Table) -> pd.DataFrame:
    kinds = {name: "datetime64[ms]" for name in ("as_of",) if name in table.column_names}
    return table.to_pandas(types_mapper=WHOLE.get).astype(kinds)
