"""Who the customer is, computed by hand."""

import math


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
