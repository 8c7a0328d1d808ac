"""Tiny books written by hand."""

from datetime import date, timedelta

import pyarrow as pa
import pytest

from creditscore.book import TABLES, Book
from creditscore.features import named, snapshot

AS_OF = date(2024, 6, 30)


def ago(days):
    return AS_OF - timedelta(days=days)


class Desk:
    """Writes books and reads features of customer C1 on the last day of June 2024."""

    as_of = AS_OF
    ago = staticmethod(ago)

    def __init__(self, folder):
        self.folder = folder

    def book(self, **tables):
        """Write rows, in which columns that do not matter are left out; C1 is a customer since long."""
        customers = [{"customer_id": "C1", "known_on": ago(900)}, *tables.pop("customers", [])]
        tables.setdefault("invoices", [self.invoice("I0", customer_id="C0", issued=800)])
        tables = {"customers": customers, **tables}
        return Book.create(self.folder / "book", currency="CNY").write(
            {
                name: pa.Table.from_pylist(
                    [dict.fromkeys(TABLES[name].schema.names) | row for row in rows], TABLES[name].schema
                )
                for name, rows in tables.items()
            }
        )

    def features(self, *names, **tables):
        """Return the values of the named features of C1, in their order."""
        frame = snapshot(self.book(**tables), as_of=AS_OF, features=[named(name) for name in names])
        row = frame[frame["customer_id"] == "C1"].iloc[0]
        return [row[name] for name in names]

    @staticmethod
    def invoice(invoice_id, *, issued, term=30, amount=100, **others):
        """Return an invoice that was issued some days before the last day."""
        known = {"customer_id": "C1", "currency": "CNY", "known_on": ago(issued)}
        return {
            "invoice_id": invoice_id,
            "issued_on": ago(issued),
            "due_on": ago(issued - term),
            "amount": amount,
            **known,
            **others,
        }

    @staticmethod
    def payment(invoice_id, *, paid, amount=100, payment_id=None, known=None):
        """Return a payment that came, and unless told otherwise became known, some days before the last day."""
        return {
            "payment_id": payment_id or f"P-{invoice_id}-{paid}",
            "invoice_id": invoice_id,
            "paid_on": ago(paid),
            "amount": amount,
            "known_on": ago(paid if known is None else known),
        }

    @staticmethod
    def event(event_id, *, occurred, kind="litigation", known=None, **others):
        """Return an event of C1."""
        known_on = ago(occurred if known is None else known)
        return {
            "event_id": event_id,
            "customer_id": "C1",
            "occurred_on": ago(occurred),
            "kind": kind,
            "known_on": known_on,
            **others,
        }

    @staticmethod
    def link(source_id, target_id, kind, **others):
        """Return a link that is known since long and lasts."""
        return {
            "source_id": source_id,
            "target_id": target_id,
            "kind": kind,
            "since_on": ago(500),
            "known_on": ago(500),
            **others,
        }

    @staticmethod
    def facility(facility_id, *, known, granted=None, purpose="standard", **others):
        """Return a facility or request of C1."""
        return {
            "facility_id": facility_id,
            "customer_id": "C1",
            "purpose": purpose,
            "granted_on": None if granted is None else ago(granted),
            "known_on": ago(known),
            **others,
        }


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)
