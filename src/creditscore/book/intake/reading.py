"""Read what the mapping names from a file, a folder or a database."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from creditscore.book.intake.delimited import read_delimited
from creditscore.book.intake.rows import Rows, stacked
from creditscore.book.mapping import Mapping, SourceMapping
from creditscore.errors import ContractError, StoreError, some

PARQUET = (".parquet", ".pq")
ROWS_AT_ONCE = 50_000


@dataclass(frozen=True, slots=True)
class Origin:
    """SOURCE: a file, a folder, or the URL of a database."""

    place: Path | str

    @classmethod
    def of(cls, source: str | Path) -> "Origin":
        """Tell what SOURCE is.

        Raises
        ------
        ContractError
            If it is a path and nothing is there.
        """
        if isinstance(source, str) and "://" in source:
            return cls(source)
        path = Path(source)
        if not path.exists():
            raise ContractError(
                where="SOURCE", found=f"There is no {path.name!r}.", fix="Give a file, a folder or a URL."
            )
        return cls(path)

    def offers(self, source: SourceMapping) -> bool:
        """Tell whether a source of the mapping can be read here."""
        if isinstance(self.place, str) or source.file is None:
            return isinstance(self.place, str) and source.file is None
        return bool(self.files(source.file)) or (self.place.is_dir() and not source.optional)

    def files(self, pattern: str) -> list[Path]:
        """Return the files of a folder that match, or the one file if it does, in the order of their names."""
        place = Path(self.place)
        if place.is_dir():
            return sorted(path for path in place.glob(pattern) if path.is_file())
        return [place] if fnmatch(place.name, PurePosixPath(pattern).name) else []

    def read(self, source: SourceMapping, *, needed: Iterable[str]) -> Rows:
        """Read the rows of a source that this place :meth:`offers`.

        Raises
        ------
        ContractError
            If nothing matches, or a file or table is empty, unreadable or lacks a needed column.
        """
        if isinstance(self.place, str):
            return _checked(_from_database(self.place, source), needed)
        files = self.files(source.file or "")
        if not files:
            raise ContractError(
                where=f"folder {self.place.name!r}",
                found=f"No file matches {source.file!r}.",
                fix="Add the file, correct `file` in the mapping, or mark the source `optional: true`.",
            )
        return stacked([_checked(_from_file(path, source), needed) for path in files])


def chosen(origin: Origin, mapping: Mapping) -> list[str]:
    """Return the names of the mapping's sources that are to be read from here.

    Raises
    ------
    ContractError
        If there is none.
    """
    names = [name for name, source in mapping.sources.items() if origin.offers(source)]
    if not names:
        wanted = [source.file or source.table or "a query" for source in mapping.sources.values()]
        raise ContractError(
            where="SOURCE",
            found=f"None of the mapping's sources is there; it names {some(wanted)}.",
            fix="Give another SOURCE or correct `file`, `table` or `query` in the mapping.",
        )
    return names


def needed_columns(mapping: Mapping, name: str) -> set[str]:
    """Return the columns that the mapping uses of a source."""
    source = mapping.sources[name]
    if source.melt:
        return {*source.where, *source.melt.keep, *(source.melt.only or ())}
    used = set(source.where)
    for feed in (feed for feeds in mapping.tables.values() for feed in feeds if feed.source == name):
        used |= feed.uses
    return used


def _from_file(path: Path, source: SourceMapping) -> Rows:
    if path.suffix not in PARQUET:
        return read_delimited(path, source)
    try:
        table = pq.read_table(path, partitioning=None)
    except (pa.ArrowInvalid, OSError):
        raise ContractError(
            where=f"file {path.name!r}", found="It is empty or no Parquet file.", fix="Export it again."
        ) from None
    return _numbered(table, path.name)


def _from_database(url: str, source: SourceMapping) -> Rows:
    what = source.table or "query"
    selected = sa.text(source.query) if source.query else _whole_table(what)
    try:
        engine = sa.create_engine(url)
        with engine.connect().execution_options(stream_results=True) as connection:
            result = connection.execute(selected)
            names = list(result.keys())
            batches = [list(zip(*rows, strict=True)) for rows in result.partitions(ROWS_AT_ONCE)]
        engine.dispose()
    except (sa.exc.SQLAlchemyError, ImportError) as error:
        raise StoreError(
            where=f"database, {what}",
            found=f"It cannot be read ({type(error).__name__}).",
            fix="Check the URL, the driver and that the table or query exists.",
        ) from None
    columns = [_typed([value for batch in batches for value in batch[index]]) for index in range(len(names))]
    return _numbered(pa.table(columns, names=names), what)


def _whole_table(name: str) -> sa.Select[tuple[str]]:
    schema, _, table = name.rpartition(".")
    return sa.select(sa.text("*")).select_from(sa.table(table, schema=schema or None))


def _typed(values: list[object]) -> pa.Array:
    """Give a column the type of its values, or text where a database mixes types."""
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array([None if value is None else str(value) for value in values], pa.string())


def _numbered(table: pa.Table, name: str) -> Rows:
    count = table.num_rows
    return Rows(table, np.arange(1, count + 1), np.zeros(count, np.int64), (name,))


def _checked(rows: Rows, needed: Iterable[str]) -> Rows:
    lacking = sorted(set(needed) - set(rows.table.column_names))
    if lacking:
        raise ContractError(
            where=f"source {rows.names[0]!r}",
            found=f"It lacks the column {some(lacking)}; it has {', '.join(rows.table.column_names[:20])}.",
            fix="Export that column too, or correct its name, `delimiter` or `encoding` in the mapping.",
        )
    return rows
