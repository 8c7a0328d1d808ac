import numpy as np
import pandas as pd
import pytest

from creditscore.reporting.weak_spots import FEWEST_EXPECTED, Bounds, weak_spots


def customers(*, seed, doubled=None, count=4000):
    """Customers with a PD that is right, but for those whose first feature lies above 0.8 where it is ``doubled``."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "customer_id": [f"C{number:05d}" for number in range(count)],
            "pd_12m": rng.uniform(0.01, 0.2, count),
            "first": rng.random(count),
            "second": np.where(rng.random(count) < 0.2, np.nan, rng.random(count)),
        }
    )
    factor = np.where(frame["first"] > 0.8, doubled or 1.0, 1.0)
    return frame.assign(default_flag=(rng.random(count) < frame["pd_12m"] * factor).astype(float))


def found_in(frame, **more):
    return weak_spots(frame, columns=["first", "second"], pd_name="pd_12m", **more)


def test_a_segment_whose_risk_is_understated_is_found_and_confirmed_by_the_other_half():
    spots = found_in(customers(seed=1, doubled=3.0))
    assert spots.segments[0]["first"].low > 0.75
    assert spots.table["p_value"].iloc[0] < 1e-6


@pytest.mark.parametrize("seed", range(8))
def test_what_chance_shows_on_one_half_the_other_half_does_not_confirm(seed):
    table = found_in(customers(seed=seed)).table
    assert np.ptp(table["found_ratio"]) > 0.4
    assert table["p_value"].min() > 0.01 / len(table)


def test_the_segments_hold_each_customer_of_the_other_half_once():
    frame = customers(seed=2, doubled=2.0)
    spots = found_in(frame)
    assert (spots.found_count, spots.tested_count) == (2000, 2000)
    assert spots.table["customer_count"].sum() == 2000


def test_each_segment_says_what_its_customers_have_in_common():
    frame = customers(seed=2, doubled=2.0)
    spots = found_in(frame)
    held = pd.DataFrame({place: within(frame, segment) for place, segment in enumerate(spots.segments)})
    assert (held.sum(axis=1) == 1).all()
    assert held.sum().gt(spots.table["customer_count"]).all()


def within(frame, segment):
    held = pd.Series(data=True, index=frame.index)
    for name, bounds in segment.items():
        inside = (frame[name] > bounds.low) & (frame[name] <= bounds.high)
        held &= inside | (frame[name].isna() & bounds.missing)
    return held


def test_a_segment_is_large_enough_to_expect_some_defaults_where_it_is_found():
    frame = customers(seed=3, doubled=3.0, count=600)
    spots = found_in(frame)
    assert (spots.table["mean_pd"] * spots.table["customer_count"]).min() > FEWEST_EXPECTED / 2


def test_too_few_foretold_defaults_give_no_segment():
    assert found_in(customers(seed=4, count=100)) is None


def test_the_same_customers_in_another_order_give_the_same_segments():
    frame = customers(seed=5, doubled=2.0)
    first, again = found_in(frame), found_in(frame.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(first.table, again.table)
    assert first.segments == again.segments


def test_bounds_narrow_and_a_missing_value_must_do_at_each_of_them():
    narrowed = Bounds().above(1.0, missing=True).below(5.0, missing=False).above(0.5, missing=True)
    assert narrowed == Bounds(low=1.0, high=5.0, missing=False)
