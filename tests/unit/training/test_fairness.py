"""How customers of different regions and industries are treated is told of each customer once."""

import numpy as np
import pandas as pd
import pytest

from creditscore import validation
from creditscore_training.fairness import fairness_metrics, fairness_table


@pytest.fixture
def evaluation():
    """Three hundred customers on two days of the test: the north is told the truth, the south a tenth of it."""
    number = np.repeat(np.arange(300), 2)
    north = number < 200
    return pd.DataFrame(
        {
            "customer_id": [f"C{one:03d}" for one in number],
            "as_of": np.tile(pd.to_datetime(["2022-01-31", "2022-02-28"]), 300),
            "split": "test",
            "default_flag": (number % 4 == 0).astype(float),
            "pd_12m": np.where(north, 0.25, 0.025) + number / 1e6,
            "colour": np.where(number % 2 == 0, "green", "red"),
            "region": np.where(north, "N", "S"),
            "industry_code": pd.Series(np.where(number < 290, "I1", None), dtype="str"),
        }
    )


@pytest.fixture
def table(evaluation):
    learned = evaluation.assign(split="development", region="elsewhere")
    return fairness_table(pd.concat([evaluation, learned]), horizon_months=12).set_index(["kind", "segment"])


def test_each_customer_of_the_test_counts_once_in_its_region_and_once_in_its_industry(table):
    assert table.index.tolist() == [("region", "N"), ("region", "S"), ("industry", "I1"), ("industry", "not stated")]
    assert table["customer_count"].tolist() == [200, 100, 290, 10]
    assert table.loc[("region", "N"), "default_count"] == 50


def test_the_observed_rate_stands_beside_the_mean_pd_with_its_interval(table):
    low, high = validation.jeffreys_interval([100], [25])
    south = table.loc[("region", "S")]
    assert south["mean_pd"] == pytest.approx(0.025, abs=1e-3)
    assert (south["default_rate"], south["default_rate_low"], south["default_rate_high"]) == (0.25, low[0], high[0])


def test_the_shares_of_the_colours_add_up_to_one(table):
    assert (table["green_share"] + table["yellow_share"] + table["red_share"]).tolist() == [1.0] * 4
    assert table.loc[("region", "N"), "green_share"] == 0.5


def test_a_segment_with_few_defaults_has_no_auc(table):
    assert table["auc"].notna().tolist() == [True, True, True, False]


def test_segments_whose_risk_is_surely_misstated_are_counted(table):
    metrics = fairness_metrics(table.reset_index())
    assert metrics["fairness_region_count"] == 2
    assert metrics["fairness_region_understated_count"] == 1
    assert metrics["fairness_region_overstated_count"] == 0
    assert metrics["fairness_region_auc_smallest"] <= metrics["fairness_region_auc_largest"]
