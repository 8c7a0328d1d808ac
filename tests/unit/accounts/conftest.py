"""Tiny books written by hand, whose days count back from the last one."""

from datetime import date, timedelta

import pyarrow as pa
import pytest

from creditscore.book import TABLES, Book

AS_OF = date(2024, 6, 30)


class Desk:
    """Writes books; columns that do not matter are left out."""

    as_of = AS_OF

    def __init__(self, folder):
        self.folder = folder

    @staticmethod
    def ago(days):
        return AS_OF - timedelta(days=days)

    def book(self, **tables):
        """Write the rows of each table; tables that are not named are not in the book."""
        return Book.create(self.folder / "book", currency="CNY").write(
            {
                name: pa.Table.from_pylist(
                    [dict.fromkeys(TABLES[name].schema.names) | row for row in rows], TABLES[name].schema
                )
                for name, rows in tables.items()
            }
        )

    def customer(self, customer_id="C1", *, known=900, **others):
        return {"customer_id": customer_id, "known_on": self.ago(known), **others}

    def invoice(self, invoice_id="I1", *, issued, term=30, known=None, **others):
        """Return an invoice of 100 that C1 owes, known from its issue unless told otherwise."""
        facts = {"customer_id": "C1", "issued_on": self.ago(issued), "due_on": self.ago(issued - term), "amount": 100}
        told = {"invoice_id": invoice_id, "currency": "CNY", "known_on": self.ago(issued if known is None else known)}
        return {**facts, **told, **others}

    def payment(self, invoice_id="I1", *, paid, amount=100, known=None, payment_id=None):
        """Return a payment, known on its day unless told otherwise."""
        return {
            "payment_id": payment_id or f"P-{invoice_id}-{paid}",
            "invoice_id": invoice_id,
            "paid_on": self.ago(paid),
            "amount": amount,
            "known_on": self.ago(paid if known is None else known),
        }

    def facility(self, facility_id="F1", *, granted, lasts=365, known=None, **others):
        """Return a standard facility of C1 that was granted some days ago, or a request that was not."""
        days = {} if granted is None else {"granted_on": self.ago(granted), "expires_on": self.ago(granted - lasts)}
        told = {"facility_id": facility_id, "customer_id": "C1", "purpose": "standard", **days}
        return {**told, "known_on": self.ago(granted if known is None else known), **others}

    def link(self, source_id, target_id, kind="owns", *, since=500, until=None, known=None):
        last = {} if until is None else {"until_on": self.ago(until)}
        ends = {"source_id": source_id, "target_id": target_id, "kind": kind, "since_on": self.ago(since)}
        return {**ends, **last, "known_on": self.ago(since if known is None else known)}


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)
