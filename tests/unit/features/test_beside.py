"""A customer alone in its book, beside peers of whom only the sums are known."""

import pandas as pd
import pytest

from creditscore.features import named, observe
from creditscore.features.beside import OtherCustomers, beside, industry_totals, peer_totals

NAMES = (
    "overdue_gap_ratio",
    "delay_gap_days",
    "payback_gap_ratio",
    "orders_trend_gap_ratio",
    "peers_defaulted_365d_ratio",
    "overdue_ratio",
)
FEATURES = [named(name) for name in NAMES]


def member(desk, customer_id, industry_code):
    return {"customer_id": customer_id, "industry_code": industry_code, "known_on": desk.ago(100)}


@pytest.fixture
def tables(desk):
    """C1 and two peers with all that the features compare, and a customer of another industry."""
    bills = [("C1", 300, 40, None), ("C1", 200, 120, 80), ("C2", 150, 50, None), ("C3", 350, 150, 100)]
    bills += [("C3", 250, 45, None), ("C4", 999, 60, None), ("C2", 70, 200, 170)]
    numbered = [(f"I{place}", *bill) for place, bill in enumerate(bills)]
    return {
        "customers": [member(desk, one, "A") for one in ("C1", "C2", "C3")] + [member(desk, "C4", "B")],
        "invoices": [
            desk.invoice(number, customer_id=who, issued=issued, amount=amount)
            for number, who, amount, issued, _ in numbered
        ],
        "payments": [desk.payment(number, paid=paid, amount=amount) for number, _, amount, _, paid in numbered if paid],
        "events": [desk.event("E1", occurred=30, kind="default", customer_id="C2")],
    }


def row(desk, book, features):
    pair = pd.DataFrame({"customer_id": ["C1"], "as_of": [pd.Timestamp(desk.as_of)]})
    return observe(book, pair, features=features)


def alone(tables):
    """Return the rows of C1 alone."""
    own = {name: [one for one in rows if one.get("customer_id") == "C1"] for name, rows in tables.items()}
    numbers = {one["invoice_id"] for one in own["invoices"]}
    return own | {"payments": [one for one in tables["payments"] if one["invoice_id"] in numbers]}


def test_alone_beside_the_sums_of_its_peers_a_customer_has_the_features_of_the_whole_book(desk, tables):
    book = desk.book(**tables)
    expected, totals = row(desk, book, FEATURES), peer_totals(book, customer_id="C1", as_of=desk.as_of)
    found = row(desk, desk.book(**alone(tables)), beside(FEATURES, {"C1": OtherCustomers(totals)}))
    pd.testing.assert_frame_equal(found, expected, check_exact=True)
    assert expected[list(NAMES)].notna().all(axis=None)


def test_totals_are_those_of_the_peers_without_the_customer(desk, tables):
    totals = peer_totals(desk.book(**tables), customer_id="C1", as_of=desk.as_of)
    assert (totals["member_count"], totals["open_amount"], totals["defaulted_count"]) == (2, 400, 1)


def test_without_an_industry_code_there_are_no_peers_and_no_gaps(desk, tables):
    tables["customers"][0]["industry_code"] = None
    book = desk.book(**tables)
    totals = peer_totals(book, customer_id="C1", as_of=desk.as_of)
    found = row(desk, desk.book(**alone(tables)), beside(FEATURES, {"C1": OtherCustomers(totals)}))
    assert totals is None
    assert found[list(NAMES[:5])].isna().all(axis=None)
    pd.testing.assert_frame_equal(found, row(desk, book, FEATURES), check_exact=True)


def test_a_table_that_the_book_lacks_leaves_its_gaps_missing(desk, tables):
    del tables["events"]
    totals = peer_totals(desk.book(**tables), customer_id="C1", as_of=desk.as_of)
    found = row(desk, desk.book(**alone(tables)), beside(FEATURES, {"C1": OtherCustomers(totals)}))
    assert totals["defaulted_count"] is None
    assert found["peers_defaulted_365d_ratio"].isna().all()


def test_features_of_the_customer_alone_are_as_they_were():
    assert beside(FEATURES[-1:], {}) == tuple(FEATURES[-1:])


@pytest.mark.parametrize("lacking", [None, "events"])
def test_an_industry_without_a_customer_of_the_same_book_is_its_peers(desk, tables, lacking):
    tables.pop(lacking, None)
    book = desk.book(**tables)
    expected = row(desk, book, FEATURES)
    industries = industry_totals(book, as_of=desk.as_of)
    stranger = [one | {"customer_id": "new"} for one in tables["customers"] if one["customer_id"] == "C1"]
    small = alone(tables) | {"customers": [*alone(tables)["customers"], *stranger]}
    others = {
        "C1": OtherCustomers(industries.of("A"), without="C1"),
        "new": OtherCustomers(industries.of("A")),
    }
    pairs = pd.DataFrame({"customer_id": ["C1", "new"], "as_of": [pd.Timestamp(desk.as_of)] * 2})
    found = observe(desk.book(**small), pairs, features=beside(FEATURES, others))
    pd.testing.assert_frame_equal(found.iloc[:1], expected, check_exact=True)
    told = tables["customers"] + stranger
    beside_all = observe(desk.book(**tables | {"customers": told}), pairs, features=FEATURES)
    pd.testing.assert_frame_equal(found.iloc[1:], beside_all.iloc[1:], check_exact=True)


def test_an_industry_that_nobody_is_known_under_has_no_sum_but_of_tables_that_the_book_lacks(desk, tables):
    del tables["events"]
    industries = industry_totals(desk.book(**tables), as_of=desk.as_of)
    assert industries.of(None) is None
    assert (industries.of("Z")["member_count"], industries.of("Z")["defaulted_count"]) == (0, None)
    assert (industries.of("A")["member_count"], industries.of("A")["defaulted_count"]) == (3, None)
