"""The book as it was when its tables were in other files: what it has gained since is taken out again."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq

from creditscore.book.prepared import PREPARED
from creditscore.book.store import Book
from creditscore.book.tables import TABLES

LEDGER = ("invoices", "payments")  # what the prepared receivables are made of


class TableFate(StrEnum):
    """What became of a table of the book since it was in a file."""

    STANDS = "stands"  # what was known on the day stands, whatever was learned later
    NEW = "new"  # there was no such table
    GREW = "grew"  # it gained rows that claim to have been known on the day
    ALTERED = "altered"  # rows were removed or changed, or its past is not known to stand
    GONE = "gone"


def fates_since(book: Book, files: Mapping[str, str], *, as_of: date) -> dict[str, TableFate]:
    """Tell what became of each table since the book had other files, as far as a day's knowledge is concerned.

    Parameters
    ----------
    book
        The book as it is.
    files
        File of each table that the book had then.
    as_of
        The day.
    """
    return {name: _fate(book, name, files.get(name), as_of) for name in TABLES if name in files or book.has(name)}


@contextmanager
def book_as_seen(book: Book, files: Mapping[str, str], *, as_of: date) -> Iterator[Book]:
    """Open the book as it was when it had other files, as far as a day's knowledge is concerned.

    Facts that came later but claim to have been known on the day are left out: the book remembers which rows its tables
    gained. A table whose past is not known to stand is read as it is now; see :func:`fates_since`.

    Parameters
    ----------
    book
        The book as it is; it is only read.
    files, as_of
        As for :func:`fates_since`.
    """
    fates = fates_since(book, files, as_of=as_of)
    if not {TableFate.GREW, TableFate.NEW} & set(fates.values()):
        yield book
        return
    with TemporaryDirectory(prefix="creditscore-") as folder:
        yield _book_of_then(book, files, fates, Path(folder))


def _fate(book: Book, name: str, file: str | None, as_of: date) -> TableFate:
    if not book.has(name):
        return TableFate.GONE
    if file is None:
        return TableFate.NEW
    if book.learned_since(name, file) > as_of:
        return TableFate.STANDS
    return TableFate.ALTERED if book.added_since(name, file) is None else TableFate.GREW


def _book_of_then(book: Book, files: Mapping[str, str], fates: Mapping[str, TableFate], folder: Path) -> Book:
    """Lay down the tables that grew without what they gained, beside links to the others."""
    grown = {name: _without(book, name, files[name]) for name, fate in fates.items() if fate is TableFate.GREW}
    then = Book.create(folder, currency=book.currency).write(grown)
    others = {name: file for name, file in book.files.items() if fates[name] in {TableFate.STANDS, TableFate.ALTERED}}
    for file in others.values():
        (folder / file).symlink_to((book.folder / file).resolve())
    then = replace(then, files={**others, **then.files}, engine=book.engine)
    prepared = book.folder / PREPARED
    if prepared.is_dir() and all(then.files.get(name) == book.files.get(name) for name in LEDGER):
        (folder / PREPARED).symlink_to(prepared.resolve(), target_is_directory=True)
    return then


def _without(book: Book, name: str, file: str) -> pa.Table:
    """Return a table without the rows that it gained since it was in a file: a fact has one version a day."""
    gained = pa.concat_tables([pq.read_table(path) for path in book.added_since(name, file) or ()])
    keys = [*TABLES[name].key, "known_on"]
    now = book.read(name)
    return now.join(gained.select(keys), keys=keys, join_type="left anti").select(now.schema.names)
