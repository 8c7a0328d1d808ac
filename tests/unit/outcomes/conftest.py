"""A ledger written by hand, one line a fact."""

from datetime import date
from itertools import count

import pandas as pd
import pyarrow as pa
import pytest

from creditscore.book import TABLES, Book

EARLY = date(2020, 1, 1)


class Ledger:
    """Collects facts and writes them as a book."""

    def __init__(self, folder):
        self.folder = folder
        self.rows = {"customers": [], "invoices": [], "payments": [], "events": []}
        self.numbers = count(1)

    def customer(self, customer_id):
        self.rows["customers"].append({"customer_id": customer_id, "known_on": EARLY})
        return self

    def invoice(self, customer_id, *, due_on, amount, invoice_id=None, known_on=EARLY):
        row = {"customer_id": customer_id, "issued_on": EARLY, "due_on": due_on, "amount": amount, "currency": "USD"}
        self.rows["invoices"].append({"invoice_id": invoice_id or self._next(), "known_on": known_on, **row})
        return self

    def payment(self, invoice_id, *, paid_on, amount, payment_id=None, known_on=None):
        row = {"invoice_id": invoice_id, "paid_on": paid_on, "amount": amount, "known_on": known_on or paid_on}
        self.rows["payments"].append({"payment_id": payment_id or self._next(), **row})
        return self

    def event(self, customer_id, kind, *, occurred_on, known_on=None):
        row = {"customer_id": customer_id, "kind": kind, "occurred_on": occurred_on}
        self.rows["events"].append({"event_id": self._next(), "known_on": known_on or occurred_on, **row})
        return self

    def book(self):
        # Nothing paid is an empty table; a book without the table would not know.
        kept = {
            name: rows for name, rows in self.rows.items() if rows or (name == "payments" and self.rows["invoices"])
        }
        tables = {name: pa.Table.from_pylist(rows, schema=TABLES[name].schema) for name, rows in kept.items()}
        return Book.create(self.folder, currency="USD").write(tables)

    def _next(self):
        return f"N{next(self.numbers):04}"


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path / "book").customer("C1")


@pytest.fixture
def observed():
    def frame(*days, customer_id="C1"):
        return pd.DataFrame({"customer_id": [customer_id] * len(days), "as_of": list(days)})

    return frame
