import numpy as np
import pytest

from creditscore.domain import Verdict
from creditscore.reporting import Evidence, language_of
from creditscore.reporting.formats import percent
from creditscore.reporting.sections.missed import missed_section, missed_table, months_until_default
from creditscore.reporting.translation import translated


@pytest.fixture
def green_defaulters(evidence):
    cohort = evidence.cohort
    return cohort[(cohort["default_flag"] == 1) & (cohort["colour"] == "green")]


def test_the_missed_are_the_defaulters_that_were_green_when_observed(evidence, tested, green_defaulters):
    section = missed_section(evidence, tested=tested, currency="CNY")
    share = len(green_defaulters) / evidence.cohort_defaults
    assert section.answer.startswith(
        f"{len(green_defaulters)} of {evidence.cohort_defaults} defaulters ({percent(share)}) were green"
    )
    assert f"they owed {green_defaulters['exposure_amount'].sum() / 100:,.0f} CNY" in section.answer


def test_the_table_holds_the_largest_by_exposure_and_says_that_there_are_more(
    evidence, tested, green_defaulters, monkeypatch
):
    monkeypatch.setattr("creditscore.reporting.sections.missed.MOST_ROWS", 8)
    section = missed_section(evidence, tested=tested, currency=None)
    table, largest = section.table, green_defaulters.nlargest(8, "exposure_amount")
    assert "shows the 8 largest by exposure" in section.note
    assert table["customer_id"].tolist() == largest["customer_id"].tolist()
    assert table["pd"].tolist() == largest["pd_12m"].tolist()


def test_the_months_until_the_default_are_counted_from_the_day_of_observation(evidence, green_defaulters):
    table = missed_table(green_defaulters, evidence, tested=None).set_index("customer_id")
    # A customer whose number ends in d defaults 30 (d + 1) days after it was observed.
    expected = [round(30 * (int(name[-1]) + 1) / 30.4375) for name in table.index]
    assert table["default_after_months"].tolist() == expected


def test_the_reasons_are_the_largest_pushes_toward_default_in_words(evidence, tested, green_defaulters):
    table = missed_table(green_defaulters, evidence, tested=tested).set_index("customer_id")
    overdue = tested.frame.set_index("customer_id").loc[table.index, "overdue_ratio"]
    told = table["strongest_reasons"].str.contains("A large share of the open balance is past due")
    assert (told == (overdue > 0.3)).all()
    assert told.any()
    assert not told.all()


def test_as_many_defaults_of_green_customers_as_foretold_are_no_reason_for_a_review(evidence, tested):
    section = missed_section(evidence, tested=tested, currency=None)
    assert section.verdict is Verdict.PASS
    green = evidence.cohort[evidence.cohort["colour"] == "green"]
    assert f"foretold {green['pd_12m'].sum():.1f} defaults" in section.answer


def test_more_defaults_of_green_customers_than_foretold_ask_for_a_review(understated):
    assert missed_section(understated, tested=None, currency=None).verdict is Verdict.REVIEW


def test_where_nobody_was_missed_the_highest_scores_of_defaulters_are_shown(frame, tested):
    struck = frame["default_flag"].mask(frame["colour"] == "green", 0.0)
    section = missed_section(
        Evidence(frame=frame.assign(default_flag=struck), horizon_months=12), tested=tested, currency=None
    )
    assert section.answer.startswith("0 of ")
    assert section.verdict is Verdict.PASS
    assert section.table["score"].is_monotonic_decreasing
    assert section.table["score"].max() < 80
    assert "Nobody was missed" in section.note


def test_a_bundle_that_keeps_no_features_and_no_day_of_default_shows_gaps_and_says_why(frame):
    older = Evidence(frame=frame.drop(columns="default_on"), horizon_months=12)
    section = missed_section(older, tested=None, currency=None)
    assert section.table[["default_after_months", "strongest_reasons"]].isna().all(axis=None)
    assert "trained before reasons could be told" in section.note


def test_too_few_defaults_leave_it_open(sparse):
    section = missed_section(sparse, tested=None, currency=None)
    assert section.verdict is Verdict.UNKNOWN
    assert section.table is None


def test_a_day_of_default_that_is_missing_gives_no_months(frame):
    performing = frame[frame["default_flag"] == 0].head()
    assert np.isnan(months_until_default(performing)).all()


def test_nothing_of_the_missed_stays_english_in_chinese(frame, understated, sparse, tested, still_english):
    spared = frame.assign(default_flag=frame["default_flag"].mask(frame["colour"] == "green", 0.0))
    older = frame.drop(columns="default_on").assign(exposure_amount=0)
    told = [
        missed_section(understated, tested=tested, currency="CNY"),
        missed_section(sparse, tested=None, currency=None),
        missed_section(Evidence(frame=spared, horizon_months=12), tested=tested, currency="CNY"),
        missed_section(Evidence(frame=older, horizon_months=12), tested=None, currency=None),
    ]
    assert {one.verdict for one in told} == {Verdict.PASS, Verdict.REVIEW, Verdict.UNKNOWN}
    assert still_english(told) == []


def test_the_reasons_are_said_in_chinese_as_the_catalogue_of_features_says_them(evidence, tested):
    section = translated(missed_section(evidence, tested=tested, currency="CNY"), language_of("zh"))
    reasons = section.table["strongest_reasons"].dropna()
    assert set("；".join(reasons[reasons != ""]).split("；")) == {"逾期金额占未结余额比例偏高", "未结应收余额"}
    assert "最常见的是“逾期金额占未结余额比例偏高”" in section.answer
