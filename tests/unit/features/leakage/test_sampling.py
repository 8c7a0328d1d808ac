"""A part of a book says of its customers what the whole book says."""

from datetime import date

import pandas as pd
import pytest

from creditscore.book import TABLES, Book
from creditscore.features import Peers, catalogue, snapshot
from creditscore.features.leakage.sampling import drawn, part_of

AS_OF = date(2022, 12, 31)


@pytest.fixture(scope="module")
def book(template):
    return Book.open(template.book)


def test_the_customers_drawn_have_the_features_that_they_have_in_the_whole_book(book, tmp_path):
    own = [one for one in catalogue() if one.relation is not Peers]  # the others of an industry are not all drawn
    whole = snapshot(book, as_of=AS_OF, features=own)
    people = drawn(whole["customer_id"], 25, seed=1)
    part = Book.create(tmp_path, currency=book.currency).write(
        part_of({name: book.read(name) for name in TABLES}, people)
    )
    found = snapshot(part, as_of=AS_OF, features=own)
    assert 25 <= len(found) < len(whole)
    pd.testing.assert_frame_equal(
        found[found["customer_id"].isin(people)].reset_index(drop=True),
        whole[whole["customer_id"].isin(people)].reset_index(drop=True),
        check_exact=True,
    )


def test_a_draw_of_more_than_there_are_gives_all():
    people = pd.Series(["C1", "C2"])
    assert drawn(people, 5, seed=0).tolist() == ["C1", "C2"]


def test_a_part_of_a_book_with_few_tables_has_the_same_tables(book):
    few = {name: book.read(name) for name in ("customers", "invoices", "macro")}
    part = part_of(few, pd.Series(["C0000001"]))
    assert list(part) == ["customers", "invoices", "macro"]
    assert set(part["invoices"]["customer_id"].to_pylist()) == {"C0000001"}
    assert part["macro"].equals(few["macro"])
