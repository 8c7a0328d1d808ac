import numpy as np
import pytest

BELOW, ABOVE = -np.inf, np.inf


@pytest.mark.parametrize(
    ("years", "level"),
    [
        (np.nextafter(3, ABOVE), "low"),
        (3, "medium"),
        (np.nextafter(3, BELOW), "medium"),
        (1, "medium"),
        (np.nextafter(1, BELOW), "high"),
        (0, "high"),
        (None, "high"),
        (np.nan, "high"),
    ],
)
def test_three_and_one_years_are_medium_risk_and_unknown_years_high(policy, years, level):
    assert policy.approval.cooperation_years.of(years) == level


@pytest.mark.parametrize(
    ("ratio", "level"),
    [
        (1, "low"),
        (0.95, "low"),
        (95 / 100, "low"),
        (np.nextafter(0.95, BELOW), "medium"),
        (0.85, "medium"),
        (np.nextafter(0.85, BELOW), "high"),
        (0, "high"),
        (None, "high"),
        (np.nan, "high"),
    ],
)
def test_a_ratio_of_95_percent_is_low_risk_one_of_85_medium_and_an_unknown_one_high(policy, ratio, level):
    assert policy.approval.payback_ratio.of(ratio) == level


@pytest.mark.parametrize(
    ("code", "level"),
    [("E47", "high"), ("C3011", "high"), ("D44", "low"), ("C13", "medium"), ("C", "medium"), (None, "medium")],
)
def test_an_industry_is_what_its_code_or_the_longest_beginning_of_it_is_listed_as(policy, code, level):
    assert policy.approval.industry_risks.of(code) == level


def test_many_customers_are_graded_as_each_alone(policy):
    approval = policy.approval
    years, ratios, codes = [4, 3, 0.5, np.nan], [0.95, 0.9, 0.1, np.nan], ["E47", "D44", "C13", ""]
    assert approval.cooperation_years.ranks(years).tolist() == [0, 1, 2, 2]
    assert approval.payback_ratio.ranks(ratios).tolist() == [0, 1, 2, 2]
    assert approval.industry_risks.ranks(codes).tolist() == [2, 0, 1, 1]
