import numpy as np
import pandas as pd
import pytest

from creditscore import validation
from creditscore.domain import Verdict
from creditscore.reporting import Evidence, language_of
from creditscore.reporting.sections.stability import stability_section
from creditscore.reporting.translation import translated


@pytest.fixture
def graded(frame):
    """A last scored day on which the customers stand as in the test."""
    last = frame[frame["as_of"] == "2023-09-30"]
    return last.assign(as_of=pd.Timestamp("2024-12-31").as_unit("ms"), in_default_flag=False, default_flag=np.nan)


def by_measure(section):
    return section.table.set_index(["measure", "now"])


def test_customers_who_stand_as_they_did_are_stable(evidence, policy, graded):
    section = stability_section(evidence, policy=policy, graded=graded)
    assert section.verdict is Verdict.PASS
    assert section.answer.startswith("From development to the last scored day: PSI of the score 0.0")


def test_the_index_is_that_of_each_customer_once_beside_what_sampling_gives(evidence, policy, graded):
    table = by_measure(stability_section(evidence, policy=policy, graded=graded))
    first = evidence.frame[evidence.frame["as_of"] == "2022-01-31"]
    expected = validation.psi(first["score"], graded["score"])
    row = table.loc[("PSI of the score", "2024-12-31")]
    assert (row["value"], row["by_chance"]) == (expected.value, expected.expected)


def test_before_a_day_is_scored_the_test_is_the_latest(evidence, policy):
    section = stability_section(evidence, policy=policy)
    assert section.answer.startswith("From development to the out-of-time test")
    assert set(section.table["now"]) == {"test"}
    assert "No day has been scored yet" in section.note


def test_scores_that_went_missing_move_the_index(evidence, policy, graded):
    gone = graded["customer_id"] < "C01500"
    missing = graded.assign(score=graded["score"].mask(gone), grade=graded["grade"].mask(gone))
    section = stability_section(evidence, policy=policy, graded=missing)
    table = by_measure(section)
    assert section.verdict is Verdict.REVIEW
    for measure in ("PSI of the score", "PSI of the grades"):
        assert table.loc[(measure, "2024-12-31"), "verdict"] == "review"
    assert section.figure.charts[0].x.ticks[-1] == "missing"


def test_customers_that_crowd_into_one_grade_are_concentrated_as_the_ecb_counts(evidence, policy, graded):
    section = stability_section(evidence, policy=policy, graded=graded.assign(grade="C1"))
    row = by_measure(section).loc[("concentration over grades", "2024-12-31")]
    before = evidence.cohort["grade"].value_counts().reindex(policy.master_scale.labels, fill_value=0)
    now = np.where(before.index == "C1", len(graded), 0)
    expected = validation.concentration(now, before)
    assert row["value"] == pytest.approx(1.0)
    assert (row["before_value"], row["p_value"]) == (expected.initial, expected.p_value)
    # With fifteen grades the ECB's statistic stays small even then, which the note says.
    assert expected.p_value > 0.05
    assert "little power" in section.note


def test_who_is_in_default_has_no_part_in_it(evidence, policy, graded):
    failed = graded.assign(in_default_flag=graded["customer_id"] < "C01500")
    worst = failed.assign(grade=failed["grade"].mask(failed["in_default_flag"], "E3"))
    assert stability_section(evidence, policy=policy, graded=worst).verdict is Verdict.PASS


def test_grades_that_rank_worse_than_in_the_test_ask_for_a_review(evidence, policy, frame, graded):
    rng = np.random.default_rng(3)
    known = graded.assign(default_flag=rng.permutation(frame.loc[graded.index, "default_flag"]))
    section = stability_section(evidence, policy=policy, graded=known)
    row = section.table.set_index("measure").loc["AUC on grades"]
    assert row["verdict"] == "review"
    assert row["source"] == "ECB 2019, 2.5.4"
    assert "AUC on grades: 0.4" in section.answer


def test_without_an_outcome_of_a_scored_day_nothing_is_said_of_its_auc(evidence, policy, graded):
    assert "AUC on grades" not in set(stability_section(evidence, policy=policy, graded=graded).table["measure"])


def test_a_bundle_without_a_development_row_leaves_it_open(frame, policy):
    evidence = Evidence(frame=frame[frame["split"] == "test"], horizon_months=12)
    assert stability_section(evidence, policy=policy).verdict is Verdict.UNKNOWN


def test_nothing_of_the_stability_stays_english_in_chinese(evidence, policy, frame, graded, still_english):
    rng = np.random.default_rng(3)
    gone = graded["customer_id"] < "C01500"
    told = [
        stability_section(evidence, policy=policy, graded=one)
        for one in (
            None,
            graded.assign(default_flag=rng.permutation(frame.loc[graded.index, "default_flag"])),
            graded.assign(score=graded["score"].mask(gone), grade=graded["grade"].mask(gone)),
        )
    ]
    told.append(stability_section(Evidence(frame=frame[frame["split"] == "test"], horizon_months=12), policy=policy))
    assert {one.verdict for one in told} == {Verdict.PASS, Verdict.REVIEW, Verdict.UNKNOWN}
    assert still_english(told) == []
    assert "等级 AUC：0." in language_of("zh").say(told[1].answer)
    assert "2024-12 至 2024-12 的每日评分" in translated(told[1], language_of("zh")).table["now"].tolist()
