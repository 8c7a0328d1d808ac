"""How far beyond its terms the customer pays, computed by hand."""

import pytest

BILLS = (  # amount, days since the due day, days since the payment
    (100, 15, 5),  # 10 days late, paid within a month
    (300, 20, 25),  # 5 days early, paid within a month
    (200, 100, 80),  # 20 days late, paid within 3 months
    (400, 160, 150),  # 10 days late, paid within 6 months
    (100, 260, 220),  # 40 days late, paid within 12 months
    (500, 420, 410),  # 10 days late, paid within 2 years
    (900, 900, 800),  # 100 days late, but long ago
)


@pytest.fixture
def ledger(desk):
    bills = {f"I{place}": bill for place, bill in enumerate(BILLS)}
    return {
        "invoices": [desk.invoice(name, issued=due + 30, amount=amount) for name, (amount, due, _) in bills.items()],
        "payments": [desk.payment(name, paid=paid, amount=amount) for name, (amount, _, paid) in bills.items()],
    }


def test_days_beyond_terms_follow_the_amounts_and_count_early_payments_as_on_time(desk, ledger):
    month, quarter = desk.features("beyond_terms_30d_days", "beyond_terms_90d_days", **ledger)
    assert month == (100 * 10 + 300 * 0) / 400
    assert quarter == (100 * 10 + 300 * 0 + 200 * 20) / 600


def test_days_beyond_terms_look_back_half_a_year_a_year_and_two(desk, ledger):
    names = ("beyond_terms_180d_days", "beyond_terms_365d_days", "beyond_terms_730d_days")
    late = 100 * 10 + 200 * 20 + 400 * 10  # of 1000 paid within 6 months
    assert desk.features(*names, **ledger) == [
        late / 1000,
        (late + 100 * 40) / 1100,
        (late + 100 * 40 + 500 * 10) / 1600,
    ]


def test_mean_delays_of_a_month_and_of_two_years_count_early_days_as_negative(desk, ledger):
    names = ("delay_mean_30d_days", "delay_mean_730d_days")
    assert desk.features(*names, **ledger) == [(10 - 5) / 2, (10 - 5 + 20 + 10 + 40 + 10) / 6]


def test_the_trend_of_the_year_is_its_mean_delay_less_that_of_the_year_before(desk, ledger):
    assert desk.features("delay_trend_year_days", **ledger) == [(10 - 5 + 20 + 10 + 40) / 5 - 10]


def test_payback_of_a_month_and_of_two_years_is_what_came_by_the_due_day(desk, ledger):
    # Only the invoice of 300 was paid by its due day.
    assert desk.features("payback_30d_ratio", "payback_730d_ratio", **ledger) == [300 / 400, 300 / 1600]
