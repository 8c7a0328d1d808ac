"""Nothing that became known after ``as_of`` moves an account; what was known before does."""

from datetime import date, timedelta
from itertools import chain

import pandas as pd
import pyarrow as pa
import pytest

from creditscore.accounts import (
    affiliations,
    ageing,
    histories,
    limits_in_force,
    open_receivables,
    sales_between,
    segments,
)
from creditscore.book import TABLES, Book

AS_OF = date(2024, 6, 30)
LATER = AS_OF + timedelta(days=1)


def ago(days):
    return AS_OF - timedelta(days=days)


def invoice(number, customer, issued, amount, **others):
    bill = {"invoice_id": number, "customer_id": customer, "issued_on": ago(issued), "due_on": ago(issued - 30)}
    return bill | {"amount": amount, "currency": "CNY", "known_on": ago(issued)} | others


def payment(number, invoice_id, paid, amount, **others):
    money = {"payment_id": number, "invoice_id": invoice_id, "paid_on": ago(paid), "amount": amount}
    return money | {"known_on": ago(paid)} | others


FACILITY = {"facility_id": "F1", "customer_id": "C1", "purpose": "standard", "granted_on": ago(200), "limit_amount": 90}
LINK = {"source_id": "C1", "target_id": "C2", "kind": "owns", "since_on": ago(300)}

KNOWN = {
    "customers": [
        {"customer_id": "C1", "known_on": ago(900), "industry_code": "A", "onboarded_on": ago(900)},
        {"customer_id": "C2", "known_on": ago(900), "industry_code": "A", "region": "Henan"},
    ],
    "invoices": [invoice("I1", "C1", 200, 100), invoice("I2", "C1", 50, 40), invoice("I3", "C2", 60, 70)],
    "payments": [payment("P1", "I1", 150, 60), payment("P2", "I2", 5, 10)],
    "facilities": [FACILITY | {"known_on": ago(200)}],
    "links": [LINK | {"known_on": ago(250)}],
}

# What could be learned later in each table: facts that are new, and other versions of facts that are known.
LEARNED = {
    "customers": [
        {"customer_id": "C9", "known_on": LATER, "industry_code": "A"},
        {"customer_id": "C1", "known_on": LATER, "industry_code": "B", "onboarded_on": ago(10)},
        {"customer_id": "C2", "known_on": LATER, "industry_code": "A", "region": "Hubei"},
    ],
    "invoices": [
        invoice("I9", "C1", 90, 5000, known_on=LATER),
        invoice("I8", "C8", 90, 5000, known_on=LATER),
        invoice("I2", "C1", 50, 0, known_on=LATER),
        invoice("I3", "C1", 60, 70, known_on=LATER),
        invoice("I1", "C1", 200, 100, disputed_flag=True, known_on=LATER),
    ],
    "payments": [
        payment("P9", "I3", 30, 30, known_on=LATER),
        payment("P1", "I1", 150, 1, known_on=LATER),
        payment("P2", "I3", 5, 10, known_on=LATER),
    ],
    "facilities": [
        FACILITY | {"facility_id": "F9", "granted_on": ago(9), "limit_amount": 999, "known_on": LATER},
        FACILITY | {"expires_on": ago(9), "known_on": LATER},
    ],
    "links": [
        LINK | {"source_id": "C2", "target_id": "C1", "known_on": LATER},
        LINK | {"until_on": ago(9), "known_on": LATER},
    ],
}
CASES = [(name, place) for name, facts in LEARNED.items() for place in range(len(facts))]


def written(folder, facts):
    tables = {}
    for name, rows in KNOWN.items():
        schema = TABLES[name].schema
        told = [dict.fromkeys(schema.names) | row for row in chain(rows, facts.get(name, ()))]
        tables[name] = pa.Table.from_pylist(told, schema)
    return Book.create(folder, currency="CNY").write(tables)


def accounts(book):
    return {
        "limits": limits_in_force(book, AS_OF),
        "open": open_receivables(book, AS_OF),
        "affiliations": affiliations(book, AS_OF, kinds=("owns",)),
        "histories": histories(book, AS_OF),
        "sales": sales_between(book, AS_OF, after=ago(365), until=ago(20)),
        "ageing": ageing(book, AS_OF),
        "segments": segments(book, AS_OF),
    }


def moved(found, expected):
    return {name for name, frame in expected.items() if not frame.equals(found[name])}


@pytest.fixture(scope="module")
def today(tmp_path_factory):
    return accounts(written(tmp_path_factory.mktemp("known"), {}))


def test_every_table_that_an_account_is_read_from_is_perturbed(today):
    assert set(LEARNED) == set(KNOWN)
    assert not any(frame.empty for frame in today.values())


def test_all_that_is_learned_later_moves_nothing(today, tmp_path):
    found = accounts(written(tmp_path, LEARNED))
    for name, expected in today.items():
        pd.testing.assert_frame_equal(found[name], expected, check_exact=True)


@pytest.mark.parametrize(("name", "place"), CASES)
def test_a_fact_moves_an_account_only_if_it_was_known_in_time(name, place, today, tmp_path):
    fact = LEARNED[name][place]
    assert not moved(accounts(written(tmp_path / "late", {name: [fact]})), today)
    assert moved(accounts(written(tmp_path / "in_time", {name: [fact | {"known_on": AS_OF}]})), today)


def test_each_account_is_moved_by_some_fact_known_in_time(today, tmp_path):
    """Where nothing could move a frame, that nothing learned later does would say little."""
    in_time = {name: [fact | {"known_on": AS_OF} for fact in facts[:1]] for name, facts in LEARNED.items()}
    assert moved(accounts(written(tmp_path, in_time)), today) == set(today)
