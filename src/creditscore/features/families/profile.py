# ruff: noqa: D401 - a feature is a noun, and its docstring says what the column holds
"""Who the customer is: P features."""

import ibis

from creditscore.domain import Reason
from creditscore.features.definition import feature
from creditscore.features.relations import Profile

DAYS_IN_YEAR = 365.25


@feature(
    family="profile",
    unit="years",
    risk="falls",
    reason=Reason("P01", en="The company was founded recently", zh="企业成立时间较短"),
)
def company_age_years(profile: Profile) -> ibis.Value:
    """Years since the company was founded; missing when the day is unknown."""
    return profile.age_days / DAYS_IN_YEAR


@feature(
    family="profile",
    unit="years",
    risk="falls",
    reason=Reason("P02", en="The business relation is short", zh="合作年限较短"),
)
def cooperation_years(profile: Profile) -> ibis.Value:
    """Years since the company became a customer; missing when the day is unknown."""
    return profile.tenure_days / DAYS_IN_YEAR


@feature(
    family="profile",
    unit="amount",
    risk="falls",
    reason=Reason("P03", en="The registered capital is small", zh="注册资本较低"),
)
def registered_capital_amount(profile: Profile) -> ibis.Value:
    """Registered capital in minor units; missing when it is unknown."""
    return profile.registered_capital_amount


@feature(
    family="profile",
    unit="flag",
    risk="either",
    reason=Reason("P04", en="Whether the company belongs to a corporate group", zh="是否隶属于企业集团"),
)
def group_flag(profile: Profile) -> ibis.Value:
    """1 when the company belongs to a corporate group, else 0."""
    return profile.group_flag
