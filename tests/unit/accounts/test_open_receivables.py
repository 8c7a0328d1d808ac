"""Open receivables: what is owed on a day, as it was known then."""

import pandas as pd
import pytest

from creditscore.accounts import open_receivables

TYPES = {
    "invoice_id": "str",
    "customer_id": "str",
    "issued_on": "datetime64[ms]",
    "due_on": "datetime64[ms]",
    "amount": "int64",
    "paid_amount": "int64",
    "open_amount": "int64",
    "days_past_due": "int64",
    "term_elapsed_ratio": "float64",
    "paid_ratio": "float64",
    "disputed_flag": "bool",
}


@pytest.fixture
def owed(desk):
    def read(invoices, payments=()):
        return open_receivables(desk.book(invoices=invoices, payments=list(payments)), desk.as_of)

    return read


def test_an_open_invoice_tells_all_that_an_alert_needs(desk, owed):
    row = owed([desk.invoice(issued=40, disputed_flag=True)], [desk.payment(paid=5, amount=25)]).iloc[0]
    assert row.to_dict() == {
        "invoice_id": "I1",
        "customer_id": "C1",
        "issued_on": pd.Timestamp(desk.ago(40)),
        "due_on": pd.Timestamp(desk.ago(10)),
        "amount": 100,
        "paid_amount": 25,
        "open_amount": 75,
        "days_past_due": 10,
        "term_elapsed_ratio": 40 / 30,
        "paid_ratio": 0.25,
        "disputed_flag": True,
    }


def test_columns_have_the_documented_types_with_rows_and_without(desk, owed):
    for frame in (owed([desk.invoice(issued=40)]), owed([]), open_receivables(desk.book(), desk.as_of)):
        assert frame.dtypes.astype(str).to_dict() == TYPES


@pytest.mark.parametrize(
    ("issued", "late", "elapsed"), [(15, 0, 0.5), (29, 0, 29 / 30), (30, 0, 1.0), (31, 1, 31 / 30)]
)
def test_an_invoice_is_past_due_from_the_day_after_its_due_day(desk, owed, issued, late, elapsed):
    row = owed([desk.invoice(issued=issued)]).iloc[0]
    assert (row["days_past_due"], row["term_elapsed_ratio"]) == (late, elapsed)


@pytest.mark.parametrize("issued", [0, 9])
def test_a_term_of_no_days_has_elapsed_at_once(desk, owed, issued):
    assert owed([desk.invoice(issued=issued, term=0)])["term_elapsed_ratio"].tolist() == [1.0]


def test_an_invoice_issued_today_has_used_nothing_of_its_term(desk, owed):
    assert owed([desk.invoice(issued=0)])["term_elapsed_ratio"].tolist() == [0.0]


def test_invoices_are_sorted_and_paid_ones_credit_notes_and_void_ones_are_out(desk, owed):
    invoices = [
        desk.invoice("I5", issued=9),
        desk.invoice("I4", issued=9, amount=-100),
        desk.invoice("I3", issued=9),
        desk.invoice("I3", issued=9, amount=0, known=2),
        desk.invoice("I2", issued=9),
        desk.invoice("I1", issued=9, customer_id="C9"),
        desk.invoice("I0", issued=9),
    ]
    payments = [desk.payment("I2", paid=3), desk.payment("I0", paid=3, amount=140)]
    assert owed(invoices, payments)["invoice_id"].tolist() == ["I1", "I5"]


def test_a_payment_counts_from_the_day_it_became_known(desk):
    book = desk.book(invoices=[desk.invoice(issued=40)], payments=[desk.payment(paid=20, known=5)])
    assert open_receivables(book, desk.ago(6))["open_amount"].tolist() == [100]
    assert open_receivables(book, desk.ago(5)).empty


def test_an_invoice_counts_from_the_day_it_became_known(desk):
    book = desk.book(invoices=[desk.invoice(issued=40, known=20)], payments=[])
    assert open_receivables(book, desk.ago(21)).empty
    assert len(open_receivables(book, desk.ago(20))) == 1


def test_a_corrected_invoice_is_read_in_the_version_of_the_day(desk):
    versions = [desk.invoice(issued=40), desk.invoice(issued=40, amount=70, customer_id="C2", term=60, known=10)]
    book = desk.book(invoices=versions, payments=[desk.payment(paid=20, amount=30)])
    before, after = open_receivables(book, desk.ago(11)).iloc[0], open_receivables(book, desk.ago(10)).iloc[0]
    assert (before["customer_id"], before["open_amount"]) == ("C1", 70)
    assert (after["customer_id"], after["open_amount"]) == ("C2", 40)
    assert after["due_on"] == pd.Timestamp(desk.ago(-20))


def test_a_payment_that_was_booked_on_the_wrong_invoice_moves_when_that_is_known(desk):
    invoices = [desk.invoice("I1", issued=40), desk.invoice("I2", issued=40)]
    payments = [
        desk.payment("I1", paid=20, payment_id="P1"),
        desk.payment("I2", paid=20, payment_id="P1", known=3),
    ]
    book = desk.book(invoices=invoices, payments=payments)
    assert open_receivables(book, desk.ago(4))["invoice_id"].tolist() == ["I2"]
    assert open_receivables(book, desk.ago(3))["invoice_id"].tolist() == ["I1"]


def test_amounts_beyond_the_whole_numbers_of_a_float_stay_exact(desk, owed):
    vast = 2**53 + 1
    row = owed([desk.invoice(issued=9, amount=2 * vast)], [desk.payment(paid=3, amount=vast)]).iloc[0]
    assert (row["amount"], row["open_amount"]) == (2 * vast, vast)


def test_a_book_without_payments_says_nothing_of_what_is_open(desk):
    assert open_receivables(desk.book(invoices=[desk.invoice(issued=40)]), desk.as_of).empty


def test_a_day_before_the_first_fact_has_nothing_open(desk):
    book = desk.book(invoices=[desk.invoice(issued=40)], payments=[])
    assert open_receivables(book, desk.ago(1_000)).empty
