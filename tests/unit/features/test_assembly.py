"""Rows that are put together on the engine are those that are put together here; no cluster is needed to tell."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from creditscore.book import Book
from creditscore.domain import Family
from creditscore.features import catalogue, panel
from creditscore.features.assembly import feature_rows, gathered, known_customers

DAYS = [date(2022, 9, 30), date(2023, 1, 31)]


@pytest.fixture(scope="module")
def book(template):
    return Book.open(template.book)


def test_feature_rows_in_one_expression_are_the_panel(book):
    expected = panel(book, days=DAYS)
    with book.relations() as relations:
        found = gathered(relations, expected[["customer_id", "as_of"]], catalogue())
    pd.testing.assert_frame_equal(found, expected, check_exact=True)


@pytest.mark.parametrize("days", [DAYS, DAYS[:1]])
def test_the_engine_knows_the_population_itself(book, days):
    some = [one for one in catalogue() if one.family is Family.EVENTS]
    with book.relations() as relations:
        rows = feature_rows(relations, known_customers(relations, days), days=days, features=some)
        found = relations.fetch(rows.order_by("customer_id", "as_of")).to_pandas()
    expected = panel(book, days=days, features=some)
    assert found["customer_id"].tolist() == expected["customer_id"].tolist()
    for one in some:
        np.testing.assert_array_equal(found[one.name], expected[one.name])


def test_a_feature_without_its_tables_is_a_missing_column(book, tmp_path):
    bare = Book.create(tmp_path, currency=book.currency).write(
        {name: book.read(name) for name in ("customers", "invoices")}
    )
    some = [one for one in catalogue() if one.family in {Family.EVENTS, Family.PROFILE}]
    with bare.relations() as relations:
        rows = feature_rows(relations, known_customers(relations, DAYS), days=DAYS, features=some)
        found = relations.fetch(rows).to_pandas()
    assert list(found.columns) == ["customer_id", "as_of", *(one.name for one in some)]
    assert found["default_events_count"].isna().all()
    assert found["cooperation_years"].notna().all()
