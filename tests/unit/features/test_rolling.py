"""How the balance moves through its ageing, computed by hand."""

import math

import pytest


def ledger(desk, *bills):
    """Return invoices with a term of 30 days: amount, days since the due day, days since they were paid in full."""
    invoices = [desk.invoice(f"I{n}", issued=due + 30, amount=amount) for n, (amount, due, _) in enumerate(bills)]
    paid = [(n, amount, days) for n, (amount, _, days) in enumerate(bills) if days is not None]
    payments = [desk.payment(f"I{n}", paid=days, amount=amount) for n, amount, days in paid]
    return {"invoices": invoices, "payments": payments}


def test_what_fell_due_in_the_month_rolls_when_it_is_still_open(desk):
    tables = ledger(desk, (100, 20, None), (300, 10, 5), (200, 15, 30), (500, 0, None), (900, 31, None))
    # 100 stays open and 300 was paid since; 200 was paid on the day 30 days ago; 500 falls due today, 900 fell before.
    tables["invoices"].append(desk.invoice("new", issued=29, term=10, amount=400))  # not yet issued 30 days ago
    assert desk.features("roll_current_ratio", **tables) == [100 / (100 + 300)]


def test_each_bucket_of_30_days_ago_rolls_into_the_next(desk):
    tables = ledger(
        desk,
        *((100, 31, None), (300, 60, 29)),  # 1 to 30 days past due a month ago: one stayed, one was paid
        *((200, 61, None), (200, 90, None), (400, 75, 1)),
        *((700, 120, None), (100, 91, 0)),
        (999, 121, None),
    )
    tables["payments"].append(desk.payment("I3", paid=10, amount=150))  # paid in part, so it is open and counts whole
    names = ("roll_1_30d_ratio", "roll_31_60d_ratio", "roll_61_90d_ratio")
    assert desk.features(*names, **tables) == [100 / 400, (200 + 200) / 800, 700 / 800]


def test_a_bucket_that_was_empty_has_no_rate(desk):
    names = ("roll_current_ratio", "roll_1_30d_ratio", "roll_31_60d_ratio", "roll_61_90d_ratio")
    assert all(math.isnan(value) for value in desk.features(*names, **ledger(desk, (100, -20, None))))


@pytest.fixture
def growing(desk):
    """Open now: 100 and 300. Open 90 days ago: 300 and 200; 50 was paid on the very day, 100 was issued later."""
    return ledger(desk, (100, -10, None), (300, 170, None), (200, 70, 60), (50, 80, 90))


def test_the_invoices_not_settled_are_compared_with_those_of_90_days_ago(desk, growing):
    (growth,) = desk.features("open_growth_90d_ratio", **growing)
    assert growth == (100 + 300) / (300 + 200) - 1


def test_the_use_of_the_limit_is_compared_with_that_of_90_days_ago(desk, growing):
    facilities = [desk.facility("F1", known=50, granted=50, limit_amount=1000)]
    change = desk.features("limit_utilization_change_90d_ratio", facilities=facilities, **growing)
    assert change == [(400 - 500) / 1000]


def test_a_limit_is_exceeded_by_more_than_all_of_it(desk, growing):
    for limit, flag in ((399, 1), (400, 0)):
        facilities = [desk.facility("F1", known=50, granted=50, limit_amount=limit)]
        assert desk.features("limit_exceeded_flag", facilities=facilities, **growing) == [flag]
    (unlimited,) = desk.features("limit_exceeded_flag", facilities=[desk.facility("F1", known=50)], **growing)
    assert math.isnan(unlimited)
