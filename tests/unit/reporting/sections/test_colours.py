import numpy as np

from creditscore.domain import Verdict
from creditscore.reporting import Evidence
from creditscore.reporting.sections.colours import colour_table, colours_section


def test_reserves_are_the_policys_rates_of_each_exposure_rounded_half_up(evidence, policy):
    table = colour_table(evidence, policy=policy).set_index("colour")
    yellow = evidence.cohort[evidence.cohort["colour"] == "yellow"]["exposure_amount"]
    assert table.loc["yellow", "reserve_amount"] == sum((8 * amount + 50) // 100 for amount in yellow.tolist())


def test_the_exposure_that_defaulted_is_that_of_customers_that_defaulted(evidence, policy):
    table = colour_table(evidence, policy=policy)
    cohort = evidence.cohort
    assert table["defaulted_amount"].sum() == cohort.loc[cohort["default_flag"] == 1, "exposure_amount"].sum()


def test_rates_that_rise_from_green_to_red_pass(evidence, policy):
    assert colours_section(evidence, policy=policy).verdict is Verdict.PASS


def test_a_red_that_defaults_less_than_green_asks_for_a_review(frame, policy):
    swapped = frame.assign(colour=frame["colour"].map({"green": "red", "yellow": "yellow", "red": "green"}))
    assert colours_section(Evidence(frame=swapped, horizon_months=12), policy=policy).verdict is Verdict.REVIEW


def test_a_colour_that_nobody_has_shows_no_rate(frame, policy):
    evidence = Evidence(frame=frame[frame["colour"] != "red"], horizon_months=12)
    table = colour_table(evidence, policy=policy).set_index("colour")
    assert np.isnan(table.loc["red", "default_rate"])
    assert table.loc["red", "reserve_amount"] == 0
