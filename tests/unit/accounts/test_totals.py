"""What is owed and sold in total is the sum over the customers, for each of several days at once."""

from itertools import pairwise

import pandas as pd
import pytest

from creditscore.accounts import ageing, open_totals, sales_between, sales_totals
from creditscore.book import Book
from creditscore.domain import month_ends
from creditscore.errors import ParameterError


@pytest.fixture(scope="module")
def book(template):
    return Book.open(template.book)


@pytest.fixture(scope="module")
def ends(book):
    return month_ends(*book.known_days())


def test_open_totals_are_the_sums_of_the_ageing_of_each_day(book, ends):
    each = [ageing(book, end).assign(as_of=pd.Timestamp(end).as_unit("ms")) for end in ends]
    summed = pd.concat(each).groupby(["as_of", "bucket"], as_index=False)["open_amount"].sum()
    assert len(summed) > len(ends)
    pd.testing.assert_frame_equal(open_totals(book, ends), summed)


def test_sales_totals_are_the_sums_of_the_sales_between_each_pair_of_days(book, ends):
    sold = {
        until: int(sales_between(book, until, after=after, until=until)["sales_amount"].sum())
        for after, until in pairwise(ends)
    }
    found = sales_totals(book, ends)
    assert dict(zip(found["until"].dt.date, found["sales_amount"], strict=True)) == {
        until: amount for until, amount in sold.items() if amount
    }


def test_a_later_day_does_not_tell_of_an_earlier_one(desk):
    invoice = desk.invoice("I1", issued=60)
    book = desk.book(invoices=[invoice], payments=[desk.payment("I1", paid=40, known=10)])
    found = open_totals(book, [desk.ago(11), desk.ago(10)])
    assert found["as_of"].dt.date.tolist() == [desk.ago(11)]


def test_without_payments_nobody_knows_what_is_open(desk):
    assert open_totals(desk.book(invoices=[desk.invoice(issued=40)]), [desk.as_of]).empty


def test_a_single_day_has_no_sales_between(desk):
    assert sales_totals(desk.book(invoices=[desk.invoice(issued=40)], payments=[]), [desk.as_of]).empty


def test_bounds_that_do_not_rise_are_refused(desk):
    with pytest.raises(ParameterError, match="not whole days that rise"):
        open_totals(desk.book(), [desk.as_of], bounds=(30, 0))
