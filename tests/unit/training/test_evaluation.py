"""What the models say is measured out of time, with what was known on the day."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest

from creditscore import validation
from creditscore.policy import load_policy
from creditscore_training.evaluation import evaluation_frame, first_tested, measure, reference_frame, with_segments
from creditscore_training.fitting import Candidates

DAYS = pd.to_datetime(["2022-01-31", "2022-02-28", "2022-03-31"]).astype("datetime64[ms]")
SPLITS = np.array(["development", "calibration", "test"])


@pytest.fixture
def rows():
    """Four hundred customers on one day of each period; every fourth defaults; the last hundred are strangers."""
    number = np.repeat(np.arange(400), 3)
    return pd.DataFrame(
        {
            "customer_id": [f"C{one:03d}" for one in number],
            "as_of": np.tile(DAYS, 400),
            "default_flag": (number % 4 == 0).astype(float),
            "split": np.tile(SPLITS, 400),
            "unseen_flag": (number >= 300) & (np.tile(SPLITS, 400) == "test"),
            "open_amount": np.where(number % 10 == 0, np.nan, 1_000.0 * number),
            "industry_code": "I1",
            "region": "N",
            "onboarded_on": DAYS[0] - pd.Timedelta(days=1461),
            "default_on": pd.NaT,
        }
    )


@pytest.fixture
def candidates(rows):
    rng = np.random.default_rng(5)
    log_odds = -1.5 + 1.2 * rows["default_flag"].to_numpy() + rng.normal(size=len(rows))
    probability = 1 / (1 + np.exp(-log_odds))
    return Candidates(
        model=None,
        log_odds=log_odds,
        default_probability=probability,
        baselines={"logistic": np.full(len(rows), 0.25), "single": probability**2},
    )


@pytest.fixture
def evaluation(rows, candidates):
    return evaluation_frame(rows, candidates, policy=load_policy(), horizon_months=3)


def test_the_probability_is_named_after_its_horizon(evaluation, candidates):
    assert (evaluation["pd_3m"] == candidates.default_probability).all()
    assert "pd_12m" not in evaluation


def test_score_grade_and_colour_come_from_the_policy(evaluation):
    assert evaluation["score"].between(0, 100).all()
    assert set(evaluation["colour"]) <= {"green", "yellow", "red"}
    assert (evaluation.sort_values("log_odds")["score"].diff().dropna() <= 0).all()


def test_an_unknown_exposure_stays_unknown_and_a_known_one_is_whole(evaluation):
    of = evaluation.drop_duplicates("customer_id").set_index("customer_id")["exposure_amount"]
    assert of.dtype == "Int64"
    assert of["C010"] is pd.NA
    assert of["C011"] == 11_000


def test_metrics_are_those_of_the_test_rows_alone(evaluation):
    metrics = measure(evaluation, horizon_months=3)
    test = evaluation[evaluation["split"] == "test"]
    expected = validation.auc(test["default_flag"], test["pd_3m"])
    assert (metrics["auc_test"], metrics["auc_test_low"], metrics["auc_test_high"]) == (
        expected.value,
        expected.low,
        expected.high,
    )
    assert metrics["row_count_test"] == 400
    assert metrics["default_count_test"] == 100
    assert metrics["gini_test"] == pytest.approx(2 * metrics["auc_test"] - 1)


def test_the_auc_on_strangers_uses_strangers_alone(evaluation):
    metrics = measure(evaluation, horizon_months=3)
    strangers = evaluation[evaluation["unseen_flag"]]
    assert len(strangers) == 100
    assert metrics["auc_test_unseen"] == validation.auc(strangers["default_flag"], strangers["pd_3m"]).value


def test_the_auc_on_strangers_is_missing_where_there_are_none(evaluation):
    metrics = measure(evaluation.assign(unseen_flag=False), horizon_months=3)
    assert math.isnan(metrics["auc_test_unseen"])


def test_baselines_are_compared_on_the_same_rows(evaluation):
    metrics = measure(evaluation, horizon_months=3)
    assert metrics["auc_test_logistic"] == 0.5
    assert metrics["auc_gain_over_logistic"] == pytest.approx(metrics["auc_test"] - 0.5)
    assert metrics["delong_p_logistic"] < 1e-6
    assert metrics["auc_test_single"] == pytest.approx(metrics["auc_test"])
    assert metrics["auc_gain_over_single"] == pytest.approx(0.0)


def test_the_segments_are_those_known_on_the_day():
    rows = pd.DataFrame({"customer_id": ["A", "A", "B"], "as_of": [DAYS[0], DAYS[2], DAYS[0]]})
    customers = pd.DataFrame(
        {
            "customer_id": ["A", "A", "B"],
            "known_on": pd.to_datetime(["2022-01-01", "2022-02-15", "2022-01-01"]),
            "industry_code": ["I1", "I2", None],
            "region": ["N", "S", "N"],
            "onboarded_on": [date(2019, 5, 1), date(2018, 5, 1), None],
        }
    )
    joined = with_segments(rows, customers)
    assert joined["industry_code"].tolist()[:2] == ["I1", "I2"]
    assert joined["region"].tolist() == ["N", "S", "N"]
    assert pd.isna(joined["industry_code"].iloc[2])
    assert joined["onboarded_on"].dt.year.tolist()[:2] == [2019, 2018]
    assert pd.isna(joined["onboarded_on"].iloc[2])


def test_the_evaluation_knows_how_long_each_has_been_a_customer_and_when_it_defaulted(evaluation):
    assert evaluation.loc[0, "cooperation_years"] == pytest.approx(4.0)
    assert evaluation["default_on"].isna().all()


def test_the_features_of_each_out_of_time_customer_are_kept_once(rows):
    later = rows[rows["split"] == "test"].assign(as_of=DAYS[2] + pd.Timedelta(days=31), open_amount=-1.0)
    tested = first_tested(pd.concat([rows, later]), features=["open_amount"], seed=3)
    assert tested["customer_id"].tolist() == sorted(rows["customer_id"].unique())
    assert (tested["as_of"] == DAYS[2]).all()
    assert list(tested.columns) == ["customer_id", "as_of", "drawn_flag", "open_amount"]
    assert tested["drawn_flag"].all()


def test_of_many_customers_some_are_drawn_and_every_default_is_kept(rows, monkeypatch):
    monkeypatch.setattr("creditscore_training.evaluation.TESTED_ROWS", 50)
    tested = first_tested(rows, features=["open_amount"], seed=3)
    defaulted = rows.loc[rows["default_flag"] == 1, "customer_id"].unique()
    assert tested["drawn_flag"].sum() == 50
    assert set(defaulted) <= set(tested["customer_id"])
    assert len(tested) < len(defaulted) + 50
    pd.testing.assert_frame_equal(tested, first_tested(rows, features=["open_amount"], seed=3))


def test_the_reference_is_drawn_from_development_alone_and_the_same_each_time(rows, evaluation, monkeypatch):
    monkeypatch.setattr("creditscore_training.evaluation.REFERENCE_ROWS", 50)
    first = reference_frame(rows, evaluation, features=["open_amount"], seed=3)
    again = reference_frame(rows, evaluation, features=["open_amount"], seed=3)
    assert len(first) == 50
    assert (first["as_of"] == DAYS[0]).all()
    assert list(first.columns) == ["customer_id", "as_of", "open_amount", "score", "grade"]
    pd.testing.assert_frame_equal(first, again)
