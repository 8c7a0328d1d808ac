"""A replay sees the book as it was known on the day: late postings, corrections, and what claims to have been known."""

from datetime import date

import pytest

from creditscore.book import Book, fates_since
from creditscore.book.earlier import TableFate, book_as_seen
from creditscore.features import snapshot, snapshot_hash

LEDGER = [
    "number,customer,issued,due,amount",
    "I1,C1,2024-01-05,2024-02-04,100.00",
    "I2,C1,2024-02-05,2024-03-06,60.00",
]
ISSUED, DAY, LATER = date(2024, 2, 5), date(2024, 3, 31), date(2024, 4, 9)


@pytest.fixture
def post(post_office, sales):
    post = post_office()
    post.receive(LEDGER, sales, on=ISSUED)
    return post


def test_an_invoice_that_is_ingested_late_with_an_early_day_of_knowledge_does_not_move_the_book_as_it_was(post, sales):
    seen = Book.open(post.root / "book")
    before = snapshot_hash(snapshot(seen, as_of=DAY))
    late = [LEDGER[0], "I0,C1,2024-01-04,2024-02-03,900.00"]  # its mapping says that it was known when it was issued
    book = post.receive(late, sales, on=LATER)
    assert snapshot_hash(snapshot(book, as_of=DAY)) != before
    assert fates_since(book, seen.files, as_of=DAY)["invoices"] is TableFate.GREW
    with book_as_seen(book, seen.files, as_of=DAY) as then:
        assert snapshot_hash(snapshot(then, as_of=DAY)) == before


def test_a_correction_that_arrives_later_leaves_the_book_as_it_was(post, sales):
    seen = Book.open(post.root / "book")
    before = snapshot_hash(snapshot(seen, as_of=DAY))
    book = post.receive([LEDGER[0], "I2,C1,2024-02-05,2024-03-06,25.00"], sales, on=LATER)
    assert book.files["invoices"] != seen.files["invoices"]
    assert fates_since(book, seen.files, as_of=DAY)["invoices"] is TableFate.STANDS
    with book_as_seen(book, seen.files, as_of=DAY) as then:
        assert snapshot_hash(snapshot(then, as_of=DAY)) == before
