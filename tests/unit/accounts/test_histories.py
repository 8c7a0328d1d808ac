"""Histories: how long a customer has been one, what it paid back, and where it belongs."""

import numpy as np
import pytest

from creditscore.accounts import histories, segments
from creditscore.features import named, snapshot


@pytest.fixture
def past(desk):
    def read(as_of=desk.as_of, **tables):
        return histories(desk.book(**tables), as_of).set_index("customer_id")

    return read


def test_cooperation_years_are_those_of_the_feature(desk):
    customers = [desk.customer(f"C{days}", onboarded_on=desk.ago(days)) for days in (0, 1, 365, 366, 1095, 1096)]
    book = desk.book(customers=customers, invoices=[desk.invoice(issued=950, customer_id="C0")])
    frame = snapshot(book, as_of=desk.as_of, features=[named("cooperation_years")])
    found = histories(book, desk.as_of)
    assert found["customer_id"].tolist() == frame["customer_id"].tolist()
    np.testing.assert_array_equal(found["cooperation_years"], frame["cooperation_years"])


def test_where_the_first_day_of_a_customer_is_unknown_its_first_invoice_tells(desk, past):
    invoices = [
        desk.invoice("I0", issued=999, amount=-100),
        desk.invoice("I1", issued=487),
        desk.invoice("I2", issued=90),
        desk.invoice("I3", issued=100, customer_id="C2"),
    ]
    customers = [desk.customer("C1"), desk.customer("C2", onboarded_on=desk.ago(1461))]
    assert past(customers=customers, invoices=invoices)["cooperation_years"].tolist() == [487 / 365.25, 4.0]


def test_payback_counts_all_that_fell_due_and_nothing_paid_beyond_it(desk, past):
    invoices = [
        desk.invoice("I1", issued=1000),
        desk.invoice("I2", issued=60, amount=200),
        desk.invoice("I3", issued=30, amount=100),
        desk.invoice("I4", issued=29, amount=100),
        desk.invoice("I5", issued=90, amount=-50),
    ]
    payments = [
        desk.payment("I1", paid=5, amount=140),
        desk.payment("I2", paid=40, amount=50),
        desk.payment("I4", paid=5, amount=100),
    ]
    assert past(invoices=invoices, payments=payments)["payback_ratio"].tolist() == [150 / 400]


def test_payback_is_that_which_was_known(desk):
    book = desk.book(invoices=[desk.invoice(issued=60)], payments=[desk.payment(paid=20, known=5)])
    known = [histories(book, desk.ago(days))["payback_ratio"].tolist() for days in (30, 6, 5)]
    assert known == [[0.0], [0.0], [1.0]]
    assert histories(book, desk.ago(31))["payback_ratio"].isna().all()


def test_every_customer_that_is_known_has_one_row_in_order(desk, past):
    tables = {
        "customers": [desk.customer("C3"), desk.customer("C3", known=8), desk.customer("C9", known=-1)],
        "invoices": [
            desk.invoice(issued=9, customer_id="C2"),
            desk.invoice("I2", issued=9, known=-1, customer_id="C8"),
        ],
        "facilities": [desk.facility(granted=9), desk.facility("F2", granted=None, known=9)],
    }
    found = past(**tables)
    assert found.index.tolist() == ["C1", "C2", "C3"]
    assert found["cooperation_years"].isna().tolist() == [True, False, True]


def test_a_book_without_payments_has_no_payback(desk, past):
    found = past(invoices=[desk.invoice(issued=60)])
    assert found["payback_ratio"].isna().all()
    assert found.dtypes.astype(str).tolist() == ["float64", "float64"]


def test_a_correction_moves_the_history_when_it_is_known(desk):
    versions = [desk.customer(onboarded_on=desk.ago(500)), desk.customer(onboarded_on=desk.ago(900), known=5)]
    book = desk.book(customers=versions, invoices=[desk.invoice(issued=60), desk.invoice(issued=60, amount=0, known=5)])
    before, after = histories(book, desk.ago(6)).iloc[0], histories(book, desk.ago(5)).iloc[0]
    assert (before["cooperation_years"], after["cooperation_years"]) == (494 / 365.25, 895 / 365.25)


def test_segments_are_those_known_on_the_day_and_stay_missing_where_unknown(desk):
    customers = [
        desk.customer("C2", industry_code="A", region="Henan"),
        desk.customer("C2", industry_code="B", region="Hubei", known=5),
        desk.customer("C1", region="Anhui"),
    ]
    book = desk.book(customers=customers, invoices=[desk.invoice(issued=60, customer_id="C3")])
    before, after = segments(book, desk.ago(6)), segments(book, desk.ago(5))
    assert before["customer_id"].tolist() == after["customer_id"].tolist() == ["C1", "C2", "C3"]
    assert before["region"].tolist()[:2] == ["Anhui", "Henan"]
    assert after["region"].tolist()[:2] == ["Anhui", "Hubei"]
    assert before["industry_code"].isna().tolist() == [True, False, True]
    assert before.dtypes.astype(str).tolist() == ["str"] * 4


def test_an_empty_book_knows_nobody(desk):
    book = desk.book()
    assert histories(book, desk.as_of).empty
    assert segments(book, desk.as_of).empty
    assert histories(book, desk.as_of).dtypes.astype(str).tolist() == ["str", "float64", "float64"]
