"""The book: contracts, readers and writers, cleaning, and the simulated portfolio."""

from creditscore.book.contract import Column, Kind, TableContract
from creditscore.book.earlier import TableFate, book_as_seen, fates_since
from creditscore.book.engines import DuckDB, Engine, Relations, Spark
from creditscore.book.ingest import ingest
from creditscore.book.intake.summary import IngestSummary, TableSummary
from creditscore.book.judging import BrokenFact, JudgedFacts, judged
from creditscore.book.knowledge import holds_on, with_validity
from creditscore.book.mapping import Mapping, load_mapping
from creditscore.book.prepared import prepared_receivables, receivables
from creditscore.book.quarantine import read_quarantine
from creditscore.book.spans import SPAN_COLUMNS, corrected_invoices, receivable_spans
from creditscore.book.store import Book
from creditscore.book.tables import TABLES

__all__ = [
    "SPAN_COLUMNS",
    "TABLES",
    "Book",
    "BrokenFact",
    "Column",
    "DuckDB",
    "Engine",
    "IngestSummary",
    "JudgedFacts",
    "Kind",
    "Mapping",
    "Relations",
    "Spark",
    "TableContract",
    "TableFate",
    "TableSummary",
    "book_as_seen",
    "corrected_invoices",
    "fates_since",
    "holds_on",
    "ingest",
    "judged",
    "load_mapping",
    "prepared_receivables",
    "read_quarantine",
    "receivable_spans",
    "receivables",
    "with_validity",
]
