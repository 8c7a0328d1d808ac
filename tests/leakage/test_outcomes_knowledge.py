"""Nothing that became known after the observation ended moves a label."""

from datetime import date, timedelta

import pandas as pd
import pyarrow as pa
import pytest

from creditscore.book import TABLES, Book
from creditscore.outcomes import DefaultDefinition, outcomes

UNTIL = date(2024, 12, 31)
AFTER = UNTIL + timedelta(days=1)
DEFINITION = DefaultDefinition(version="test", days_past_due=30, material_amount=10)
OBSERVED = pd.DataFrame({"customer_id": ["C1", "C2"] * 2, "as_of": [date(2023, 6, 30)] * 2 + [date(2023, 12, 31)] * 2})


def invoice(number, customer, due_on, amount, known_on):
    return {
        "invoice_id": number,
        "customer_id": customer,
        "issued_on": due_on,
        "due_on": due_on,
        "amount": amount,
        "currency": "USD",
        "known_on": known_on,
    }


PEOPLE = [{"customer_id": customer, "known_on": date(2023, 1, 1)} for customer in ("C1", "C2")]
INVOICES = [
    invoice("I1", "C1", date(2023, 8, 1), 100, date(2023, 7, 1)),
    invoice("I2", "C2", date(2023, 8, 1), 100, date(2023, 7, 1)),
]
PAYMENTS = [
    {"payment_id": "P1", "invoice_id": "I2", "paid_on": date(2023, 8, 5), "amount": 100, "known_on": date(2023, 8, 5)}
]

LEARNED_LATER = {
    "a late invoice": ("invoices", invoice("I3", "C2", date(2023, 8, 1), 900, AFTER)),
    "a corrected invoice": ("invoices", invoice("I1", "C1", date(2023, 8, 1), 1, AFTER)),
    "a back-dated payment": (
        "payments",
        {"payment_id": "P2", "invoice_id": "I1", "paid_on": date(2023, 8, 2), "amount": 100, "known_on": AFTER},
    ),
    "a payment taken back": (
        "payments",
        {"payment_id": "P1", "invoice_id": "I2", "paid_on": date(2023, 8, 5), "amount": 1, "known_on": AFTER},
    ),
    "an old insolvency": (
        "events",
        {
            "event_id": "E1",
            "customer_id": "C2",
            "kind": "insolvency",
            "occurred_on": date(2023, 7, 9),
            "known_on": AFTER,
        },
    ),
}


def labels(folder, *more):
    rows = {"customers": PEOPLE, "invoices": INVOICES, "payments": PAYMENTS, "events": []}
    for name, row in more:
        rows[name] = [*rows[name], row]
    tables = {name: pa.Table.from_pylist(facts, schema=TABLES[name].schema) for name, facts in rows.items()}
    book = Book.create(folder, currency="USD").write(tables)
    return outcomes(book, OBSERVED, definition=DEFINITION, observed_until=UNTIL)


@pytest.mark.parametrize("fact", LEARNED_LATER)
def test_a_fact_learned_after_the_observation_moves_no_label(tmp_path, fact):
    pd.testing.assert_frame_equal(labels(tmp_path / "a"), labels(tmp_path / "b", LEARNED_LATER[fact]))


@pytest.mark.parametrize("fact", LEARNED_LATER)
def test_the_same_fact_learned_in_time_does_move_a_label(tmp_path, fact):
    name, row = LEARNED_LATER[fact]
    known = labels(tmp_path / "b", (name, {**row, "known_on": UNTIL}))
    assert not known.equals(labels(tmp_path / "a"))
