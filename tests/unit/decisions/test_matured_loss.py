"""Losses of hand-written ledgers; the window is one month and default is 15 days past due."""

from datetime import date, timedelta

import pandas as pd
import pyarrow as pa
import pytest

from creditscore.book import TABLES, Book
from creditscore.decisions import MATURED_COLUMNS, matured_losses
from creditscore.outcomes import DefaultDefinition

DAY, END = date(2024, 5, 31), date(2024, 6, 30)
ONE_MONTH = DefaultDefinition(version="test", days_past_due=15, horizon_months=1)


def invoice(customer_id, *, issued, due, amount):
    told = {"invoice_id": f"I-{customer_id}-{issued}", "customer_id": customer_id, "currency": "CNY"}
    return {**told, "issued_on": issued, "due_on": due, "amount": amount, "known_on": issued}


def payment(customer_id, *, issued, paid, amount):
    told = {"payment_id": f"P-{customer_id}-{paid}", "invoice_id": f"I-{customer_id}-{issued}"}
    return {**told, "paid_on": paid, "amount": amount, "known_on": paid}


def written(folder, **tables):
    return Book.create(folder / "book", currency="CNY").write(
        {
            name: pa.Table.from_pylist(
                [dict.fromkeys(TABLES[name].schema.names) | row for row in rows], TABLES[name].schema
            )
            for name, rows in tables.items()
        }
    )


@pytest.fixture
def tables():
    """C1 never pays; C2 pays a part within the window; C3 pays on time; C4 is in default on the day already."""
    may, june = date(2024, 5, 1), date(2024, 6, 5)
    customers = [{"customer_id": f"C{number}", "known_on": date(2024, 1, 1)} for number in range(1, 5)]
    invoices = [
        *(invoice(f"C{number}", issued=may, due=date(2024, 5, 30), amount=1_000) for number in (1, 2, 3)),
        invoice("C1", issued=june, due=date(2024, 7, 5), amount=500),
        invoice("C4", issued=date(2024, 4, 1), due=date(2024, 4, 30), amount=800),
        invoice("C3", issued=END + timedelta(days=1), due=date(2024, 7, 30), amount=1),  # the book knows of the end
    ]
    payments = [
        payment("C2", issued=may, paid=date(2024, 6, 25), amount=400),
        payment("C3", issued=may, paid=date(2024, 5, 31), amount=1_000),
    ]
    return {"customers": customers, "invoices": invoices, "payments": payments}


def snapshots(exposure=1_000, *, day=DAY):
    return pd.DataFrame(
        {
            "customer_id": ["C1", "C2", "C3", "C4"],
            "as_of": pd.Timestamp(day).as_unit("ms"),
            "colour": ["green", "yellow", "green", "red"],
            "exposure_amount": pd.array([exposure, exposure, 0, 800], dtype="Int64"),
        }
    )


def lost(book, rows):
    found = matured_losses(book, rows, definition=ONE_MONTH)
    assert tuple(found) == MATURED_COLUMNS
    return dict(zip(found["customer_id"], found["lost_amount"], strict=True))


def test_lost_is_what_defaulters_had_not_paid_when_the_window_ended(tmp_path, tables):
    assert lost(written(tmp_path, **tables), snapshots()) == {"C1": 1_000, "C2": 600, "C3": 0, "C4": 800}


def test_no_more_is_lost_than_the_exposure(tmp_path, tables):
    assert lost(written(tmp_path, **tables), snapshots(exposure=300)) == {"C1": 300, "C2": 300, "C3": 0, "C4": 800}


def test_a_payment_learned_of_after_the_window_changes_nothing(tmp_path, tables):
    late = payment("C1", issued=date(2024, 5, 1), paid=date(2024, 7, 2), amount=1_000)
    book = written(tmp_path, **tables | {"payments": [*tables["payments"], late]})
    assert lost(book, snapshots())["C1"] == 1_000


def test_a_window_that_has_not_ended_and_an_unknown_exposure_are_no_loss(tmp_path, tables):
    book = written(tmp_path, **tables)
    assert lost(book, snapshots(day=date(2024, 6, 15))) == {}
    assert set(lost(book, snapshots(exposure=pd.NA))) == {"C3", "C4"}


def test_of_several_days_each_has_its_own_losses(tmp_path, tables):
    rows = pd.concat([snapshots(day=date(2024, 5, 15)), snapshots()])
    found = matured_losses(written(tmp_path, **tables), rows, definition=ONE_MONTH)
    # By 2024-06-15 C1 and C2 are 16 days past due and C2 has paid nothing.
    assert found["lost_amount"].tolist() == [1_000, 1_000, 0, 800, 1_000, 600, 0, 800]


@pytest.mark.parametrize("table", ["payments", "invoices"])
def test_a_book_that_does_not_tell_what_is_unpaid_tells_of_no_loss(tmp_path, tables, table):
    kept = {name: rows for name, rows in tables.items() if name not in {table, "payments"}}
    facility = {"facility_id": "F1", "customer_id": "C1", "purpose": "standard", "known_on": DAY}
    assert lost(written(tmp_path, **kept, facilities=[facility]), snapshots()) == {}
