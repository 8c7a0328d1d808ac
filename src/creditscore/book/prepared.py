"""What is prepared of a book once and kept beside it: the receivables through time, clustered by customer."""

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import ibis.expr.types as ir

from creditscore.book.engines import DuckDB, Relations
from creditscore.book.spans import SPAN_COLUMNS, SPAN_SCHEMA, corrected_invoices, receivable_spans
from creditscore.book.store import ROWS_IN_GROUP, Book

PREPARED = "prepared"
LAYOUT = 2  # raised with any change of what a prepared file holds
ORDER = ("customer_id", "invoice_id", "known_on")
MEMORY = 0.25  # of the machine; sorting spills to disk beyond it


def prepared_receivables(book: Book) -> Path:
    """Return the Parquet file of the book's receivable spans, made at the first need.

    The file is named after the invoices and payments that it was made from, so a changed book gets a new one and the
    old one is removed; it may be deleted at any time. Rows are clustered by customer. A book without payments has spans
    in which nothing is paid.

    Raises
    ------
    OSError
        If the book's folder cannot be written.
    """
    target = _target(book)
    if not target.is_file():
        target.parent.mkdir(exist_ok=True)
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            _lay_down(book, draft)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
        for stale in set(target.parent.glob("receivables-*.parquet")) - {target}:
            with suppress(OSError):  # another reader may be at it on a system that locks open files
                stale.unlink()
    return target


def receivables(relations: Relations) -> ir.Table:
    """Return the receivable spans of an open book: from the prepared file, or worked out where none can be written.

    A cluster reads the file where it lies already and else works the spans out; it does not wait for one machine.
    """
    if relations.distributed:
        path = _target(relations.book)
        return _read(relations, path) if path.is_file() else spans_of(relations)
    try:
        return _read(relations, prepared_receivables(relations.book))
    except OSError:  # the book may be on a medium that is only read
        return relations.keep("receivables", spans_of(relations))


def _read(relations: Relations, path: Path) -> ir.Table:
    return relations.read(path, name="receivables", schema=SPAN_SCHEMA)


def spans_of(relations: Relations) -> ir.Table:
    """Return the receivable spans of an open book as an expression over its invoices and payments."""
    invoices, payments = relations.table("invoices"), relations.table("payments")
    corrected = relations.keep("corrected", corrected_invoices(invoices, payments))
    return receivable_spans(invoices, payments, corrected=corrected)


def _target(book: Book) -> Path:
    return book.folder / PREPARED / f"receivables-{_digest(book)}.parquet"


def _lay_down(book: Book, path: Path) -> None:
    with TemporaryDirectory(prefix=".sorting-", dir=path.parent) as spilled, DuckDB().relations(book) as relations:
        relations.backend.raw_sql(f"SET memory_limit = '{_memory() >> 20}MiB'")
        relations.backend.raw_sql(f"SET temp_directory = '{spilled}'")
        spans = spans_of(relations).order_by(*ORDER).select(*SPAN_COLUMNS)
        relations.backend.to_parquet(spans, path, compression="zstd", row_group_size=ROWS_IN_GROUP)


def _memory() -> int:
    """Return how many bytes to sort in."""
    return int(MEMORY * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))


def _digest(book: Book) -> str:
    sources = [LAYOUT, *(book.files.get(name) for name in ("invoices", "payments"))]
    return hashlib.sha256(json.dumps(sources).encode()).hexdigest()[:16]
