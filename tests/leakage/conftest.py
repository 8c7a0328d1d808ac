"""Books that are ingested as their sources arrive, and where the real data are."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from creditscore.book import Book, ingest
from creditscore.book.mapping import parse_mapping

PROJECT = Path(__file__).parents[2]
SALES = {
    "currency": "USD",
    "sources": {"ledger": {"file": "*.csv"}},
    "tables": {
        "customers": {
            "from": "ledger",
            "one_row_per": "customer",
            "columns": {"customer_id": "customer", "known_on": {"group_min": "issued"}},
        },
        "invoices": {
            "from": "ledger",
            "columns": {
                "invoice_id": "number",
                "customer_id": "customer",
                "issued_on": "issued",
                "due_on": "due",
                "amount": "amount",
                "known_on": "issued",
            },
        },
    },
}


@pytest.fixture(scope="session")
def data():
    """Return the folder of the real data, which stay out of the repository: their licences differ."""
    folder = Path(os.environ.get("CREDITSCORE_DATA", PROJECT.parent / "shared" / "data")).resolve()
    if not folder.is_dir():
        pytest.skip(f"No real data in {folder}; name their folder in CREDITSCORE_DATA.")
    return folder


@dataclass(frozen=True)
class Post:
    """Receives sources, each on a day of its own, into one book."""

    root: Path

    def receive(self, source, mapping, *, on):
        """Ingest a source, or the lines of one, as it came on a day; nothing may be in quarantine."""
        if isinstance(source, list):
            path = self.root / f"{on}.csv"
            path.write_text("\n".join(source) + "\n", "utf-8")
            source = path
        book, quarantine = self.root / "book", self.root / "quarantine"
        summary = ingest(source, parse_mapping(mapping), book=book, quarantine=quarantine, received_on=on)
        assert sum(table.rows_quarantined for table in summary.tables) == 0
        return Book.open(book)


@pytest.fixture(scope="session")
def post_office(tmp_path_factory):
    """Return what opens a book of its own each time it is asked."""
    return lambda: Post(tmp_path_factory.mktemp("post"))


@pytest.fixture(scope="session")
def sales():
    """Return the mapping of a ledger: number, customer, issued, due, amount; known from the day of issue."""
    return SALES
