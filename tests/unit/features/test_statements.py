"""What the financial statements say, computed by hand."""

import math
from datetime import date

import pytest

LINES = {
    "cash": 50.0,
    "current_assets": 400.0,
    "current_liabilities": 250.0,
    "ebit": 80.0,
    "equity": 600.0,
    "inventory": 100.0,
    "net_profit": 45.0,
    "retained_earnings": 200.0,
    "revenue": 1200.0,
    "total_assets": 1000.0,
    "total_liabilities": 400.0,
}


def statement(end, known, customer_id="C1", **lines):
    return [
        {"customer_id": customer_id, "period_end_on": end, "item": item, "value": value, "known_on": known}
        for item, value in lines.items()
    ]


YEAR = statement(date(2023, 12, 31), date(2024, 4, 2), **LINES)


def test_altmans_z_for_private_companies(desk):
    (z,) = desk.features("altman_z_level", statements=YEAR)
    assert z == pytest.approx(6.56 * 0.15 + 3.26 * 0.2 + 6.72 * 0.08 + 1.05 * 1.5, rel=1e-14)


def test_the_parts_of_altmans_z(desk):
    names = (
        "working_capital_to_assets_ratio",
        "retained_earnings_to_assets_ratio",
        "ebit_to_assets_ratio",
        "equity_to_liabilities_ratio",
    )
    assert desk.features(*names, statements=YEAR) == [(400 - 250) / 1000, 200 / 1000, 80 / 1000, 600 / 400]


def test_ratios_of_the_balance_sheet(desk):
    names = ("leverage_ratio", "current_ratio", "quick_ratio", "cash_ratio", "equity_negative_flag")
    assert desk.features(*names, statements=YEAR) == [0.4, 1.6, 1.2, 0.2, 0]


def test_ratios_of_the_year(desk):
    names = ("return_on_assets_ratio", "ebit_margin_ratio", "asset_turnover_ratio", "statement_age_days")
    assert desk.features(*names, statements=YEAR) == [0.045, 80 / 1200, 1.2, 182]


def test_half_a_years_flows_are_doubled(desk):
    half = statement(date(2023, 6, 30), date(2023, 9, 1), net_profit=30.0, total_assets=1000.0)
    assert desk.features("return_on_assets_ratio", statements=half) == [0.06]


def test_growth_compares_the_same_period_of_the_year_before(desk):
    before = statement(date(2022, 12, 31), date(2023, 4, 1), revenue=1000.0)
    between = statement(date(2023, 6, 30), date(2023, 9, 1), revenue=1.0)
    (growth,) = desk.features("revenue_growth_ratio", statements=before + between + YEAR)
    assert growth == pytest.approx(0.2, rel=1e-14)


def test_the_change_of_leverage_is_that_over_twelve_months(desk):
    before = statement(date(2022, 12, 31), date(2023, 4, 1), total_liabilities=150.0, total_assets=600.0)
    assert desk.features("leverage_change_ratio", statements=before + YEAR) == [400 / 1000 - 150 / 600]
    (unknown,) = desk.features("leverage_change_ratio", statements=YEAR)
    assert math.isnan(unknown)


def test_a_loss_is_a_negative_profit(desk):
    loss = statement(date(2024, 3, 31), date(2024, 5, 1), net_profit=-1.0)
    assert desk.features("loss_flag", statements=YEAR) == [0]
    assert desk.features("loss_flag", statements=YEAR + loss) == [1]


def test_a_statement_counts_once_it_is_known(desk):
    early = statement(date(2022, 12, 31), date(2023, 4, 1), total_liabilities=900.0, total_assets=1000.0)
    late = statement(date(2023, 12, 31), date(2024, 7, 1), total_liabilities=100.0, total_assets=1000.0)
    assert desk.features("leverage_ratio", statements=early + late) == [0.9]


def test_a_restated_line_replaces_the_first(desk):
    restated = statement(date(2023, 12, 31), date(2024, 5, 1), equity=-10.0)
    assert desk.features("equity_negative_flag", statements=YEAR + restated) == [1]


def test_without_a_line_what_needs_it_is_missing(desk):
    lines = {item: value for item, value in LINES.items() if item != "retained_earnings"}
    z, leverage = desk.features(
        "altman_z_level", "leverage_ratio", statements=statement(date(2023, 12, 31), date(2024, 4, 2), **lines)
    )
    assert math.isnan(z)
    assert leverage == 0.4


def test_without_a_statement_nothing_is_known_of_equity(desk):
    (flag,) = desk.features(
        "equity_negative_flag", statements=statement(date(2023, 12, 31), date(2024, 4, 2), "C9", **LINES)
    )
    assert math.isnan(flag)
