"""The customer against its own rhythm and its own past, computed by hand."""

import math

import pytest


@pytest.fixture
def invoices(desk):
    """Four orders in the last two years, 30, 60 and 30 days apart; one long before; one credit note."""
    issued = {"I1": 10, "I2": 40, "I3": 100, "I4": 130, "I5": 800}
    orders = [desk.invoice(name, issued=days) for name, days in issued.items()]
    return [*orders, desk.invoice("I6", issued=5, amount=-20)]


def test_the_gap_is_the_mean_of_those_of_two_years_and_silence_is_measured_by_it(desk, invoices):
    names = ("order_gap_mean_730d_days", "order_silence_ratio")
    gap = (30 + 60 + 30) / 3
    assert desk.features(*names, invoices=invoices) == [gap, 10 / gap]


def test_one_order_has_no_rhythm_and_two_of_one_day_have_no_gap_to_be_silent_against(desk):
    names = ("order_gap_mean_730d_days", "order_silence_ratio")
    invoices = [desk.invoice("I1", issued=10)]
    assert all(math.isnan(value) for value in desk.features(*names, invoices=invoices))
    gap, silence = desk.features(*names, invoices=[*invoices, desk.invoice("I2", issued=10)])
    assert gap == 0
    assert math.isnan(silence)


def test_silence_of_payment_is_measured_by_the_gaps_between_last_payments_while_something_is_owed(desk, invoices):
    paid = {"I1": 5, "I2": 20, "I3": 50, "I4": 110}
    payments = [desk.payment(name, paid=days) for name, days in paid.items()]
    later = [desk.payment("I1", paid=2, amount=1)]  # the last payment on the first invoice
    owing = {"invoices": invoices, "payments": payments + later}
    assert desk.features("payment_silence_ratio", **owing) == [2 / ((110 - 2) / 3)]
    even = owing["payments"] + [desk.payment("I5", paid=1)]
    assert desk.features("payment_silence_ratio", invoices=invoices, payments=even) == [0]


def test_turnover_is_compared_with_the_same_90_days_of_the_year_before(desk):
    amounts = {30: 500, 89: 100, 90: 999, 364: 999, 365: 200, 454: 100, 455: 50}
    invoices = [desk.invoice(f"I{days}", issued=days, amount=amount) for days, amount in amounts.items()]
    assert desk.features("orders_seasonal_trend_ratio", invoices=invoices) == [600 / 300]
    (trend,) = desk.features("orders_seasonal_trend_ratio", invoices=invoices[:-1])
    assert math.isnan(trend)  # nothing tells whether the customer ordered on all of those 90 days


def test_an_invoice_is_void_when_its_current_version_asks_for_nothing(desk):
    invoices = [desk.invoice(f"I{number}", issued=100 + number) for number in range(4)]
    void = desk.invoice("I1", issued=101, amount=0, known_on=desk.ago(90))
    not_yet = desk.invoice("I2", issued=102, amount=0, known_on=desk.ago(-1))
    credit = desk.invoice("I9", issued=50, amount=-10)
    assert desk.features("void_365d_ratio", invoices=[*invoices, void, not_yet, credit]) == [1 / 4]


def test_a_void_invoice_is_neither_an_order_nor_owed(desk):
    invoices = [desk.invoice("I1", issued=60), desk.invoice("I1", issued=60, amount=0, known_on=desk.ago(40))]
    names = ("orders_365d_count", "open_amount", "overdue_count", "roll_current_ratio")
    *nothing, rolled = desk.features(*names, invoices=invoices, payments=[])
    assert nothing == [0, 0, 0]
    assert math.isnan(rolled)
