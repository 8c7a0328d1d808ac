"""The book: contracts, readers and writers, cleaning, and the simulated portfolio."""

from creditscore.book.contract import Column, Kind, TableContract
from creditscore.book.knowledge import holds_on, with_validity
from creditscore.book.store import Book, Relations
from creditscore.book.tables import TABLES

__all__ = ["TABLES", "Book", "Column", "Kind", "Relations", "TableContract", "holds_on", "with_validity"]
