from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from creditscore.book import Book, ingest, read_quarantine
from creditscore.book.mapping import parse_mapping

HEADER = "invoiceNumber,customerID,InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate"
RECEIVED = date(2014, 1, 31)


def ledger_mapping(**formats):
    """One file of invoices that gives customers, invoices and a payment for each settled one."""
    return {
        "currency": "USD",
        "sources": {"ledger": {"file": "*.csv", "dates": "%m/%d/%Y", **formats}},
        "tables": {
            "customers": {
                "from": "ledger",
                "one_row_per": "customerID",
                "columns": {
                    "customer_id": "customerID",
                    "onboarded_on": {"group_min": "InvoiceDate"},
                    "known_on": {"group_min": "InvoiceDate"},
                },
            },
            "invoices": {
                "from": "ledger",
                "columns": {
                    "invoice_id": "invoiceNumber",
                    "customer_id": "customerID",
                    "issued_on": "InvoiceDate",
                    "due_on": "DueDate",
                    "amount": "InvoiceAmount",
                    "disputed_flag": "Disputed",
                    "known_on": "InvoiceDate",
                },
            },
            "payments": {
                "from": "ledger",
                "where": {"SettledDate": {"present": True}},
                "columns": {
                    "payment_id": {"template": "{invoiceNumber}-1"},
                    "invoice_id": "invoiceNumber",
                    "paid_on": "SettledDate",
                    "amount": "InvoiceAmount",
                    "known_on": "SettledDate",
                },
            },
        },
    }


@dataclass
class Desk:
    """A folder to receive files in, and a book and a quarantine to put them."""

    root: Path

    def receive(self, name, content):
        path = self.root / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def ledger(self, *lines, name="ledger.csv", header=HEADER):
        return self.receive(name, "\n".join([header, *lines]) + "\n")

    def ingest(self, source, mapping=None, *, received_on=RECEIVED):
        plan = parse_mapping(mapping or ledger_mapping())
        return ingest(
            source, plan, book=self.root / "book", quarantine=self.root / "quarantine", received_on=received_on
        )

    @property
    def book(self):
        return Book.open(self.root / "book")

    def rows(self, table):
        return self.book.read(table).to_pylist()

    def held(self):
        return read_quarantine(self.root / "quarantine").to_pylist()

    def broken_rules(self):
        return {(row["table"], row["rule"], row["key"], row["row_number"]) for row in self.held()}


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


@pytest.fixture
def mapping_of_ledger():
    return ledger_mapping
