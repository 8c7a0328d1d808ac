from dataclasses import replace

import numpy as np
import pytest

from creditscore.domain import Unit, Verdict
from creditscore.reporting import Evidence, language_of
from creditscore.reporting.sections.failures import failures_section, in_words
from creditscore.reporting.weak_spots import Bounds


def test_a_sound_model_fails_nowhere(evidence, tested):
    section = failures_section(evidence, tested=tested, currency="CNY")
    assert section.verdict is Verdict.PASS
    assert "among 1,500 others 0 default surely more often" in section.answer


def test_a_segment_whose_risk_is_understated_is_told_in_words_and_asks_for_a_review(frame, tested):
    rng = np.random.default_rng(5)
    late = frame["customer_id"].map(tested.frame.set_index("customer_id")["overdue_ratio"]) > 0.7
    struck = frame["default_flag"].mask(late & (rng.random(len(frame)) < 0.15), 1.0)
    evidence = Evidence(frame=frame.assign(default_flag=struck), horizon_months=12)
    section = failures_section(evidence, tested=tested, currency="CNY")
    assert section.verdict is Verdict.REVIEW
    accused = section.table[section.table["verdict"] == "review"]
    assert accused["customers_with"].str.contains(r"overdue ratio above (?:69|7[0-3])", regex=True).any()
    assert (accused["p_value"] < 0.05 / len(section.table)).all()


def test_without_features_segments_are_told_by_score_exposure_and_tenure(evidence):
    section = failures_section(evidence, tested=None, currency="CNY")
    words = " ".join(section.table["customers_with"])
    assert "overdue" not in words
    assert "keeps no features of its test" in section.note


def test_customers_that_were_kept_only_because_they_defaulted_choose_no_segment(frame, tested):
    drawn = tested.frame.assign(drawn_flag=tested.frame["customer_id"] < "C02000")
    fewer = replace(tested, frame=drawn)
    evidence = Evidence(frame=frame, horizon_months=12)
    assert failures_section(evidence, tested=fewer, currency=None).table["customer_count"].sum() == 1000


def test_too_few_defaults_leave_it_open(sparse):
    assert failures_section(sparse, tested=None, currency=None).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("bounds", "unit", "words"),
    [
        (Bounds(high=1234500.0), Unit.AMOUNT, "x at most 12,345 CNY or missing"),
        (Bounds(low=0.5, missing=False), Unit.RATIO, "x above 50.0 %"),
        (Bounds(low=1.0, high=3.0), Unit.YEARS, "x above 1 years, at most 3 years or missing"),
        (Bounds(missing=False), Unit.COUNT, "x known"),
    ],
)
def test_a_segment_reads_as_its_unit_asks(bounds, unit, words):
    assert in_words({"x": bounds}, units={"x": unit}, lacking=["x"], currency="CNY") == words


def test_a_segment_that_asks_nothing_is_everybody():
    assert in_words({}, units={}) == "everybody"


def test_nothing_of_the_failures_stays_english_in_chinese(evidence, understated, sparse, tested, still_english):
    lost = tested.frame.assign(overdue_ratio=tested.frame["overdue_ratio"].mask(tested.frame["overdue_ratio"] > 0.8))
    few = Evidence(frame=evidence.frame.assign(pd_12m=evidence.frame["pd_12m"] / 20), horizon_months=12)
    told = [
        failures_section(evidence, tested=replace(tested, frame=lost), currency="CNY"),
        *(failures_section(one, tested=None, currency=None) for one in (understated, sparse, few)),
    ]
    assert {one.verdict for one in told} == {Verdict.PASS, Verdict.REVIEW, Verdict.UNKNOWN}
    assert told[-1].answer.startswith("The PD of the customers foretell fewer than 20 defaults")
    assert still_english(told) == []


@pytest.mark.parametrize(
    ("name", "bounds", "unit", "words"),
    [
        ("exposure_amount", Bounds(high=1234500.0), Unit.AMOUNT, "敞口金额 不高于 12,345 CNY或缺失"),
        ("overdue_ratio", Bounds(low=0.5, missing=False), Unit.RATIO, "overdue_ratio 高于 50.0 %"),
        ("cooperation_years", Bounds(low=1.0, high=3.0), Unit.YEARS, "合作年限 高于 1 年 且不高于 3 年或缺失"),
        ("age_days", Bounds(missing=False), Unit.DAYS, "age_days 已知"),
    ],
)
def test_a_segment_in_chinese_names_a_feature_as_the_catalogue_of_features_does(name, bounds, unit, words):
    said = in_words({name: bounds}, units={name: unit}, lacking=[name], currency="CNY")
    assert language_of("zh").say(said) == words
