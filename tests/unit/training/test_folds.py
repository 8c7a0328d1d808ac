"""Where folds begin and end, and which panels cannot be cut."""

from datetime import date

import pandas as pd
import pytest

from creditscore.domain import month_ends
from creditscore.errors import ParameterError
from creditscore_training.folds import FoldPlan, time_ordered_folds


def panel(months, customers=300):
    days = month_ends(date(2020, 1, 31), date(2029, 12, 31))[:months]
    names = [f"C{number:03d}" for number in range(customers)]
    frame = pd.MultiIndex.from_product([names, pd.to_datetime(days)], names=["customer_id", "as_of"]).to_frame(
        index=False
    )
    return frame.assign(default_flag=(frame["customer_id"].str[1:].astype(int) % 4 == 0).astype(float))


def test_a_long_history_keeps_the_whole_horizon_as_a_gap():
    folds = time_ordered_folds(panel(36), FoldPlan(), horizon_months=12)
    assert [fold.gap_months for fold in folds] == [12, 12, 12]
    assert [fold.validated_from for fold in folds] == [date(2021, 7, 31), date(2022, 1, 31), date(2022, 7, 31)]


def test_a_short_history_keeps_the_longest_gap_that_leaves_a_third_of_the_earlier_days():
    rows = panel(7)
    folds = time_ordered_folds(rows, FoldPlan(), horizon_months=12)
    assert folds[0].validated_from == date(2020, 5, 31)  # after four days, of which two are kept
    assert folds[0].gap_months == 3
    assert rows.loc[folds[0].training, "as_of"].max() == pd.Timestamp(2020, 2, 29)


def test_each_fold_learns_from_more_days_than_the_one_before():
    rows = panel(24)
    counts = [
        rows.loc[fold.training, "as_of"].nunique() for fold in time_ordered_folds(rows, FoldPlan(), horizon_months=6)
    ]
    assert counts == sorted(set(counts))


def test_the_later_half_of_the_days_validates_a_group_of_customers_a_block():
    rows = panel(24)
    folds = time_ordered_folds(rows, FoldPlan(folds=4), horizon_months=3)
    assert [rows.loc[fold.validation, "as_of"].nunique() for fold in folds] == [3, 3, 3, 3]
    validating = pd.concat([rows[fold.validation] for fold in folds])
    assert validating["customer_id"].nunique() == 300


@pytest.mark.parametrize("months", [1, 3])
def test_no_more_days_than_folds_are_refused(months):
    with pytest.raises(ParameterError, match=f"{months} days of observation for 3 folds"):
        time_ordered_folds(panel(months), FoldPlan(), horizon_months=12)


def test_a_part_without_defaults_is_refused_by_name():
    with pytest.raises(ParameterError, match="fold 1, training: It has 0 defaults"):
        time_ordered_folds(panel(12).assign(default_flag=0.0), FoldPlan(), horizon_months=3)


def test_a_gap_that_leaves_nothing_to_learn_from_is_refused():
    with pytest.raises(ParameterError, match="shorten the gap"):
        time_ordered_folds(panel(12), FoldPlan(gap_months=12), horizon_months=12)


@pytest.mark.parametrize(
    "broken",
    [{"folds": 1}, {"gap_months": -1}, {"calibration_share": 0.0}, {"calibration_share": 1.0}, {"min_defaults": 0}],
)
def test_a_plan_that_cannot_be_cut_is_refused(broken):
    with pytest.raises(ParameterError, match="FoldPlan"):
        FoldPlan(**broken)
