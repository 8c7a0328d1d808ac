"""Rows that broke a rule: kept as they came, with the rule and the key, until somebody repairs them."""

import json
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

SCHEMA = pa.schema(
    [
        ("table", pa.string()),
        ("rule", pa.string()),
        ("key", pa.string()),
        ("source", pa.string()),
        ("row_number", pa.int64()),
        ("received_on", pa.date32()),
        ("row", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One row that broke a rule.

    Parameters
    ----------
    table
        The table that it was for.
    rule
        The rule that it broke.
    key
        Its key, missing where that could not be read.
    source
        Name of the file, table or query that it came from.
    row_number
        Its number there, from 1; a header counts.
    received_on
        Day on which it was ingested first.
    row
        The row as it came, as JSON.
    """

    table: str
    rule: str
    key: str | None
    source: str
    row_number: int
    received_on: date
    row: str


def read_quarantine(folder: Path) -> pa.Table:
    """Return all rows in quarantine, by table and in the order in which they came."""
    parts = [pq.read_table(path, schema=SCHEMA) for path in sorted(folder.glob("[!.]*.parquet"))]
    return pa.concat_tables([SCHEMA.empty_table(), *parts])


def put_in_quarantine(folder: Path, rows: Sequence[Quarantined]) -> None:
    """Add rows to the quarantine; a row that is there already is not listed twice.

    Two rows are the same when table, rule and content are; a row that stands twice in a source is listed twice.
    """
    for table in sorted({row.table for row in rows}):
        path = folder / f"{table}.parquet"
        listed = pq.read_table(path, schema=SCHEMA) if path.is_file() else SCHEMA.empty_table()
        known = set(_occurrences(zip(listed["rule"].to_pylist(), listed["row"].to_pylist(), strict=True)))
        mine = [row for row in rows if row.table == table]
        places = _occurrences((row.rule, row.row) for row in mine)
        fresh = [row for row, place in zip(mine, places, strict=True) if place not in known]
        if fresh:
            _replace(path, pa.concat_tables([listed, _table_of(fresh)]))


def keys_of(table: pa.Table, key: Sequence[str]) -> list[str | None]:
    """Return the key of each row as text, its parts joined by a bar; missing where a part is."""
    parts = [table[name].cast(pa.string()) for name in key]
    return pc.binary_join_element_wise(*parts, " | ", null_handling="emit_null").to_pylist()


def as_json(row: dict[str, object]) -> str:
    """Write a raw row as JSON, its values as the source wrote them."""
    return json.dumps(row, ensure_ascii=False, default=str)


def _occurrences(rows: Iterable[tuple[str, str]]) -> list[tuple[str, str, int]]:
    seen: Counter[tuple[str, str]] = Counter()
    places = []
    for row in rows:
        places.append((*row, seen[row]))
        seen[row] += 1
    return places


def _table_of(rows: Sequence[Quarantined]) -> pa.Table:
    columns = zip(*(astuple(row) for row in rows), strict=True)
    names = [field.name for field in fields(Quarantined)]
    return pa.table({name: list(column) for name, column in zip(names, columns, strict=True)}, SCHEMA)


def _replace(path: Path, table: pa.Table) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.parent / f".{path.name}.{os.getpid()}"
    pq.write_table(table, draft, compression="zstd")
    draft.replace(path)
