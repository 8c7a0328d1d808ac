import numpy as np

from creditscore.domain import Verdict
from creditscore.reporting import Evidence, language_of
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


def test_nothing_of_the_colours_stays_english_in_chinese(frame, sparse, policy, still_english):
    swapped = frame.assign(colour=frame["colour"].map({"green": "red", "yellow": "yellow", "red": "green"}))
    spared = frame[frame["colour"] != "red"].assign(exposure_amount=0)
    told = [
        colours_section(one, policy=policy)
        for one in (sparse, *(Evidence(frame=one, horizon_months=12) for one in (frame, swapped, spared)))
    ]
    assert {one.verdict for one in told} == {Verdict.PASS, Verdict.REVIEW, Verdict.UNKNOWN}
    assert still_english(told) == []


def test_where_nobody_has_a_colour_the_chinese_says_so(frame, policy, still_english):
    section = colours_section(Evidence(frame=frame[frame["split"] != "test"], horizon_months=12), policy=policy)
    assert section.answer == "Default rates: no customer."
    assert language_of("zh").say(section.answer) == "违约率：无客户。"
    assert still_english(section) == []
