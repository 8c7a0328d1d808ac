from dataclasses import replace

import pandas as pd

from creditscore.domain import Verdict
from creditscore.reporting import Evidence, language_of
from creditscore.reporting.sections.origins import bundle_section, population_table, populations_section
from creditscore.reporting.translation import translated


def test_populations_give_counts_rates_and_days(evidence):
    table = population_table(evidence).set_index("population")
    assert table["observation_count"].to_dict() == {"development": 18000, "calibration": 6000, "test": 12000}
    assert table.loc["test", "first_on"] == pd.Timestamp("2023-06-30")


def test_periods_that_overlap_fail(frame):
    late = frame.assign(as_of=frame["as_of"].where(frame["split"] != "development", pd.Timestamp("2023-12-31")))
    assert populations_section(Evidence(frame=late, horizon_months=12)).verdict is Verdict.FAIL


def test_a_missing_period_fails(frame):
    evidence = Evidence(frame=frame[frame["split"] != "calibration"], horizon_months=12)
    assert populations_section(evidence).verdict is Verdict.FAIL


def test_importances_are_drawn_largest_first(bundle, policy):
    (chart,) = bundle_section(bundle, policy=policy).figure.charts
    assert list(chart.y.ticks) == ["overdue_ratio", "open_amount"]


def test_a_bundle_without_importances_draws_none(bundle, policy):
    assert bundle_section(replace(bundle, importances={}), policy=policy).figure is None


def test_the_bundle_is_named_by_its_whole_hash(bundle, policy):
    table = bundle_section(bundle, policy=policy).table.set_index("entry")["value"]
    assert table["bundle hash"] == bundle.hash
    assert table["policy at training"] == bundle.policy_hash


def test_nothing_of_it_stays_english_in_chinese(bundle, policy, frame, evidence, still_english):
    overlapping = Evidence(frame=frame[frame["split"] != "calibration"], horizon_months=12)
    populations = [populations_section(one) for one in (evidence, overlapping)]
    bundles = [bundle_section(one, policy=policy) for one in (bundle, replace(bundle, policy_hash="0" * 64))]
    assert {one.verdict for one in (*populations, *bundles)} == {Verdict.PASS, Verdict.FAIL, Verdict.REVIEW}
    assert still_english([*populations, *bundles]) == []
    table = translated(bundles[0], language_of("zh")).table.set_index("entry")["value"]
    assert table["期限"] == "12 个月"
    assert table["违约定义"].startswith("2024-1，哈希 ")
