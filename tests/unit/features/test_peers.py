"""The customer beside the other customers of its industry, computed by hand."""

import math

import pytest

from creditscore.features import named, observe, panel

NAMES = (
    "overdue_gap_ratio",
    "delay_gap_days",
    "payback_gap_ratio",
    "orders_trend_gap_ratio",
    "peers_defaulted_365d_ratio",
)


def member(desk, customer_id, industry_code, known=100):
    return {"customer_id": customer_id, "industry_code": industry_code, "known_on": desk.ago(known)}


@pytest.fixture
def tables(desk):
    """C1, C2 and C3 are of one industry; C4 is of another, C5 comes tomorrow, C6 has moved away."""
    known = [member(desk, "C1", "A"), member(desk, "C2", "A"), member(desk, "C3", "A"), member(desk, "C4", "B")]
    moved = [member(desk, "C5", "A", -1), member(desk, "C6", "A", 100), member(desk, "C6", "B", 9)]
    bills = (  # customer, amount, days since the issue (30 before the due day), days since the payment
        ("C1", 100, 20, None),  # open, not due
        ("C1", 300, 40, None),  # open, past due
        ("C1", 200, 120, 80),  # 10 days late
        ("C2", 600, 20, None),
        ("C2", 150, 50, None),
        ("C2", 250, 200, 170),  # on the due day
        ("C3", 50, 45, None),
        ("C3", 350, 150, 100),  # 20 days late
        ("C3", 100, 160, 140),  # 10 days early
        ("C4", 999, 60, None),
        ("C6", 999, 70, None),
    )
    ids = [f"I{place}" for place in range(len(bills))]
    return {
        "customers": known + moved,
        "invoices": [
            desk.invoice(name, customer_id=who, issued=issued, amount=amount)
            for name, (who, amount, issued, _) in zip(ids, bills, strict=True)
        ],
        "payments": [
            desk.payment(name, paid=paid, amount=amount)
            for name, (_, amount, _, paid) in zip(ids, bills, strict=True)
            if paid is not None
        ],
        "events": [
            desk.event("E1", occurred=30, kind="write_off", customer_id="C2"),
            desk.event("E2", occurred=20, kind="default", customer_id="C2"),
            desk.event("E3", occurred=400, kind="default", customer_id="C3"),
            desk.event("E4", occurred=10, kind="default", customer_id="C4"),
            desk.event("E5", occurred=10, kind="litigation", customer_id="C3"),
        ],
    }


def test_overdue_shares_are_compared_with_that_of_all_the_others_together(desk, tables):
    (gap,) = desk.features("overdue_gap_ratio", **tables)
    assert gap == 300 / (100 + 300) - (150 + 50) / (600 + 150 + 50)


def test_delays_are_compared_invoice_by_invoice(desk, tables):
    (gap,) = desk.features("delay_gap_days", **tables)
    assert gap == 10 / 1 - (0 + 20 - 10) / 3


def test_paybacks_are_compared_by_what_fell_due(desk, tables):
    (gap,) = desk.features("payback_gap_ratio", **tables)
    # Of what the others were to pay, 250 came on its due day and 100 before.
    assert gap == 0 / (300 + 200) - (250 + 100) / (150 + 250 + 50 + 350 + 100)


def test_trends_of_orders_are_compared(desk, tables):
    (gap,) = desk.features("orders_trend_gap_ratio", **tables)
    own, others = (100 + 300) * 3 / 200, (600 + 150 + 50) * 3 / (250 + 350 + 100)
    assert gap == own - others


def test_the_others_who_defaulted_within_a_year_are_counted_once_each(desk, tables):
    assert desk.features("peers_defaulted_365d_ratio", **tables) == [1 / 2]


def test_the_order_of_the_rows_does_not_matter(desk, tables):
    turned = {name: rows[::-1] for name, rows in tables.items()}
    assert desk.features(*NAMES, **tables) == desk.features(*NAMES, **turned)


def test_a_customer_without_industry_or_without_peers_is_compared_with_nobody(desk, tables):
    alone = tables | {"customers": [member(desk, "C1", "Z"), *tables["customers"][1:]]}
    assert all(math.isnan(value) for value in desk.features(*NAMES, **alone))
    unknown = tables | {"customers": tables["customers"][1:]}
    assert all(math.isnan(value) for value in desk.features(*NAMES, **unknown))


def test_without_payments_or_events_what_needs_them_is_missing(desk, tables):
    rest = {name: rows for name, rows in tables.items() if name not in {"payments", "events"}}
    found = dict(zip(NAMES, desk.features(*NAMES, **rest), strict=True))
    assert [name for name in NAMES if not math.isnan(found[name])] == ["orders_trend_gap_ratio"]


def test_one_observed_customer_is_compared_with_peers_that_are_not_observed(desk, tables):
    features = tuple(named(name) for name in NAMES)
    book = desk.book(**tables)
    whole = panel(book, days=[desk.as_of, desk.ago(15)], features=features)
    own = whole[whole["customer_id"] == "C1"].reset_index(drop=True)
    found = observe(book, own[["customer_id", "as_of"]], features=features)
    assert found.equals(own)
