"""How the customer orders and pays, computed by hand."""

import math

import pytest


@pytest.fixture
def ledger(desk):
    """Three settled invoices: 5 days early, 10 and 40 days late, of 100, 300 and 200; one open; one credit note."""
    return {
        "invoices": [
            desk.invoice("I1", issued=80, amount=100),  # due 50 days ago
            desk.invoice("I2", issued=100, amount=300),  # due 70 days ago
            desk.invoice("I3", issued=250, amount=200),  # due 220 days ago
            desk.invoice("I4", issued=20, amount=400),  # due in 10 days
            desk.invoice("I5", issued=15, amount=-50),
        ],
        "payments": [
            desk.payment("I1", paid=55),
            desk.payment("I2", paid=75, amount=120),
            desk.payment("I2", paid=60, amount=180),
            desk.payment("I3", paid=180, amount=200),
        ],
    }


def test_delays_are_counted_from_the_due_day_to_the_last_payment(desk, ledger):
    names = ("delay_mean_90d_days", "delay_mean_365d_days", "delay_worst_90d_days", "delay_worst_365d_days")
    assert desk.features(*names, **ledger) == [2.5, 15.0, 10.0, 40.0]


def test_an_invoice_settled_180_days_ago_has_just_left_the_half_year(desk, ledger):
    names = ("delay_mean_180d_days", "delay_worst_180d_days")
    assert desk.features(*names, **ledger) == [(-5 + 10) / 2, 10]


def test_weighted_delays_follow_the_amounts(desk, ledger):
    (quarter, year) = desk.features("delay_weighted_90d_days", "delay_weighted_365d_days", **ledger)
    assert quarter == (-5 * 100 + 10 * 300) / 400
    assert year == (-5 * 100 + 10 * 300 + 40 * 200) / 600


def test_the_trend_is_the_recent_delay_less_the_older_one(desk, ledger):
    assert desk.features("delay_trend_days", **ledger) == [2.5 - 40.0]


def test_volatility_is_the_sample_deviation(desk, ledger):
    (volatility,) = desk.features("delay_volatility_365d_days", **ledger)
    assert volatility == pytest.approx(math.sqrt((20**2 + 5**2 + 25**2) / 2), rel=1e-15)


def test_shares_of_late_and_of_partial_payment_count_invoices(desk, ledger):
    names = ("late_share_365d_ratio", "late_30d_share_365d_ratio", "partial_payment_share_365d_ratio")
    assert desk.features(*names, "late_share_90d_ratio", **ledger) == [2 / 3, 1 / 3, 1 / 3, 1 / 2]


def test_payback_is_what_was_paid_by_the_due_day_over_what_fell_due(desk, ledger):
    names = ("payback_90d_ratio", "payback_180d_ratio", "payback_365d_ratio")
    assert desk.features(*names, **ledger) == [(100 + 120) / 400, (100 + 120) / 400, 220 / 600]


def test_overpaying_one_invoice_does_not_pay_back_another(desk):
    invoices = [desk.invoice("I1", issued=80), desk.invoice("I2", issued=80)]
    payments = [desk.payment("I1", paid=70, amount=500)]
    assert desk.features("payback_90d_ratio", "open_amount", invoices=invoices, payments=payments) == [0.5, 100.0]


def test_paying_days_run_from_the_issue(desk, ledger):
    assert desk.features("paying_days_365d_days", "since_payment_days", **ledger) == [(25 + 40 + 70) / 3, 55.0]


def test_orders_are_counted_without_credit_notes(desk, ledger):
    names = ("orders_90d_count", "orders_365d_count", "orders_90d_amount", "orders_365d_amount", "since_order_days")
    assert desk.features(*names, **ledger) == [2, 4, 500, 1000, 20]


def test_orders_compare_with_those_before(desk, ledger):
    names = ("orders_trend_ratio", "order_largest_share_365d_ratio", "credit_note_365d_ratio", "order_mean_365d_amount")
    assert desk.features(*names, **ledger) == [500 * 3 / 500, 0.4, 0.05, 250]


def test_terms_and_disputes_come_from_the_invoices(desk):
    invoices = [
        desk.invoice("I1", issued=10, term=60, disputed_flag=True),
        desk.invoice("I2", issued=200, term=30),
        desk.invoice("I3", issued=300, term=45, disputed_flag=False),
    ]
    names = ("term_mean_365d_days", "term_change_days", "disputed_365d_ratio")
    assert desk.features(*names, invoices=invoices) == [45, 60 - 37.5, 1 / 3]


def test_windows_end_with_the_day_itself_and_leave_out_the_day_before_they_begin(desk):
    invoices = [desk.invoice(f"I{age}", issued=age) for age in (0, 89, 90)]
    assert desk.features("orders_90d_count", invoices=invoices) == [2]


def test_without_invoices_counts_are_zero_and_means_missing(desk):
    names = (
        "orders_365d_count",
        "orders_365d_amount",
        "delay_mean_365d_days",
        "payback_365d_ratio",
        "since_order_days",
    )
    values = desk.features(*names, payments=[desk.payment("I0", paid=9)])
    assert values[:2] == [0, 0]
    assert all(math.isnan(value) for value in values[2:])


def test_a_corrected_payment_counts_once(desk):
    invoices = [desk.invoice("I1", issued=80)]
    payments = [
        desk.payment("I1", paid=60, amount=30, payment_id="P"),
        desk.payment("I1", paid=45, amount=100, payment_id="P", known=40),
    ]
    assert desk.features("delay_mean_90d_days", "open_amount", invoices=invoices, payments=payments) == [5, 0]


def test_a_payment_that_was_booked_on_another_invoice_leaves_the_first(desk):
    invoices = [desk.invoice("I1", issued=80), desk.invoice("I2", issued=80, amount=70)]
    payments = [
        desk.payment("I1", paid=60, payment_id="P"),
        desk.payment("I2", paid=60, amount=100, payment_id="P", known=40),
    ]
    assert desk.features("open_amount", "open_count", invoices=invoices, payments=payments) == [100, 1]


def test_an_invoice_that_was_booked_on_another_customer_leaves_the_first(desk):
    invoices = [desk.invoice("I1", issued=80), desk.invoice("I1", issued=80, customer_id="C0", known_on=desk.ago(5))]
    assert desk.features("orders_365d_count", invoices=invoices) == [0]
