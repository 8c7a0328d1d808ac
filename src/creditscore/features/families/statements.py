# ruff: noqa: D401 - a feature is a noun, and its docstring says what the column holds
"""What the financial statements say: S features; each is missing where a line of it is."""

from functools import reduce
from operator import add

import ibis

from creditscore.domain import Reason
from creditscore.features.definition import feature
from creditscore.features.relations import Statements
from creditscore.features.relations.arithmetic import ratio

ALTMAN_WEIGHTS = (6.56, 3.26, 6.72, 1.05)


@feature(
    family="statements",
    unit="ratio",
    risk="rises",
    reason=Reason("S01", en="Liabilities are high against assets", zh="资产负债率偏高"),
)
def leverage_ratio(statements: Statements) -> ibis.Value:
    """Total liabilities over total assets."""
    return ratio(statements.item("total_liabilities"), statements.item("total_assets"))


@feature(
    family="statements",
    unit="ratio",
    risk="falls",
    reason=Reason("S02", en="Current assets barely cover current liabilities", zh="流动比率偏低"),
)
def current_ratio(statements: Statements) -> ibis.Value:
    """Current assets over current liabilities."""
    return ratio(statements.item("current_assets"), statements.item("current_liabilities"))


@feature(
    family="statements",
    unit="ratio",
    risk="falls",
    reason=Reason("S03", en="Liquid assets barely cover current liabilities", zh="速动比率偏低"),
)
def quick_ratio(statements: Statements) -> ibis.Value:
    """Current assets less inventory over current liabilities."""
    liquid = statements.item("current_assets") - statements.item("inventory")
    return ratio(liquid, statements.item("current_liabilities"))


@feature(
    family="statements",
    unit="ratio",
    risk="falls",
    reason=Reason("S04", en="Cash is short", zh="现金比率偏低"),
)
def cash_ratio(statements: Statements) -> ibis.Value:
    """Cash over current liabilities."""
    return ratio(statements.item("cash"), statements.item("current_liabilities"))


@feature(
    family="statements",
    unit="ratio",
    risk="falls",
    reason=Reason("S05", en="Profit is low against assets", zh="总资产收益率偏低"),
)
def return_on_assets_ratio(statements: Statements) -> ibis.Value:
    """Net profit of a year over total assets."""
    return ratio(statements.annual("net_profit"), statements.item("total_assets"))


@feature(
    family="statements",
    unit="ratio",
    risk="falls",
    reason=Reason("S06", en="The operating margin is thin", zh="息税前利润率偏低"),
)
def ebit_margin_ratio(statements: Statements) -> ibis.Value:
    """Earnings before interest and taxes over revenue."""
    return ratio(statements.item("ebit"), statements.item("revenue"))


@feature(
    family="statements",
    unit="ratio",
    risk="either",
    reason=Reason("S07", en="Revenue against assets", zh="总资产周转率"),
)
def asset_turnover_ratio(statements: Statements) -> ibis.Value:
    """Revenue of a year over total assets."""
    return ratio(statements.annual("revenue"), statements.item("total_assets"))


@feature(
    family="statements",
    unit="ratio",
    risk="falls",
    reason=Reason("S08", en="Revenue is shrinking", zh="营业收入下滑"),
)
def revenue_growth_ratio(statements: Statements) -> ibis.Value:
    """Revenue over that of the same period of the year before, less 1; missing when that is unknown."""
    return ratio(statements.item("revenue"), statements.item_year_before("revenue")) - 1.0


@feature(
    family="statements",
    unit="ratio",
    risk="falls",
    reason=Reason("S09", en="Working capital is short", zh="营运资本占总资产比例偏低"),
)
def working_capital_to_assets_ratio(statements: Statements) -> ibis.Value:
    """Working capital over total assets: X1 of Altman's Z''."""
    capital = statements.item("current_assets") - statements.item("current_liabilities")
    return ratio(capital, statements.item("total_assets"))


@feature(
    family="statements",
    unit="ratio",
    risk="falls",
    reason=Reason("S10", en="Few earnings were retained", zh="留存收益占总资产比例偏低"),
)
def retained_earnings_to_assets_ratio(statements: Statements) -> ibis.Value:
    """Retained earnings over total assets: X2 of Altman's Z''."""
    return ratio(statements.item("retained_earnings"), statements.item("total_assets"))


@feature(
    family="statements",
    unit="ratio",
    risk="falls",
    reason=Reason("S11", en="Assets earn little", zh="息税前利润占总资产比例偏低"),
)
def ebit_to_assets_ratio(statements: Statements) -> ibis.Value:
    """Earnings before interest and taxes of a year over total assets: X3 of Altman's Z''."""
    return ratio(statements.annual("ebit"), statements.item("total_assets"))


@feature(
    family="statements",
    unit="ratio",
    risk="falls",
    reason=Reason("S12", en="Equity is low against liabilities", zh="权益负债比偏低"),
)
def equity_to_liabilities_ratio(statements: Statements) -> ibis.Value:
    """Book equity over total liabilities: X4 of Altman's Z''."""
    return ratio(statements.item("equity"), statements.item("total_liabilities"))


@feature(
    family="statements",
    unit="level",
    risk="falls",
    reason=Reason("S13", en="The statements resemble those of failing companies", zh="财务报表接近困境企业特征"),
)
def altman_z_level(statements: Statements) -> ibis.Value:
    """Altman's Z'' for private companies outside manufacturing, ``6.56 X1 + 3.26 X2 + 6.72 X3 + 1.05 X4`` [1]_.

    Below 1.1 lies the zone of distress, above 2.6 the safe one; missing when a part is.

    References
    ----------
    .. [1] Altman, E. I., Hartzell, J. and Peck, M. (1995), Emerging market corporate bonds: a scoring system.
    """
    parts = (
        working_capital_to_assets_ratio(statements),
        retained_earnings_to_assets_ratio(statements),
        ebit_to_assets_ratio(statements),
        equity_to_liabilities_ratio(statements),
    )
    return reduce(add, (weight * part for weight, part in zip(ALTMAN_WEIGHTS, parts, strict=True)))


@feature(
    family="statements",
    unit="flag",
    risk="rises",
    reason=Reason("S14", en="Equity is negative", zh="净资产为负"),
)
def equity_negative_flag(statements: Statements) -> ibis.Value:
    """1 when equity is negative, else 0; missing when it is unknown."""
    return (statements.item("equity") < 0).cast("int64")


@feature(
    family="statements",
    unit="days",
    risk="rises",
    reason=Reason("S15", en="The latest financial statement is old", zh="最近一期财务报表较旧"),
)
def statement_age_days(statements: Statements) -> ibis.Value:
    """Days since the end of the latest period whose statement is known; missing when there is none."""
    return statements.age_days


@feature(
    family="statements",
    unit="flag",
    risk="rises",
    reason=Reason("S16", en="The customer makes a loss", zh="最近一期亏损"),
)
def loss_flag(statements: Statements) -> ibis.Value:
    """1 when the net profit is negative, else 0; missing when it is unknown."""
    return (statements.item("net_profit") < 0).cast("int64")


@feature(
    family="statements",
    unit="ratio",
    risk="rises",
    reason=Reason("S17", en="Liabilities have grown against assets", zh="资产负债率较上年上升"),
)
def leverage_change_ratio(statements: Statements) -> ibis.Value:
    """Total liabilities over total assets, less that of twelve months before; missing when that is unknown."""
    before = ratio(statements.item_year_before("total_liabilities"), statements.item_year_before("total_assets"))
    return leverage_ratio(statements) - before
