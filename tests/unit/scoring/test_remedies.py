"""Remedies as hypothetical facts, over a few invoices written by hand."""

from datetime import date, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditscore.book import TABLES
from creditscore.scoring import Remedy
from creditscore.scoring.customer_facts import CustomerFacts
from creditscore.scoring.improvements.remedies import attempts, collected, open_invoices

AS_OF = date(2024, 6, 30)


def ago(days):
    return AS_OF - timedelta(days=days)


def invoice(invoice_id, *, overdue, amount, disputed=False, known=None):
    """Return an invoice that fell due some days ago."""
    known_on = ago(overdue + 30 if known is None else known)
    days = {"issued_on": ago(overdue + 30), "due_on": ago(overdue), "known_on": known_on}
    row = {"invoice_id": invoice_id, "customer_id": "C1", "amount": amount, "currency": "CNY"}
    return row | days | {"disputed_flag": disputed}


def payment(invoice_id, amount, *, number="1", known=5):
    days = {"paid_on": ago(known), "known_on": ago(known)}
    return {"payment_id": f"P-{invoice_id}-{number}", "invoice_id": invoice_id, "amount": amount} | days


def guarantee(source_id, target_id, *, until=None, **others):
    link = {"source_id": source_id, "target_id": target_id, "kind": "guarantees", "amount": 500, "until_on": until}
    return link | {"since_on": ago(300), "known_on": ago(300)} | others


def facts(**tables):
    tables = {"payments": []} | tables
    own = {
        name: pa.Table.from_pylist(
            [dict.fromkeys(TABLES[name].schema.names) | row for row in rows], TABLES[name].schema
        )
        for name, rows in tables.items()
    }
    return CustomerFacts(customer_id="C1", as_of=AS_OF, own=own, around={})


def by_remedy(found):
    return {one.remedy: one for one in attempts(found)}


SOME = (
    invoice("new", overdue=-10, amount=1000),
    invoice("old", overdue=100, amount=300),
    invoice("late", overdue=40, amount=200, disputed=True),
    invoice("paid", overdue=50, amount=70),
    invoice("note", overdue=60, amount=-90),
)
PAID = (payment("old", 100), payment("paid", 70))


def test_what_is_owed_is_told_oldest_first_less_what_was_paid():
    found = open_invoices(facts(invoices=SOME, payments=PAID))
    assert [(one.row["invoice_id"], one.amount) for one in found] == [("old", 200), ("late", 200), ("new", 1000)]


def test_the_latest_version_of_an_invoice_and_of_a_payment_holds():
    corrected = [*SOME, invoice("old", overdue=100, amount=250, known=3)]
    paid = [*PAID, payment("old", 40, known=2)]
    assert open_invoices(facts(invoices=corrected, payments=paid))[0].amount == 210


def test_each_age_of_debt_is_a_remedy_of_its_own_and_equal_amounts_are_told_once():
    found = by_remedy(facts(invoices=SOME, payments=PAID))
    assert {remedy: (one.amount, one.count) for remedy, one in found.items()} == {
        Remedy.COLLECT_OVER_90D: (200, 1),
        Remedy.COLLECT_OVER_30D: (400, 2),
        Remedy.COLLECT_HALF: (700, 3),
        Remedy.COLLECT_ALL: (1400, 3),
        Remedy.SETTLE_DISPUTES: (200, 1),
    }


def test_a_collection_is_payments_of_the_day_and_the_last_invoice_may_be_paid_in_part():
    found = by_remedy(facts(invoices=SOME, payments=PAID))[Remedy.COLLECT_HALF].added
    assert list(found) == ["payments"]
    rows = found["payments"].to_pylist()
    assert [(row["invoice_id"], row["amount"]) for row in rows] == [("old", 200), ("late", 200), ("new", 300)]
    assert all(row["paid_on"] == row["known_on"] == AS_OF for row in rows)


def test_a_settled_dispute_is_a_version_of_the_day_that_still_owes():
    (row,) = by_remedy(facts(invoices=SOME))[Remedy.SETTLE_DISPUTES].added["invoices"].to_pylist()
    assert row == {**SOME[2], "disputed_flag": False, "known_on": AS_OF}


def test_guarantees_for_others_that_last_may_end():
    links = [
        guarantee("C1", "C2"),
        guarantee("C1", "C3", until=ago(1)),
        guarantee("C2", "C1"),
        guarantee("C1", "C4", kind="supplies"),
    ]
    found = by_remedy(facts(invoices=[], links=links))
    assert list(found) == [Remedy.RELEASE_GUARANTEES]
    (row,) = found[Remedy.RELEASE_GUARANTEES].added["links"].to_pylist()
    assert (row["target_id"], row["until_on"], row["known_on"]) == ("C2", ago(1), AS_OF)


def test_without_payments_in_the_book_nothing_is_to_be_collected():
    alone = CustomerFacts(
        customer_id="C1", as_of=AS_OF, own={"invoices": facts(invoices=SOME).own["invoices"]}, around={}
    )
    assert attempts(alone) == ()


@pytest.mark.parametrize("rows", [[], [invoice("paid", overdue=5, amount=70)]])
def test_who_owes_nothing_has_no_remedies(rows):
    assert attempts(facts(invoices=rows, payments=[payment("paid", 70)])) == ()


LEDGERS = st.lists(st.tuples(st.integers(-60, 400), st.integers(-50, 10_000), st.integers(0, 12_000)), max_size=8)


@given(ledger=LEDGERS, amount=st.integers(0, 100_000))
def test_a_collection_never_asks_for_more_than_is_open(ledger, amount):
    invoices = [invoice(str(place), overdue=late, amount=owed) for place, (late, owed, _) in enumerate(ledger)]
    payments = [payment(str(place), paid) for place, (_, _, paid) in enumerate(ledger) if paid]
    found = facts(invoices=invoices, payments=payments)
    owed = {one.row["invoice_id"]: one.amount for one in open_invoices(found)}
    attempt = collected(found, open_invoices(found), amount, remedy=Remedy.COLLECT_OLDEST)
    asked = {row["invoice_id"]: row["amount"] for row in attempt.added["payments"].to_pylist()}
    assert sum(asked.values()) == attempt.amount == min(amount, sum(owed.values()))
    assert all(0 < money <= owed[one] for one, money in asked.items())
    assert list(asked) == list(owed)[: len(asked)]
    assert all(asked[one] == owed[one] for one in list(asked)[:-1])
