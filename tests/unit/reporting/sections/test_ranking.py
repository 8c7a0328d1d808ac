import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from creditscore.domain import Verdict
from creditscore.reporting import Evidence
from creditscore.reporting.sections.ranking import comparison_section, ranking_section


def test_the_auc_is_that_of_scikit_learn_on_each_customer_once(evidence):
    table = ranking_section(evidence).table.set_index(["measure", "sample"])
    cohort = evidence.cohort
    expected = roc_auc_score(cohort["default_flag"], cohort["pd_12m"])
    assert table.loc[("AUC", "each customer once"), "value"] == pytest.approx(expected, abs=1e-12)


def test_observations_whose_windows_overlap_get_no_interval(evidence):
    table = ranking_section(evidence).table
    repeated = table["sample"] == "all observations"
    assert table.loc[repeated, ["low", "high"]].isna().all(axis=None)
    assert table.loc[~repeated, ["low", "high"]].notna().all(axis=None)


def test_a_model_that_ranks_by_chance_fails(frame):
    rng = np.random.default_rng(5)
    chance = frame.assign(pd_12m=rng.uniform(0.01, 0.2, len(frame)))
    assert ranking_section(Evidence(frame=chance, horizon_months=12)).verdict is Verdict.FAIL


def test_a_champion_ahead_of_both_baselines_passes(evidence):
    section = comparison_section(evidence)
    assert section.verdict is Verdict.PASS
    assert (section.table["champion_ahead_by"].iloc[1:] > 0).all()


def test_a_champion_surely_behind_the_logistic_regression_fails(frame):
    swapped = frame.rename(columns={"pd_12m": "pd_logistic", "pd_logistic": "pd_12m"})
    section = comparison_section(Evidence(frame=swapped, horizon_months=12))
    assert section.verdict is Verdict.FAIL
    assert "behind the logistic regression, surely" in section.answer


def test_a_champion_no_better_than_a_baseline_asks_for_a_review(frame):
    rng = np.random.default_rng(6)
    alike = frame.assign(pd_logistic=1 / (1 + np.exp(-frame["log_odds"] - rng.normal(0, 0.01, len(frame)))))
    assert comparison_section(Evidence(frame=alike, horizon_months=12)).verdict is Verdict.REVIEW


def test_customers_that_training_never_saw_are_judged_apart(frame):
    unseen = frame["customer_id"] > "C01500"
    table = ranking_section(Evidence(frame=frame.assign(unseen_flag=unseen), horizon_months=12)).table
    row = table[table["sample"] == "never seen in training"].iloc[0]
    assert row["observation_count"] == 1499
