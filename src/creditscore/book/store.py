"""A book on disk: one Parquet file a table, and a catalogue that names the files that hold now."""

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from creditscore.book.engines import DuckDB, Engine, Relations
from creditscore.book.tables import TABLES
from creditscore.errors import ContractError

CATALOGUE = "book.json"
CHANGES_KEPT = 1_000
ADDED = "added"  # the folder of the rows that tables gained
ROWS_IN_GROUP = 122_880  # DuckDB's own row group, so that a scan of one skips nothing needlessly


@dataclass(frozen=True, slots=True)
class Change:
    """An addition to a table: nothing was removed, and nothing was added that had been known before a day.

    Parameters
    ----------
    table
        Name of the table.
    before, after
        Its file before and after.
    since
        Earliest ``known_on`` among the added rows, as ``YYYY-MM-DD``.
    rows
        File of the added rows, below the folder :data:`ADDED` of the book.
    """

    table: str
    before: str
    after: str
    since: str
    rows: str


@dataclass(frozen=True, slots=True)
class Book:
    """All tables that describe customers, receivables, events, links, macro and industry series.

    The catalogue ``book.json`` names one content-addressed file for each table. A write lays the new files beside the
    old ones and then replaces the catalogue in one step, so a reader sees the old book or the new one, never a mixture,
    and a killed write changes nothing.

    Parameters
    ----------
    folder
        Where the book lives.
    currency
        ISO 4217 code in whose minor units all amounts are kept.
    files
        File name of each table that the book has.
    changes
        The last additions to tables, oldest first; see :meth:`learned_since`.
    engine
        What computes from it; embedded by default.
    """

    folder: Path
    currency: str
    files: Mapping[str, str]
    changes: tuple[Change, ...] = ()
    engine: Engine = field(default_factory=DuckDB, repr=False, compare=False)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the book in ``folder``.

        Raises
        ------
        ContractError
            If the folder holds no book, or a file that its catalogue names is gone.
        """
        catalogue = folder / CATALOGUE
        if not catalogue.is_file():
            raise ContractError(
                where=f"book {folder.name!r}",
                found="The folder holds no book.json.",
                fix="Write one with `creditscore ingest` or `creditscore simulate`.",
            )
        content = json.loads(catalogue.read_text("utf-8"))
        gone = [file for file in content["files"].values() if not (folder / file).is_file()]
        if gone:
            raise ContractError(
                where=f"book {folder.name!r}",
                found=f"{len(gone)} of its files are gone, such as {gone[0]}.",
                fix="Restore them from a backup or ingest the sources again.",
            )
        changes = tuple(Change(**change) for change in content.get("changes", ()))
        return cls(folder, content["currency"], content["files"], changes)

    @classmethod
    def create(cls, folder: Path, *, currency: str) -> Self:
        """Return the book in ``folder``, made empty where there is none yet.

        Raises
        ------
        ContractError
            If there is a book already and it is kept in another currency.
        """
        if not (folder / CATALOGUE).is_file():
            folder.mkdir(parents=True, exist_ok=True)
            book = cls(folder, currency, {})
            _publish(book)
            return book
        book = cls.open(folder)
        if book.currency != currency:
            raise ContractError(
                where=f"book {folder.name!r}",
                found=f"It is kept in {book.currency}, not in {currency}.",
                fix=f"Convert the source to {book.currency}, or choose another folder.",
            )
        return book

    def write(self, tables: Mapping[str, pa.Table], *, added: Mapping[str, pa.Table] | None = None) -> Self:
        """Replace whole tables in one step and return the book that holds them.

        Rows are stored in the order of the contract, so equal content gives equal files.

        Parameters
        ----------
        tables
            The tables, whole.
        added
            For each table that only gained rows, these rows. What the book knew before the earliest of them then
            stands: what was computed from it need not be computed again, and the rows alone tell what is new.

        Raises
        ------
        ContractError
            If a table is not one of the nine or its columns are not those of its contract.
        """
        written = {name: self._lay_down(name, table) for name, table in tables.items()}
        return self.adopt(written, added=added)

    def adopt(self, written: Mapping[str, Path], *, added: Mapping[str, pa.Table] | None = None) -> Self:
        """Take Parquet files that were written into the book's folder, already in contract order, as its tables.

        ``added`` is as of :meth:`write`.
        """
        files = {**self.files, **{name: _content_addressed(path, name) for name, path in written.items()}}
        changes = [
            self._change(name, files[name], rows)
            for name, rows in (added or {}).items()
            if name in self.files and self.files[name] != files[name] and len(rows)
        ]
        book = replace(self, files=files, changes=(*self.changes, *changes)[-CHANGES_KEPT:])
        _publish(book)
        # A reader that opened the book just before may still be at its files, so one generation is kept.
        for stale in {path.name for path in self.folder.glob("*.parquet")} - {*self.files.values(), *files.values()}:
            (self.folder / stale).unlink(missing_ok=True)
        for rows in set((self.folder / ADDED).glob("*.parquet")) - {
            book.folder / ADDED / one.rows for one in book.changes
        }:
            rows.unlink(missing_ok=True)
        return book

    def has(self, name: str) -> bool:
        """Tell whether the book has the table."""
        return name in self.files

    def learned_since(self, name: str, file: str | None) -> date:
        """Return the earliest day of which the book has learned since a table was in ``file``.

        Returns
        -------
        datetime.date
            The last day of the calendar where the table is as it was, the first one where its past is not known to
            stand.
        """
        changes = self._changes_since(name, file)
        if changes is None:
            return date.min
        return min((date.fromisoformat(change.since) for change in changes), default=date.max)

    def added_since(self, name: str, file: str | None) -> list[Path] | None:
        """Return the files of the rows that a table gained since it was in ``file``; ``None`` where that is unknown."""
        changes = self._changes_since(name, file)
        return None if changes is None else [self.folder / ADDED / change.rows for change in changes]

    def _changes_since(self, name: str, file: str | None) -> list[Change] | None:
        found: list[Change] = []
        current = self.files.get(name)
        for change in reversed(self.changes):
            if current != file and change.table == name and change.after == current:
                found, current = [change, *found], change.before
        return found if current == file else None

    def _change(self, name: str, after: str, rows: pa.Table) -> Change:
        """Lay down rows that a table gained."""
        folder = self.folder / ADDED
        folder.mkdir(exist_ok=True)
        draft = folder / f".{name}.{os.getpid()}.parquet"
        pq.write_table(rows, draft, compression="zstd")
        since = pc.min(rows["known_on"]).as_py().isoformat()
        return Change(name, self.files[name], after, since, _content_addressed(draft, name))

    def path(self, name: str) -> Path:
        """Return the Parquet file of a table that the book has."""
        return self.folder / self.files[name]

    def read(self, name: str) -> pa.Table:
        """Return a table; empty, with its contract's schema, where the book has none."""
        return pq.read_table(self.path(name)) if self.has(name) else TABLES[name].schema.empty_table()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the content of all tables: equal books have equal fingerprints."""
        listing = json.dumps({"currency": self.currency, "files": dict(sorted(self.files.items()))})
        return hashlib.sha256(listing.encode()).hexdigest()

    def on(self, engine: Engine) -> Self:
        """Return the same book on another engine, where features, labels and scores are then computed."""
        return replace(self, engine=engine)

    def relations(self, engine: Engine | None = None) -> AbstractContextManager[Relations]:
        """Open the tables as Ibis relations that end with the block, on the book's engine unless another is given."""
        return (engine or self.engine).relations(self)

    def last_known(self, name: str) -> date:
        """Return the last day on which a fact of a table became known; the first of the calendar where it has none."""
        return max(_known_bounds(self.path(name)), default=date.min) if self.has(name) else date.min

    def known_days(self) -> tuple[date, date]:
        """Return the first and the last day on which an invoice or a facility became known.

        Raises
        ------
        ContractError
            If the book has neither.
        """
        days = [day for name in ("invoices", "facilities") if self.has(name) for day in _known_bounds(self.path(name))]
        if not days:
            raise ContractError(
                where=f"book {self.folder.name!r}",
                found="It has neither an invoice nor a facility.",
                fix="Ingest a ledger of invoices or a list of facilities.",
            )
        return min(days), max(days)

    def _lay_down(self, name: str, table: pa.Table) -> Path:
        if name not in TABLES:
            raise ContractError(where=f"table {name!r}", found="No such table.", fix=f"Use one of {', '.join(TABLES)}.")
        contract = TABLES[name]
        if table.schema.names != contract.schema.names:
            raise ContractError(
                where=f"table {name!r}",
                found=f"Its columns are {', '.join(table.schema.names)}.",
                fix=f"Give {', '.join(contract.schema.names)}.",
            )
        ordered = table.cast(contract.schema).sort_by([(column, "ascending") for column in contract.order])
        path = self.folder / f".{name}.{os.getpid()}.parquet"
        pq.write_table(ordered, path, compression="zstd", row_group_size=ROWS_IN_GROUP)
        return path


def _publish(book: Book) -> None:
    content: dict[str, Any] = {"currency": book.currency, "files": dict(sorted(book.files.items()))}
    if book.changes:
        content["changes"] = [asdict(change) for change in book.changes]
    draft = book.folder / f".{CATALOGUE}.{os.getpid()}"
    draft.write_text(json.dumps(content, indent=2) + "\n", "utf-8")
    draft.replace(book.folder / CATALOGUE)


def _content_addressed(path: Path, name: str) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    file = f"{name}-{digest.hexdigest()[:16]}.parquet"
    path.replace(path.parent / file)
    return file


def _known_bounds(path: Path) -> list[Any]:
    """Read the bounds of ``known_on`` from the statistics of the file, without reading its rows."""
    metadata = pq.read_metadata(path)
    column = metadata.schema.names.index("known_on")
    groups = [metadata.row_group(index) for index in range(metadata.num_row_groups)]
    statistics = [group.column(column).statistics for group in groups if group.num_rows]
    return [day for one in statistics for day in (one.min, one.max)]
