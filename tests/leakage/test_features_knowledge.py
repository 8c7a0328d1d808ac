"""Nothing that became known after ``as_of`` moves a feature; what was known before does."""

from datetime import date, timedelta

import pandas as pd
import pyarrow as pa
import pytest

from creditscore.book import TABLES, Book
from creditscore.domain import month_ends
from creditscore.features import catalogue, panel, snapshot, snapshot_hash

AS_OF = date(2024, 6, 30)
LATER = AS_OF + timedelta(days=1)


def ago(days):
    return AS_OF - timedelta(days=days)


def invoice(number, customer, issued, amount, **others):
    bill = {"invoice_id": number, "customer_id": customer, "issued_on": ago(issued), "due_on": ago(issued - 30)}
    return bill | {"amount": amount, "currency": "CNY", "known_on": ago(issued)} | others


def payment(number, invoice_id, paid, amount, **others):
    return {
        "payment_id": number,
        "invoice_id": invoice_id,
        "paid_on": ago(paid),
        "amount": amount,
        "known_on": ago(paid),
    } | others


def event(number, customer, kind, occurred, **others):
    told = {"event_id": number, "customer_id": customer, "kind": kind, "occurred_on": ago(occurred), "severity": 0.5}
    return told | {"amount": 10, "known_on": ago(occurred)} | others


def line(item, value, end, known):
    return {"customer_id": "C1", "period_end_on": end, "item": item, "value": value, "known_on": known}


def figure(value, end, known, **others):
    return {"series": "pmi", "period_end_on": end, "value": value, "known_on": known} | others


def history(series, **others):
    """Return old figures, each published in the month after its own, that lead one to expect the next."""
    ends = month_ends(date(2022, 1, 1), date(2024, 4, 30))
    return [figure(50.0, end, end + timedelta(days=20), **others) | {"series": series} for end in ends]


FACILITY = {"facility_id": "F1", "customer_id": "C1", "purpose": "standard", "requested_amount": 50}
LINK = {"source_id": "C1", "target_id": "C2", "kind": "guarantees", "amount": 7, "since_on": ago(300)}
MAY, YEAR = date(2024, 5, 31), date(2023, 12, 31)

KNOWN = {
    "customers": [
        {"customer_id": "C1", "known_on": ago(900), "industry_code": "A", "founded_on": ago(2000)},
        {"customer_id": "C2", "known_on": ago(900), "industry_code": "A", "registered_capital_amount": 5},
    ],
    "invoices": [invoice("I1", "C1", 200, 100), invoice("I2", "C1", 50, 40), invoice("I3", "C2", 60, 70)],
    "payments": [payment("P1", "I1", 150, 100), payment("P2", "I2", 5, 10)],
    "facilities": [FACILITY | {"known_on": ago(200), "granted_on": ago(200), "limit_amount": 90}],
    "events": [event("E1", "C1", "litigation", 30), event("E2", "C2", "negative_news", 30)],
    "links": [LINK | {"known_on": ago(250)}],
    "statements": [line("total_assets", 10.0, YEAR, ago(80)), line("total_liabilities", 4.0, YEAR, ago(80))],
    "macro": [*history("pmi"), figure(50.0, MAY, ago(10))],
    "industry": [
        figure(90.0, MAY, ago(10), industry_code="A") | {"series": "orders"},
        *history("prosperity", industry_code="A"),
        figure(90.0, MAY, ago(10), industry_code="A") | {"series": "prosperity"},
    ],
}

# What could be learned later in each table: a fact that is new, and another version of a fact that is known.
LEARNED = {
    "customers": [
        {"customer_id": "C9", "known_on": LATER, "industry_code": "A"},
        {"customer_id": "C1", "known_on": LATER, "industry_code": "B", "founded_on": ago(10)},
    ],
    "invoices": [
        invoice("I9", "C1", 90, 5000, known_on=LATER),
        invoice("I2", "C1", 50, 1, known_on=LATER),
        invoice("I3", "C1", 60, 70, known_on=LATER),
    ],
    "payments": [
        payment("P9", "I2", 30, 30, known_on=LATER),
        payment("P1", "I1", 190, 1, known_on=LATER),
        payment("P2", "I3", 5, 10, known_on=LATER),
    ],
    "facilities": [
        FACILITY | {"facility_id": "F9", "requested_amount": 999, "known_on": LATER, "purpose": "bulk_purchase"},
        FACILITY | {"known_on": LATER, "granted_on": ago(200), "limit_amount": 1},
    ],
    "events": [
        event("E9", "C1", "default", 20, known_on=LATER),
        event("E8", "C2", "insolvency", 20, known_on=LATER),
        event("E7", "C1", "broken_promise", 9, known_on=LATER),
        event("E1", "C1", "dishonesty", 30, known_on=LATER, amount=99),
    ],
    "links": [
        {"source_id": "C2", "target_id": "C1", "kind": "owns", "since_on": ago(90), "known_on": LATER},
        {"source_id": "C2", "target_id": "C1", "kind": "supplies", "amount": 3, "since_on": ago(90), "known_on": LATER},
        LINK | {"amount": 900, "known_on": LATER, "until_on": ago(9)},
    ],
    "statements": [
        line("total_assets", 99.0, date(2024, 3, 31), LATER),
        line("total_liabilities", 9.0, YEAR, LATER),
    ],
    "macro": [figure(40.0, date(2024, 6, 30), LATER), figure(44.0, MAY, LATER)],
    "industry": [
        figure(70.0, date(2024, 6, 30), LATER, industry_code="A") | {"series": "orders"},
        figure(80.0, MAY, LATER, industry_code="A") | {"series": "orders"},
        figure(85.0, date(2024, 6, 30), LATER, industry_code="A") | {"series": "prosperity"},
    ],
}
CASES = [(name, place) for name, facts in LEARNED.items() for place in range(len(facts))]


def written(folder, tables):
    full = {
        name: pa.Table.from_pylist(
            [dict.fromkeys(TABLES[name].schema.names) | row for row in rows], TABLES[name].schema
        )
        for name, rows in tables.items()
    }
    return Book.create(folder, currency="CNY").write(full)


def with_facts(facts):
    return {name: [*rows, *facts.get(name, [])] for name, rows in KNOWN.items()}


@pytest.fixture(scope="module")
def today(tmp_path_factory):
    return snapshot(written(tmp_path_factory.mktemp("known"), KNOWN), as_of=AS_OF)


def reading(name):
    """Return the features of the relations that are made from a table."""
    return tuple(feature for feature in catalogue() if name in feature.relation.needs)


def test_every_table_of_the_book_is_perturbed():
    assert set(LEARNED) == set(KNOWN) == set(TABLES)


def test_all_that_is_learned_later_moves_nothing(today, tmp_path):
    frame = snapshot(written(tmp_path, with_facts(LEARNED)), as_of=AS_OF)
    pd.testing.assert_frame_equal(frame, today, check_exact=True)
    assert snapshot_hash(frame) == snapshot_hash(today)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_what_is_learned_later_in_one_table_moves_nothing(name, today, tmp_path):
    frame = snapshot(written(tmp_path, with_facts({name: LEARNED[name]})), as_of=AS_OF, features=reading(name))
    assert snapshot_hash(frame) == snapshot_hash(today[frame.columns])


@pytest.mark.parametrize(("name", "place"), CASES)
def test_the_same_fact_known_in_time_does_move_something(name, place, today, tmp_path):
    in_time = LEARNED[name][place] | {"known_on": AS_OF}
    book = written(tmp_path, with_facts({name: [in_time]}))
    frame = snapshot(book, as_of=AS_OF, features=reading(name))
    assert snapshot_hash(frame) != snapshot_hash(today[frame.columns])


def test_a_panel_that_reaches_further_leaves_the_earlier_day_as_it_was(today, tmp_path):
    """A panel shares its work between days, so a later day must not lend its knowledge to an earlier one."""
    book = written(tmp_path, with_facts(LEARNED))
    days = [AS_OF - timedelta(days=20), AS_OF, LATER + timedelta(days=30)]
    frame = panel(book, days=days)
    then = frame[frame["as_of"] == pd.Timestamp(AS_OF)].reset_index(drop=True)
    pd.testing.assert_frame_equal(then, today, check_exact=True)


def test_the_book_gives_a_value_to_a_feature_of_each_relation(today):
    """Where a relation had no value at all, nothing learned later could have been seen to move it."""
    relations = {feature.relation for feature in catalogue()}
    valued = {feature.relation for feature in catalogue() if today[feature.name].notna().any()}
    assert valued == relations
