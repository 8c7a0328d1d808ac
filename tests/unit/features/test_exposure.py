"""What the customer owes, may owe and asks for, computed by hand."""

import math

import pytest


@pytest.fixture
def ledger(desk):
    """Open: 100 not due, 60 of 160 due 10 days ago, 200 due 45, 40 due 75 and disputed, 100 due 200 days ago."""
    return {
        "invoices": [
            desk.invoice("I1", issued=20, amount=100),
            desk.invoice("I2", issued=40, amount=160),
            desk.invoice("I3", issued=75, amount=200),
            desk.invoice("I4", issued=105, amount=40, disputed_flag=True),
            desk.invoice("I5", issued=230, amount=100),
        ],
        "payments": [desk.payment("I2", paid=5, amount=100)],
    }


def test_balances_are_what_is_not_yet_paid(desk, ledger):
    names = ("open_amount", "overdue_amount", "overdue_ratio", "open_count", "overdue_count")
    assert desk.features(*names, **ledger) == [500, 400, 0.8, 5, 4]


def test_ageing_splits_the_balance(desk, ledger):
    names = ("overdue_1_30d_ratio", "overdue_31_60d_ratio", "overdue_61_90d_ratio", "overdue_91d_ratio")
    assert desk.features(*names, **ledger) == [60 / 500, 200 / 500, 40 / 500, 100 / 500]


def test_the_oldest_and_the_mean_days_past_due(desk, ledger):
    (oldest, mean) = desk.features("overdue_oldest_days", "overdue_weighted_days", **ledger)
    assert (oldest, mean) == (200, (60 * 10 + 200 * 45 + 40 * 75 + 100 * 200) / 500)


def test_shares_of_the_largest_and_of_disputes(desk, ledger):
    names = ("open_largest_share_ratio", "disputed_open_ratio", "open_to_order_ratio")
    assert desk.features(*names, **ledger) == [0.4, 0.08, 500 / 600]


def test_what_is_past_due_and_disputed_is_left_out_of_what_nobody_disputes(desk, ledger):
    assert desk.features("overdue_undisputed_ratio", **ledger) == [(60 + 200 + 100) / 500]


def test_an_invoice_is_not_past_due_on_its_due_day(desk):
    invoices = [desk.invoice("I1", issued=30, term=30)]
    assert desk.features("overdue_amount", "open_amount", invoices=invoices, payments=[]) == [0, 100]


def test_credit_notes_are_not_set_off(desk):
    invoices = [desk.invoice("I1", issued=20), desk.invoice("I2", issued=10, amount=-70)]
    assert desk.features("open_amount", "open_count", invoices=invoices, payments=[]) == [100, 1]


def test_without_a_table_of_payments_the_balance_is_missing(desk):
    (balance, orders) = desk.features("open_amount", "orders_365d_count", invoices=[desk.invoice("I1", issued=20)])
    assert math.isnan(balance)
    assert orders == 1


@pytest.fixture
def facilities(desk):
    """One in force, one expired, a bulk purchase declined long ago and an extension asked for five days ago."""
    return [
        desk.facility("F1", known=400, requested_amount=1000, requested_term_days=30),
        desk.facility("F1", known=390, granted=391, requested_amount=1000, requested_term_days=30)
        | {"limit_amount": 800, "term_days": 45},
        desk.facility("F2", known=500, granted=500, limit_amount=5000, expires_on=desk.ago(1)),
        desk.facility("F3", known=100, purpose="bulk_purchase", requested_amount=2000),
        desk.facility("F4", known=5, purpose="term_extension", requested_amount=600, requested_term_days=90),
    ]


def test_limits_in_force_are_summed(desk, facilities):
    names = ("limit_amount", "facilities_count", "term_longest_days")
    assert desk.features(*names, facilities=facilities) == [800, 1, 45]


def test_the_latest_request_is_the_one_that_became_known_last(desk, facilities):
    names = ("requested_amount", "requested_term_days", "since_request_days", "requested_growth_ratio")
    assert desk.features(*names, facilities=facilities) == [600, 90, 5, 600 / 1500]


def test_requests_are_counted_by_purpose(desk, facilities):
    names = ("requests_365d_count", "bulk_requests_365d_count", "extension_requests_365d_count")
    assert desk.features(*names, facilities=facilities) == [2, 1, 1]


def test_a_request_without_an_answer_counts_as_not_granted_after_a_month(desk, facilities):
    assert desk.features("ungranted_requests_365d_count", facilities=facilities) == [1]


def test_a_grant_does_not_make_a_request_younger(desk, facilities):
    later = [desk.facility("F3", known=2, granted=2, purpose="bulk_purchase", requested_amount=2000)]
    assert desk.features("since_request_days", facilities=facilities + later) == [5]


def test_limits_and_requests_are_compared_with_the_balance_and_with_orders(desk, ledger, facilities):
    names = (
        "limit_utilization_ratio",
        "requested_to_limit_ratio",
        "requested_to_orders_ratio",
        "limit_to_orders_ratio",
    )
    values = desk.features(*names, facilities=facilities, **ledger)
    assert values == [500 / 800, 600 / 800, 600 / 600, 800 / 600]


def test_guarantees_and_owners_are_counted_from_the_customers_end(desk):
    links = [
        desk.link("C1", "C2", "guarantees", amount=300),
        desk.link("C1", "C3", "guarantees", amount=200, until_on=desk.ago(1)),
        desk.link("C3", "C1", "guarantees", amount=900),
        desk.link("C3", "C1", "owns", share_ratio=0.6),
        desk.link("C1", "C4", "controls", since_on=desk.ago(-10)),
        desk.link("C1", "C1", "affiliated"),
    ]
    names = ("guarantees_given_count", "guarantees_given_amount", "guarantees_taken_count", "owners_count")
    assert desk.features(*names, "holdings_count", "neighbors_count", links=links) == [1, 300, 1, 1, 0, 2]


def test_guarantees_are_compared_with_orders(desk):
    links = [desk.link("C1", "C2", "guarantees", amount=300)]
    values = desk.features("guarantees_to_orders_ratio", links=links, invoices=[desk.invoice("I1", issued=9)])
    assert values == [3.0]


def test_concentration_is_the_sum_of_squared_shares(desk):
    links = [
        desk.link("C1", "C2", "supplies", amount=100),
        desk.link("C1", "C3", "supplies", amount=300),
        desk.link("C1", "C4", "supplies", amount=900, until_on=desk.ago(1)),
        desk.link("C1", "C5", "guarantees", amount=900),
        desk.link("C6", "C1", "supplies", amount=50),
    ]
    names = ("buyer_concentration_ratio", "supplier_concentration_ratio")
    assert desk.features(*names, links=links) == [0.25**2 + 0.75**2, 1]


def test_concentration_is_exact_where_squares_need_more_than_64_bits_and_missing_without_an_amount(desk):
    links = [desk.link("C1", f"C{number}", "supplies", amount=2**52) for number in range(2, 6)]
    links.append(desk.link("C2", "C1", "supplies"))
    buyers, suppliers = desk.features("buyer_concentration_ratio", "supplier_concentration_ratio", links=links)
    assert buyers == 4 * 0.25**2
    assert math.isnan(suppliers)
