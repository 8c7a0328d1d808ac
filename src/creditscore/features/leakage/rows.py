"""Rows of Arrow tables: picked, joined and numbered, always in an order that does not depend on chance."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from creditscore.book import TABLES, Column, Kind, TableContract
from creditscore.features.leakage.altering import Integers

PLACE = "place"
KEYS_OF = {"source_id": "customer_id", "target_id": "customer_id"}  # keys of another table, by another name


class Pools:
    """The different values of each column of a book, sorted; a key that names a fact elsewhere has that table's.

    Parameters
    ----------
    tables
        The tables, by name.
    """

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        self.tables = tables
        self.homes = {TABLES[name].key[0]: name for name in tables if len(TABLES[name].key) == 1}
        self._found: dict[tuple[str, str], pa.Array] = {}

    def of(self, column: Column, contract: TableContract) -> pa.Array:
        """Return the pool of a column."""
        name = KEYS_OF.get(column.name, column.name)
        return self._sorted(self.homes[name], name) if self.refers(column) else self._sorted(contract.name, column.name)

    def refers(self, column: Column) -> bool:
        """Tell whether a column names a fact that has a table of its own."""
        return column.kind is Kind.KEY and KEYS_OF.get(column.name, column.name) in self.homes

    def _sorted(self, table: str, name: str) -> pa.Array:
        if (table, name) not in self._found:
            values = pc.unique(self.tables[table][name]).drop_null()
            self._found[table, name] = values.take(pc.array_sort_indices(values))
        return self._found[table, name]


def replaced(rows: pa.Table, name: str, values: pa.Array) -> pa.Table:
    """Return the rows with other values in a column."""
    return rows.set_column(rows.schema.get_field_index(name), rows.schema.field(name), values)


def numbered(values: pa.ChunkedArray) -> Integers:
    """Return a number for each value, equal for equal values, from 0 in the order of their first appearance.

    >>> numbered(pa.chunked_array([["b", "a", "b"]])).tolist()
    [0, 1, 0]
    """
    codes = pc.index_in(values, value_set=pc.unique(values))
    numbers: Integers = codes.to_numpy().astype(np.int64)
    return numbers


def days_to_the_latest(rows: pa.Table, entity: str, day: str, *, last: date) -> Integers:
    """Return for each row the days from the latest ``day`` of its entity to ``last``; 0 where the entity has none."""
    days = rows[day].cast(pa.int32()).fill_null(np.iinfo(np.int32).min).to_numpy().astype(np.int64)
    codes = numbered(rows[entity])
    latest = np.full(codes.max(initial=-1) + 1, np.iinfo(np.int32).min, np.int64)
    np.maximum.at(latest, codes, days)
    ends = latest[codes]
    return np.where(ends == np.iinfo(np.int32).min, 0, (last - date(1970, 1, 1)).days - ends)


def first_of(rows: pa.Table, key: Sequence[str]) -> pa.Table:
    """Return the first row of each key, in their order."""
    counted = rows.append_column(PLACE, pa.array(np.arange(rows.num_rows)))
    first = counted.group_by(list(key), use_threads=False).aggregate([(PLACE, "min")])
    return rows.take(pa.array(np.sort(first[f"{PLACE}_min"].to_numpy())))


def without(rows: pa.Table, others: pa.Table, key: Sequence[str]) -> pa.Table:
    """Return the rows whose key none of the others has, in their order."""
    counted = rows.select(list(key)).append_column(PLACE, pa.array(np.arange(rows.num_rows)))
    left = counted.join(others.select(list(key)), keys=list(key), join_type="left anti")
    return rows.take(pa.array(np.sort(left[PLACE].to_numpy())))
