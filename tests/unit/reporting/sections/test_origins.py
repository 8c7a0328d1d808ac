from dataclasses import replace

import pandas as pd

from creditscore.domain import Verdict
from creditscore.reporting import Evidence
from creditscore.reporting.sections.origins import bundle_section, population_table, populations_section


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
