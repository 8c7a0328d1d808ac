"""Laws of the folds, for any panel and any plan that can be cut."""

from datetime import date

import numpy as np
import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from creditscore.domain import add_months, month_ends
from creditscore.errors import ParameterError
from creditscore_training.folds import FoldPlan, time_ordered_folds

DAYS = month_ends(date(2018, 1, 1), date(2022, 12, 31))


@st.composite
def panels(draw):
    """Up to eighty customers, each on some of up to thirty month ends, a third of the rows in default."""
    days = sorted(draw(st.sets(st.sampled_from(DAYS), min_size=4, max_size=30)))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    names = [f"C{number}" for number in range(draw(st.integers(40, 80)))]
    frame = pd.MultiIndex.from_product([names, pd.to_datetime(days)], names=["customer_id", "as_of"]).to_frame(
        index=False
    )
    frame["default_flag"] = (rng.random(len(frame)) < 1 / 3).astype(float)
    return frame[rng.random(len(frame)) < 0.8].reset_index(drop=True)


PLANS = st.builds(
    FoldPlan,
    folds=st.integers(2, 4),
    gap_months=st.none() | st.integers(0, 6),
    calibration_share=st.floats(0.2, 0.5),
    min_defaults=st.just(1),
)


def cut(rows, plan, horizon):
    try:
        return time_ordered_folds(rows, plan, horizon_months=horizon)
    except ParameterError:
        assume(False)  # noqa: FBT003 - too thin to be cut, which is refused with a sentence


@settings(max_examples=60, deadline=None)
@given(rows=panels(), plan=PLANS, horizon=st.integers(1, 12))
def test_no_training_day_is_on_or_after_a_validation_day_and_the_gap_lies_between(rows, plan, horizon):
    for fold in cut(rows, plan, horizon):
        learned = rows.loc[fold.training | fold.calibration, "as_of"]
        assert learned.max() < rows.loc[fold.validation, "as_of"].min()
        assert all(add_months(day.date(), fold.gap_months) <= fold.validated_from for day in learned.unique())


@settings(max_examples=60, deadline=None)
@given(rows=panels(), plan=PLANS, horizon=st.integers(1, 12))
def test_no_customer_is_in_two_parts_of_a_fold_and_none_validates_twice(rows, plan, horizon):
    validated = set()
    for fold in cut(rows, plan, horizon):
        parts = [set(rows.loc[flags, "customer_id"]) for flags in (fold.training, fold.calibration, fold.validation)]
        assert len(set.union(*parts)) == sum(len(part) for part in parts)
        assert not validated & parts[2]
        validated |= parts[2]


@settings(max_examples=60, deadline=None)
@given(rows=panels(), plan=PLANS, horizon=st.integers(1, 12))
def test_validations_follow_each_other_and_no_gap_is_longer_than_the_horizon_unless_it_is_asked_for(
    rows, plan, horizon
):
    folds = cut(rows, plan, horizon)
    starts = [fold.validated_from for fold in folds]
    assert starts == sorted(set(starts))
    assert {fold.gap_months for fold in folds} == {folds[0].gap_months}
    assert folds[0].gap_months <= (horizon if plan.gap_months is None else plan.gap_months)


@settings(max_examples=30, deadline=None)
@given(rows=panels(), plan=PLANS, horizon=st.integers(1, 12), seed=st.integers(0, 100))
def test_the_order_of_the_rows_and_the_customers_who_join_move_nobody(rows, plan, horizon, seed):
    folds = cut(rows, plan, horizon)
    shuffled = rows.sample(frac=1, random_state=seed)
    more = shuffled.assign(customer_id="new_" + shuffled["customer_id"])
    both = pd.concat([shuffled, more])
    order = np.argsort(shuffled.index.to_numpy())
    for fold, again in zip(folds, cut(both, plan, horizon), strict=True):
        assert (again.training[: len(rows)][order] == fold.training).all()
        assert (again.validation[: len(rows)][order] == fold.validation).all()
