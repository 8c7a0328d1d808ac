"""What is owed by age, and what was sold."""

import pytest

from creditscore.accounts import ageing, sales_between
from creditscore.errors import ParameterError


def rows(frame):
    return [tuple(row) for row in frame.itertuples(index=False)]


@pytest.mark.parametrize(
    ("late", "bucket"), [(-1, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (900, 4)]
)
def test_a_bucket_ends_with_its_bound(desk, late, bucket):
    book = desk.book(invoices=[desk.invoice(issued=late + 30)], payments=[])
    assert rows(ageing(book, desk.as_of)) == [("C1", bucket, 100)]


def test_open_amounts_of_a_customer_and_bucket_are_added_up(desk):
    invoices = [
        desk.invoice("I1", issued=40),
        desk.invoice("I2", issued=50, amount=7),
        desk.invoice("I3", issued=10, amount=20),
        desk.invoice("I4", issued=99, customer_id="C0", amount=2**53 + 1),
        desk.invoice("I5", issued=40, amount=-50),
    ]
    book = desk.book(invoices=invoices, payments=[desk.payment("I1", paid=2, amount=60)])
    assert rows(ageing(book, desk.as_of)) == [("C0", 3, 2**53 + 1), ("C1", 0, 20), ("C1", 1, 47)]


def test_bounds_of_the_caller_make_the_buckets(desk):
    book = desk.book(invoices=[desk.invoice("I1", issued=40), desk.invoice("I2", issued=30)], payments=[])
    assert rows(ageing(book, desk.as_of, bounds=(0,))) == [("C1", 0, 100), ("C1", 1, 100)]
    assert rows(ageing(book, desk.as_of, bounds=(5, 9))) == [("C1", 0, 100), ("C1", 2, 100)]


@pytest.mark.parametrize("bounds", [(), (0, 0), (30, 0), (-1, 5), (0, 30.5), (False, True)])
def test_bounds_that_do_not_rise_are_refused(desk, bounds):
    with pytest.raises(ParameterError, match="not whole days that rise"):
        ageing(desk.book(), desk.as_of, bounds=bounds)


def test_a_book_without_payments_has_no_ageing(desk):
    frame = ageing(desk.book(invoices=[desk.invoice(issued=40)]), desk.as_of)
    assert frame.empty
    assert frame.dtypes.astype(str).to_dict() == {"customer_id": "str", "bucket": "int64", "open_amount": "int64"}


def test_sales_are_those_issued_after_one_day_and_until_another(desk):
    invoices = [
        desk.invoice("I1", issued=60),
        desk.invoice("I2", issued=59, amount=10),
        desk.invoice("I3", issued=30, amount=4),
        desk.invoice("I4", issued=29),
        desk.invoice("I5", issued=40, amount=-3),
        desk.invoice("I6", issued=40, customer_id="C0", amount=8),
    ]
    payments = [desk.payment("I2", paid=20, amount=7), desk.payment("I6", paid=20, amount=9)]
    frame = sales_between(
        desk.book(invoices=invoices, payments=payments), desk.as_of, after=desk.ago(60), until=desk.ago(30)
    )
    assert rows(frame) == [("C0", 8, 0), ("C1", 14, 7)]
    assert frame.dtypes.astype(str).tolist() == ["str", "int64", "Int64"]


def test_sales_are_unpaid_as_far_as_payments_were_known(desk):
    book = desk.book(invoices=[desk.invoice(issued=60)], payments=[desk.payment(paid=40, known=10)])
    span = {"after": desk.ago(61), "until": desk.ago(60)}
    assert rows(sales_between(book, desk.ago(11), **span)) == [("C1", 100, 100)]
    assert rows(sales_between(book, desk.ago(10), **span)) == [("C1", 100, 0)]


def test_sales_of_a_book_without_payments_are_known_and_what_is_unpaid_is_not(desk):
    book = desk.book(invoices=[desk.invoice(issued=60)])
    frame = sales_between(book, desk.as_of, after=desk.ago(90), until=desk.ago(0))
    assert frame["sales_amount"].tolist() == [100]
    assert frame["unpaid_amount"].isna().all()
    assert frame.dtypes.astype(str).tolist() == ["str", "int64", "Int64"]


def test_sales_of_a_book_without_invoices_are_none(desk):
    book = desk.book(facilities=[desk.facility(granted=9)])
    assert sales_between(book, desk.as_of, after=desk.ago(90), until=desk.ago(0)).empty


@pytest.mark.parametrize(("after", "until", "as_of"), [(30, 30, 0), (30, 60, 0), (60, 30, 31)])
def test_days_that_do_not_follow_each_other_are_refused(desk, after, until, as_of):
    with pytest.raises(ParameterError, match="do not follow each other"):
        sales_between(desk.book(), desk.ago(as_of), after=desk.ago(after), until=desk.ago(until))
