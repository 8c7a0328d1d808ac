import re

import numpy as np
import pytest
from scipy import stats

from creditscore.domain import Verdict
from creditscore.reporting import Evidence, language_of
from creditscore.reporting.sections.calibration import grade_table, grades_section, level_section
from creditscore.validation import correlated_binomial_critical


def test_a_calibrated_model_passes(evidence):
    assert level_section(evidence).verdict is Verdict.PASS


def test_a_model_that_says_half_the_odds_fails(understated):
    section = level_section(understated)
    assert section.verdict is Verdict.FAIL
    assert section.table["p_value"].min() < 1e-6


def test_bins_hold_every_customer_once(evidence):
    assert level_section(evidence).table["customer_count"].sum() == len(evidence.cohort)


def test_the_parts_of_the_brier_score_are_in_the_note(evidence):
    note = level_section(evidence).note
    assert all(part in note for part in ("reliability", "resolution", "uncertainty"))


def test_grades_stand_best_first_and_hold_everybody(evidence, policy):
    table = grade_table(evidence, policy=policy)
    assert table["grade"].tolist() == sorted(table["grade"])
    assert table["customer_count"].sum() == len(evidence.cohort)


def test_the_p_value_of_a_grade_is_jeffreys(evidence, policy):
    row = grade_table(evidence, policy=policy).iloc[-1]
    defaults, others = row["default_count"], row["customer_count"] - row["default_count"]
    assert row["p_value"] == pytest.approx(stats.beta.cdf(row["mean_pd"], defaults + 0.5, others + 0.5), abs=1e-12)


def test_understated_grades_fail_and_are_named(understated, policy):
    section = grades_section(understated, policy=policy)
    assert section.verdict is Verdict.FAIL
    failed = section.table[section.table["verdict"] == "fail"]["grade"]
    assert len(failed) > 0
    assert all(grade in section.answer for grade in failed)


def test_a_grade_without_a_default_is_never_accused(evidence, policy):
    table = grade_table(evidence, policy=policy)
    spotless = table[table["default_count"] == 0]
    assert len(spotless) > 0
    assert (spotless["verdict"] == "pass").all()


def test_the_thresholds_are_said_to_be_a_convention(evidence, policy):
    assert "The ECB sets no thresholds" in grades_section(evidence, policy=policy).note


def test_the_critical_number_of_a_grade_is_that_of_the_correlated_binomial(evidence, policy):
    row = grade_table(evidence, policy=policy).iloc[-1]
    weight = (1 - np.exp(-50 * row["mean_pd"])) / (1 - np.exp(-50))
    assert row["correlation_ratio"] == pytest.approx(0.24 - 0.12 * weight, abs=1e-12)
    expected = correlated_binomial_critical(
        row["mean_pd"], int(row["customer_count"]), correlation=0.24 - 0.12 * weight, level=0.99
    )
    assert row["critical_default_count"] == expected


def test_a_grade_beyond_what_a_bad_year_explains_is_to_review_at_least_and_named(frame, policy):
    struck = frame["default_flag"].mask(frame["grade"] == "C1", 1.0)
    section = grades_section(Evidence(frame=frame.assign(default_flag=struck), horizon_months=12), policy=policy)
    row = section.table.set_index("grade").loc["C1"]
    assert row["default_count"] == row["customer_count"] >= row["critical_default_count"]
    assert row["verdict"] in {"review", "fail"}
    assert "(C1) hold more defaults than a year that hits all customers at once explains at 99 %" in section.answer


def test_understated_grades_of_a_calibrated_model_do_not_reach_the_critical_number(evidence, policy):
    assert "0 of them (none) hold more defaults" in grades_section(evidence, policy=policy).answer


def test_nothing_of_the_calibration_stays_english_in_chinese(evidence, understated, sparse, policy, still_english):
    levels = [level_section(one) for one in (evidence, understated, sparse)]
    grades = [grades_section(one, policy=policy) for one in (evidence, understated, sparse)]
    assert {one.verdict for one in (*levels, *grades)} == {Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN}
    assert still_english([levels, grades]) == []


def test_the_chinese_has_the_same_numbers_as_the_english(understated):
    answer = level_section(understated).answer
    numbers = re.compile(r"-?\d+\.?\d*")
    english, chinese = numbers.findall(answer), numbers.findall(language_of("zh").say(answer))
    assert len(english) == 11
    assert sorted(chinese) == sorted(english)
