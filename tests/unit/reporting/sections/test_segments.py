import numpy as np

from creditscore.domain import Verdict
from creditscore.reporting import Evidence, language_of
from creditscore.reporting.sections.segments import segment_section, segment_table


def test_segments_hold_every_customer_once_and_the_largest_comes_first(evidence):
    table = segment_table(evidence, column="industry_code")
    assert table["customer_count"].sum() == len(evidence.cohort)
    assert table["customer_count"].is_monotonic_decreasing


def test_a_customer_without_a_region_is_counted_as_such(frame):
    evidence = Evidence(frame=frame.assign(region=frame["region"].mask(frame["region"] == "south")), horizon_months=12)
    assert "not stated" in segment_table(evidence, column="region")["segment"].tolist()


def test_beyond_twenty_the_rest_is_taken_together(frame):
    codes = "I" + (frame["customer_id"].str[1:].astype(int) % 30).astype(str).str.zfill(2)
    evidence = Evidence(frame=frame.assign(industry_code=codes), horizon_months=12)
    section = segment_section(evidence, column="industry_code", noun="industry")
    assert len(section.table) == 20
    assert section.table["customer_count"].sum() == len(evidence.cohort)
    assert section.note == "Smaller ones are taken together as 'all others'."


def test_too_few_defaults_give_no_auc(frame):
    rare = frame.assign(region=np.where(frame["customer_id"] < "C00030", "tiny", "large"))
    table = segment_table(Evidence(frame=rare, horizon_months=12), column="region").set_index("segment")
    assert np.isnan(table.loc["tiny", "auc"])
    assert table.loc["large", "auc"] > 0.7


def test_an_industry_whose_risk_is_understated_asks_for_a_review(frame):
    rng = np.random.default_rng(8)
    worse = frame["industry_code"] == "F51"
    flag = frame["default_flag"].mask(worse & (rng.random(len(frame)) < 0.2), 1.0)
    evidence = Evidence(frame=frame.assign(default_flag=flag), horizon_months=12)
    section = segment_section(evidence, column="industry_code", noun="industry")
    assert section.verdict is Verdict.REVIEW
    assert "(F51)" in section.answer


def test_nothing_of_the_segments_stays_english_in_chinese(frame, understated, sparse, still_english):
    codes = "I" + (frame["customer_id"].str[1:].astype(int) % 30).astype(str).str.zfill(2)
    unknown = frame["region"].mask(frame["region"] == "south")
    many = Evidence(frame=frame.assign(industry_code=codes, region=unknown), horizon_months=12)
    told = [
        segment_section(one, column=column, noun=noun)
        for one in (many, understated, sparse)
        for column, noun in (("industry_code", "industry"), ("region", "region"))
    ]
    assert {one.verdict for one in told} == {Verdict.PASS, Verdict.REVIEW, Verdict.UNKNOWN}
    assert still_english(told) == []
    assert language_of("zh").say(told[0].note) == "较小者合并为“其他全部”。"
