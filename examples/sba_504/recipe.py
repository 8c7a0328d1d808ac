"""Charge-off of an SBA 504 loan within 60 months of its approval, from what was known on the day of approval.

Shows how a data scientist adds features: one function over one relation each, beside features of the catalogue and
series that this book has. ``README.md`` tells what came of it.
"""

from datetime import date

import ibis

from creditscore.domain import Family, Reason, Risk, Unit
from creditscore.features import (
    Facilities,
    Feature,
    Profile,
    Statements,
    feature,
    industry_mean,
    macro_change,
    macro_level,
    named,
)
from creditscore.models import LogisticCalibration, MonotoneForest
from creditscore.outcomes import DefaultDefinition
from creditscore_training.gates import Gates
from creditscore_training.observations import ApplicationDates
from creditscore_training.recipe import Recipe
from creditscore_training.splits import Periods

TWENTY_YEARS = 7_305  # days


@feature(
    family="exposure",
    unit="flag",
    risk="falls",
    reason=Reason("L01", en="The loan buys equipment, not land or buildings", zh="贷款用于设备而非土地或厂房"),
)
def twenty_years_flag(facilities: Facilities) -> ibis.Value:
    """1 for a term of twenty years (land and buildings), 0 for ten (equipment); missing for any other term."""
    asked = facilities.latest_flag.ifelse(facilities.requested_term_days, ibis.null("int64"))
    return asked.max() >= TWENTY_YEARS


@feature(
    family="profile", unit="flag", risk="either", reason=Reason("L02", en="The borrower is a corporation", zh="公司制")
)
def corporation_flag(statements: Statements) -> ibis.Value:
    """1 when the borrower is a corporation, else 0."""
    return statements.item("corporation_flag")


@feature(
    family="profile", unit="flag", risk="either", reason=Reason("L03", en="The borrower is a person", zh="个体经营")
)
def individual_flag(statements: Statements) -> ibis.Value:
    """1 when the borrower is a person, else 0; 0 for a corporation and a partnership."""
    return statements.item("individual_flag")


@feature(
    family="profile",
    unit="flag",
    risk="falls",
    reason=Reason("L04", en="The lender does not share the loss", zh="放贷机构不分担损失"),
)
def premier_lender_flag(statements: Statements) -> ibis.Value:
    """1 when a premier certified lender, who bears part of a loss, approved the loan, else 0."""
    return statements.item("premier_lender_flag")


@feature(
    family="profile",
    unit="flag",
    risk="either",
    reason=Reason("L05", en="The lender is an accredited one", zh="认可放贷机构"),
)
def accredited_lender_flag(statements: Statements) -> ibis.Value:
    """1 when the loan came through the accredited lenders program, else 0."""
    return statements.item("accredited_lender_flag")


@feature(
    family="profile",
    unit="flag",
    risk="falls",
    reason=Reason("L06", en="The lender sits in another state", zh="放贷机构在外州"),
)
def lender_in_state_flag(statements: Statements) -> ibis.Value:
    """1 when the lender sits in the state of the project, else 0."""
    return statements.item("lender_in_state_flag")


def industry_flag(name: str, *industries: str, risk: str, reason: Reason) -> Feature:
    """Return the feature that is 1 in these industries, else 0; missing where the industry is unknown."""
    return Feature(
        name=f"{name}_flag",
        family=Family.PROFILE,
        unit=Unit.FLAG,
        risk=Risk(risk),
        reason=reason,
        description=f"1 in the industries {', '.join(industries)}, else 0; missing where the industry is unknown.",
        relation=Profile,
        function=lambda profile: profile.industry_code.isin(industries),
    )


def region_flag(name: str, states: str, *, reason: Reason) -> Feature:
    """Return the feature that is 1 where the project lies in these states, else 0."""
    return Feature(
        name=f"{name}_flag",
        family=Family.PROFILE,
        unit=Unit.FLAG,
        risk=Risk.EITHER,
        reason=reason,
        description=f"1 where the project lies in the {name}, as the Census Bureau draws it, else 0.",
        relation=Profile,
        function=lambda profile: profile.region.isin(states.split()),
    )


APPLICATION: tuple[Feature, ...] = (
    named("requested_amount"),
    twenty_years_flag,
    corporation_flag,
    individual_flag,
    premier_lender_flag,
    accredited_lender_flag,
    lender_in_state_flag,
)
ECONOMY: tuple[Feature, ...] = (
    macro_level("UNRATE", risk="rises", reason=Reason("L11", en="Unemployment is high", zh="失业率偏高")),
    macro_change("UNRATE", months=12, risk="rises", reason=Reason("L12", en="Unemployment rises", zh="失业率上升")),
    macro_change(
        "INDPRO", months=12, risk="falls", reason=Reason("L13", en="Production falls", zh="工业生产下降"), relative=True
    ),
    macro_level("T10YFFM", risk="falls", reason=Reason("L14", en="The yield curve is flat", zh="收益率曲线平坦")),
    macro_change(
        "S&P 500", months=12, risk="falls", reason=Reason("L15", en="Share prices fall", zh="股价下跌"), relative=True
    ),
)
INDUSTRY: tuple[Feature, ...] = (
    industry_mean(
        "return", months=12, risk="falls", reason=Reason("L21", en="The industry's shares fell", zh="行业股价下跌")
    ),
)
PLACE: tuple[Feature, ...] = (
    industry_flag(
        "hospitality",
        "Meals",
        "Fun",
        risk="rises",
        reason=Reason("L31", en="Restaurants, hotels, leisure", zh="餐饮住宿娱乐"),
    ),
    industry_flag("retail", "Rtail", risk="rises", reason=Reason("L32", en="Retail", zh="零售业")),
    industry_flag("health", "Hlth", risk="falls", reason=Reason("L33", en="Not in health care", zh="非医疗行业")),
    industry_flag("services", "BusSv", "PerSv", risk="either", reason=Reason("L34", en="Services", zh="服务业")),
    industry_flag(
        "manufacturing", "Food", "BldMt", "Mach", risk="either", reason=Reason("L35", en="Manufacturing", zh="制造业")
    ),
    region_flag("west", "AK AZ CA CO HI ID MT NM NV OR UT WA WY", reason=Reason("L41", en="The West", zh="西部")),
    region_flag(
        "south", "AL AR DC DE FL GA KY LA MD MS NC OK SC TN TX VA WV", reason=Reason("L42", en="The South", zh="南部")
    ),
    region_flag("midwest", "IA IL IN KS MI MN MO ND NE OH SD WI", reason=Reason("L43", en="The Midwest", zh="中西部")),
)

RECIPE = Recipe(
    name="sba_504",
    features=(*APPLICATION, *PLACE, *ECONOMY, *INDUSTRY),
    definition=DefaultDefinition(version="sba-504-1", days_past_due=None, events=("write_off",), horizon_months=60),
    observations=ApplicationDates(table="facilities"),
    # Every borrower applies once, so nobody in the test was seen before.
    periods=Periods(
        development_until=date(2003, 12, 31),
        calibration_until=date(2004, 12, 31),
        test_until=date(2005, 12, 31),
        unseen_share=0.0,
    ),
    estimator=MonotoneForest(trees=300, min_leaf=100, threads=1),
    calibration=LogisticCalibration(),
    gates=Gates(),
    seed=504,
    observed_until=date(2010, 12, 31),
)
