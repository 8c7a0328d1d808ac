"""What a book says of its own past: whether it stands, and what was added to it."""

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from creditscore.book import TABLES, Book


def payments(*days):
    contract = TABLES["payments"]
    rows = [
        {"payment_id": f"P{day:%m%d}", "invoice_id": "I1", "paid_on": day, "amount": 5, "known_on": day} for day in days
    ]
    return pa.Table.from_pylist(rows, contract.schema)


JANUARY, MARCH, MAY, JUNE = (date(2024, month, 1) for month in (1, 3, 5, 6))


@pytest.fixture
def book(tmp_path):
    return Book.create(tmp_path, currency="CNY").write({"payments": payments(JANUARY)})


def grown(book, day, *before):
    return book.write({"payments": payments(*before, day)}, added={"payments": payments(day)})


def test_the_past_of_an_unchanged_table_stands_for_ever(book):
    assert book.learned_since("payments", book.files["payments"]) == date.max
    assert book.added_since("payments", book.files["payments"]) == []


def test_additions_are_followed_from_file_to_file(book):
    first = book.files["payments"]
    later = Book.open(grown(grown(book, MAY, JANUARY), JUNE, JANUARY, MAY).folder)
    assert later.learned_since("payments", first) == MAY
    rows = [pq.read_table(path)["known_on"].to_pylist() for path in later.added_since("payments", first)]
    assert rows == [[MAY], [JUNE]]


def test_the_earliest_addition_decides(book):
    first = book.files["payments"]
    later = grown(grown(book, MAY, JANUARY), MARCH, JANUARY, MAY)
    assert later.learned_since("payments", first) == MARCH


def test_the_past_of_a_table_that_was_replaced_does_not_stand(book):
    first = book.files["payments"]
    replaced = book.write({"payments": payments(JANUARY, MAY)})
    assert replaced.learned_since("payments", first) == date.min
    assert replaced.added_since("payments", first) is None


def test_a_table_that_came_later_has_no_past(book):
    assert book.learned_since("invoices", None) == date.max
    assert book.learned_since("payments", None) == date.min


def test_the_last_day_known_is_read_from_the_file(book):
    assert grown(book, JUNE, JANUARY).last_known("payments") == JUNE
    assert book.last_known("invoices") == date.min
