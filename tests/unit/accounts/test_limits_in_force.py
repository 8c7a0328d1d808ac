"""Limits in force: what a customer was granted last, while it lasts."""

import pandas as pd
import pytest

from creditscore.accounts import limits_in_force


@pytest.fixture
def limits(desk):
    def read(*facilities, as_of=desk.as_of):
        frame = limits_in_force(desk.book(facilities=list(facilities)), as_of)
        return [tuple(None if pd.isna(value) else value for value in row) for row in frame.itertuples(index=False)]

    return read


def test_a_renewal_replaces_the_facility_that_it_overlaps(desk, limits):
    old = desk.facility("F1", granted=370, lasts=385, limit_amount=500, term_days=90)
    new = desk.facility("F2", granted=5, lasts=385, limit_amount=600, term_days=60)
    assert limits(old, new) == [("C1", 600, 60)]


def test_a_renewal_that_is_only_asked_for_replaces_nothing(desk, limits):
    old = desk.facility("F1", granted=370, lasts=385, limit_amount=500, term_days=90)
    asked = desk.facility("F2", granted=None, known=5, requested_amount=600)
    assert limits(old, asked) == [("C1", 500, 90)]


def test_the_old_limit_holds_until_the_renewal_is_known(desk):
    old = desk.facility("F1", granted=370, lasts=385, limit_amount=500, term_days=90)
    asked = desk.facility("F2", granted=None, known=20, requested_amount=600)
    new = desk.facility("F2", granted=9, known=5, limit_amount=600, term_days=60)
    book = desk.book(facilities=[old, asked, new])
    assert limits_in_force(book, desk.ago(6))["limit_amount"].tolist() == [500]
    assert limits_in_force(book, desk.ago(5))["limit_amount"].tolist() == [600]


def test_a_renewal_that_has_expired_first_gives_way_to_what_still_lasts(desk, limits):
    lasting = desk.facility("F1", granted=100, lasts=365, limit_amount=500)
    short = desk.facility("F2", granted=50, lasts=49, limit_amount=600)
    assert limits(lasting, short) == [("C1", 500, None)]


def test_facilities_granted_on_one_day_add_up_and_the_longest_term_holds(desk, limits):
    facilities = [
        desk.facility("F1", granted=5, limit_amount=500, term_days=30),
        desk.facility("F2", granted=5, limit_amount=70, term_days=60),
        desk.facility("F3", granted=5),
    ]
    assert limits(*facilities) == [("C1", 570, 60)]


@pytest.mark.parametrize("purpose", ["bulk_purchase", "term_extension"])
def test_a_facility_for_one_occasion_is_no_limit(desk, limits, purpose):
    assert limits(desk.facility(granted=5, limit_amount=500, purpose=purpose)) == []


@pytest.mark.parametrize(("lasts", "held"), [(4, []), (5, [("C1", 500, 30)])])
def test_a_facility_lasts_to_its_last_day(desk, limits, lasts, held):
    assert limits(desk.facility(granted=5, lasts=lasts, limit_amount=500, term_days=30)) == held


def test_a_facility_without_a_last_day_lasts(desk, limits):
    assert limits(desk.facility(granted=5, expires_on=None, limit_amount=500)) == [("C1", 500, None)]


def test_a_facility_that_names_no_limit_leaves_it_missing(desk, limits):
    assert limits(desk.facility(granted=5, term_days=30)) == [("C1", None, 30)]


def test_customers_are_sorted_and_limits_of_any_size_are_exact(desk, limits):
    facilities = [
        desk.facility("F1", granted=5, customer_id="C2", limit_amount=2**53 + 1),
        desk.facility("F2", granted=5, term_days=30),
    ]
    assert limits(*facilities) == [("C1", None, 30), ("C2", 2**53 + 1, None)]


def test_a_book_without_facilities_has_no_limits(desk):
    frame = limits_in_force(desk.book(invoices=[desk.invoice(issued=9)]), desk.as_of)
    assert frame.empty
    assert frame.dtypes.astype(str).to_dict() == {"customer_id": "str", "limit_amount": "Int64", "term_days": "Int64"}
