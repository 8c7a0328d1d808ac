"""Who the customer is, computed by hand."""

import math

import ibis

from creditscore.domain import Reason
from creditscore.features import Profile, feature, snapshot


@feature(family="profile", unit="flag", risk="either", reason=Reason("Z01", en="Retail", zh="零售"))
def retail_flag(profile: Profile) -> ibis.Value:
    """1 in retail, else 0; missing where the industry is unknown."""
    return profile.industry_code == "retail"


@feature(family="profile", unit="flag", risk="either", reason=Reason("Z02", en="South", zh="南方"))
def south_flag(profile: Profile) -> ibis.Value:
    """1 in the south, else 0; missing where the region is unknown."""
    return profile.region.isin(["FL", "GA"])


def test_ages_are_in_years(desk):
    today = {
        "customer_id": "C1",
        "known_on": desk.ago(500),
        "founded_on": desk.ago(3652),
        "onboarded_on": desk.ago(1461),
    }
    values = desk.features("company_age_years", "cooperation_years", customers=[today])
    assert values == [3652 / 365.25, 4.0]


def test_the_version_that_was_known_holds(desk):
    versions = [
        {"customer_id": "C1", "known_on": desk.ago(100), "registered_capital_amount": 5, "group_id": "G"},
        {"customer_id": "C1", "known_on": desk.ago(-1), "registered_capital_amount": 9},
    ]
    assert desk.features("registered_capital_amount", "group_flag", customers=versions) == [5, 1]


def test_what_is_not_known_is_missing(desk):
    capital, age, group = desk.features("registered_capital_amount", "company_age_years", "group_flag")
    assert math.isnan(capital)
    assert math.isnan(age)
    assert group == 0


def test_industry_and_region_are_those_known_on_the_day_and_missing_where_unknown(desk):
    versions = [
        {"customer_id": "C1", "known_on": desk.ago(100), "industry_code": "retail", "region": "GA"},
        {"customer_id": "C1", "known_on": desk.ago(-1), "industry_code": "mining", "region": "NY"},
        {"customer_id": "C2", "known_on": desk.ago(100)},
    ]
    frame = snapshot(desk.book(customers=versions), as_of=desk.as_of, features=[retail_flag, south_flag])
    known, unknown = frame[["retail_flag", "south_flag"]].to_numpy()
    assert known.tolist() == [1, 1]
    assert all(math.isnan(value) for value in unknown)
