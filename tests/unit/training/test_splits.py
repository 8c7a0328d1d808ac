"""Periods follow each other in time, and strangers stay strangers."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from creditscore.domain import month_ends
from creditscore.errors import ParameterError
from creditscore_training.splits import Periods, assign, held_out_customers, split_table, window_ends

DAYS = month_ends(date(2022, 1, 1), date(2023, 12, 31))


@pytest.fixture(scope="module")
def panel():
    """Two hundred customers on 24 month ends; every fifth defaults."""
    customers = [f"C{number:03d}" for number in range(200)]
    frame = pd.MultiIndex.from_product([customers, pd.to_datetime(DAYS)], names=["customer_id", "as_of"]).to_frame(
        index=False
    )
    frame["as_of"] = frame["as_of"].astype("datetime64[ms]")
    frame["default_flag"] = (frame["customer_id"].str[1:].astype(int) % 5 == 0).astype(float)
    return frame


def test_missing_bounds_follow_from_the_shares_of_the_days():
    periods = Periods(development_share=0.5, calibration_share=0.25).resolved(DAYS)
    assert periods.development_until == date(2022, 12, 31)
    assert periods.calibration_until == date(2023, 6, 30)
    assert periods.test_until == date(2023, 12, 31)


def test_given_bounds_stand_and_only_the_others_follow_from_the_shares():
    periods = Periods(development_until=date(2022, 6, 30), test_until=date(2023, 10, 31)).resolved(DAYS)
    assert periods.development_until == date(2022, 6, 30)
    assert periods.calibration_until == date(2023, 6, 30)
    assert periods.test_until == date(2023, 10, 31)


def test_three_days_give_one_to_each_period():
    periods = Periods(development_share=0.4, calibration_share=0.3).resolved(DAYS[:3])
    assert [periods.development_until, periods.calibration_until, periods.test_until] == DAYS[:3]


@pytest.mark.parametrize("days", [[], DAYS[:1], DAYS[:2]])
def test_fewer_than_three_days_are_refused(days):
    with pytest.raises(ParameterError, match=f"There are {len(days)} days of observation"):
        Periods().resolved(days)


@pytest.mark.parametrize(
    "broken",
    [
        {"development_share": 0.8, "calibration_share": 0.2},
        {"development_share": 0.0},
        {"calibration_share": -0.1},
        {"unseen_share": 1.0},
        {"unseen_share": -0.1},
        {"min_defaults": 0},
        {"development_until": date(2023, 1, 31), "calibration_until": date(2023, 1, 31)},
        {"development_until": date(2023, 1, 31), "test_until": date(2022, 1, 31)},
    ],
)
def test_periods_that_leave_nothing_are_refused(broken):
    with pytest.raises(ParameterError, match="Periods"):
        Periods(**broken)


def test_a_bound_given_after_those_that_follow_from_shares_is_refused():
    with pytest.raises(ParameterError, match="do not follow each other"):
        Periods(development_until=date(2023, 11, 30)).resolved(DAYS)


def test_each_row_belongs_to_the_period_of_its_day(panel):
    periods = Periods(
        development_until=date(2022, 12, 31), calibration_until=date(2023, 6, 30), test_until=date(2023, 11, 30)
    )
    rows = assign(panel, periods)
    bounds = rows.groupby("split")["as_of"].agg(["min", "max"])
    assert bounds.loc["development", "max"] == pd.Timestamp("2022-12-31")
    assert bounds.loc["calibration", "min"] == pd.Timestamp("2023-01-31")
    assert bounds.loc["calibration", "max"] == pd.Timestamp("2023-06-30")
    assert bounds.loc["test", "min"] == pd.Timestamp("2023-07-31")
    assert bounds.loc["test", "max"] == pd.Timestamp("2023-11-30")


def test_held_out_customers_appear_in_the_test_only_and_are_flagged(panel):
    rows = assign(panel, Periods(unseen_share=0.3).resolved(DAYS))
    before = set(rows.loc[rows["split"] != "test", "customer_id"])
    unseen = set(rows.loc[rows["unseen_flag"], "customer_id"])
    assert 30 <= len(unseen) <= 90
    assert before.isdisjoint(unseen)
    assert before | unseen == set(panel["customer_id"])
    assert set(rows.loc[rows["unseen_flag"], "split"]) == {"test"}


def test_a_newcomer_of_the_test_period_is_unseen_even_if_nobody_is_held_out(panel):
    newcomer = panel["customer_id"].eq("C001")
    rows = assign(panel[~newcomer | (panel["as_of"] > "2023-08-01")], Periods(unseen_share=0.0).resolved(DAYS))
    assert set(rows.loc[rows["unseen_flag"], "customer_id"]) == {"C001"}


def test_who_is_held_out_depends_on_the_customer_alone(panel):
    customers = panel["customer_id"]
    chosen = held_out_customers(customers, share=0.2)
    shuffled = customers.sample(frac=1, random_state=3)
    assert (held_out_customers(shuffled, share=0.2) == chosen[shuffled.index]).all()
    assert not held_out_customers(customers, share=0.0).any()


def test_who_is_held_out_at_a_small_share_is_held_out_at_a_larger_one(panel):
    few = held_out_customers(panel["customer_id"], share=0.1)
    more = held_out_customers(panel["customer_id"], share=0.4)
    assert few.any()
    assert more[few].all()


@pytest.mark.parametrize("split", ["development", "calibration", "test"])
def test_a_period_with_too_few_defaults_is_refused_by_name(panel, split):
    periods = Periods(unseen_share=0.0).resolved(DAYS)
    ends = {
        "development": (DAYS[0], periods.development_until),
        "calibration": (periods.development_until, periods.calibration_until),
    }
    first, last = ends.get(split, (periods.calibration_until, DAYS[-1]))
    inside = panel["as_of"].between(pd.Timestamp(first), pd.Timestamp(last), inclusive="both")
    thin = panel.assign(default_flag=np.where(inside, 0.0, panel["default_flag"]))
    with pytest.raises(ParameterError, match=f"period '{split}': It has 0 defaults"):
        assign(thin, periods)


def test_a_panel_of_one_class_is_refused(panel):
    with pytest.raises(ParameterError, match="and 0 non-defaults; 10 of each are needed"):
        assign(panel.assign(default_flag=1.0), Periods().resolved(DAYS))


def test_the_table_counts_outcome_windows_that_reach_into_the_next_period(panel):
    rows = assign(panel, Periods(development_share=0.5, calibration_share=0.25, unseen_share=0.0).resolved(DAYS))
    table = split_table(rows, horizon_months=3).set_index("split")
    # Windows of 3 months from the last 3 of 12 month ends end on or after 2023-01-31, the first day of calibration.
    assert table.loc["development", "overlap_count"] == 3 * 200
    assert table.loc["calibration", "overlap_count"] == 3 * 200
    assert table.loc["test", "overlap_count"] == 0
    assert table.loc["development", "row_count"] == 12 * 200
    assert table.loc["development", "default_count"] == 12 * 40
    assert table.loc["development", "defaulter_count"] == 40
    assert table.loc["test", "outcomes_until"] == pd.Timestamp("2024-03-31")


def test_a_year_of_horizon_makes_every_late_window_overlap(panel):
    rows = assign(panel, Periods(development_share=0.5, calibration_share=0.25, unseen_share=0.0).resolved(DAYS))
    table = split_table(rows, horizon_months=12).set_index("split")
    assert table.loc["development", "overlap_count"] == 12 * 200


def test_a_window_from_a_month_end_ends_on_a_month_end():
    days = pd.Series(pd.to_datetime(["2023-02-28", "2023-02-28", "2023-03-15"]))
    assert window_ends(days, months=12).dt.strftime("%Y-%m-%d").tolist() == ["2024-02-29", "2024-02-29", "2024-03-15"]
