"""Laws of validation that hold for any data."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from creditscore.validation import (
    auc,
    brier,
    brier_decomposition,
    calibration_table,
    jeffreys,
    ks,
    paired_delong,
    psi,
    psi_categorical,
    roc_curve,
)

UNHURRIED = settings(deadline=None)  # a busy machine breaks no law
PROBABILITIES = st.integers(0, 1000).map(lambda thousandths: thousandths / 1000)
COUNTS = arrays(np.int64, 5, elements=st.integers(1, 500))


@st.composite
def labelled_rows(draw):
    size = draw(st.integers(2, 60))
    flag = draw(arrays(np.int64, size, elements=st.integers(0, 1)))
    flag[0], flag[1] = 0, 1
    return flag, draw(arrays(np.float64, size, elements=PROBABILITIES))


@st.composite
def columns(draw):
    values = st.one_of(st.just(math.nan), st.integers(-5, 5).map(float), st.floats(-1e9, 1e9))
    return np.array(draw(st.lists(values, min_size=1, max_size=60)))


@UNHURRIED
@given(labelled_rows())
def test_any_increasing_transform_ranks_the_same(rows):
    flag, probability = rows
    assert auc(flag, 3 * probability**3 - 2) == auc(flag, probability)


@UNHURRIED
@given(labelled_rows())
def test_turning_labels_or_ranking_round_mirrors_the_auc(rows):
    flag, probability = rows
    assert auc(flag, -probability).value == pytest.approx(1 - auc(flag, probability).value)
    assert auc(1 - flag, probability).value == pytest.approx(1 - auc(flag, probability).value)


@UNHURRIED
@given(labelled_rows())
def test_the_order_of_rows_does_not_matter(rows):
    flag, probability = rows
    assert auc(flag[::-1], probability[::-1]).value == pytest.approx(auc(flag, probability).value, abs=1e-12)
    assert ks(flag[::-1], probability[::-1]) == ks(flag, probability)


@UNHURRIED
@given(labelled_rows())
def test_values_lie_in_their_range_and_in_their_interval(rows):
    for metric in (auc, ks, brier):
        found = metric(*rows)
        assert 0 <= found.value <= 1
        assert not found.known or 0 <= found.low <= found.value <= found.high <= 1


@UNHURRIED
@given(labelled_rows())
def test_curves_never_fall(rows):
    curve = roc_curve(*rows)
    assert (np.diff(curve.x) >= 0).all()
    assert (np.diff(curve.y) >= 0).all()


@UNHURRIED
@given(labelled_rows())
def test_comparing_models_the_other_way_round_turns_the_sign(rows):
    flag, probability = rows
    other = np.roll(probability, 1)
    one, two = paired_delong(flag, probability, other), paired_delong(flag, other, probability)
    assert one.difference == pytest.approx(-two.difference)
    assert one.standard_error == pytest.approx(two.standard_error, abs=1e-12)


@UNHURRIED
@given(labelled_rows(), st.integers(2, 12))
def test_brier_parts_add_up_and_none_but_the_within_part_is_negative(rows, bins):
    parts = brier_decomposition(*rows, bins=bins)
    rebuilt = parts.reliability - parts.resolution + parts.uncertainty + parts.within_bins
    assert rebuilt == pytest.approx(parts.brier, abs=1e-12)
    assert min(parts.reliability, parts.resolution, parts.uncertainty) >= 0
    exact = brier_decomposition(*rows)
    assert exact.reliability - exact.resolution + exact.uncertainty == pytest.approx(exact.brier, abs=1e-12)


@UNHURRIED
@given(labelled_rows(), st.integers(2, 12))
def test_the_calibration_table_loses_nobody(rows, bins):
    flag, probability = rows
    table = calibration_table(flag, probability, bins=bins)
    assert sum(row.customer_count for row in table) == flag.size
    assert sum(row.default_count for row in table) == flag.sum()
    assert all(row.rate_low <= row.default_rate <= row.rate_high for row in table)


@UNHURRIED
@given(st.integers(1, 2000), st.data())
def test_a_higher_pd_is_never_the_more_understated(customers, data):
    defaults = data.draw(st.integers(0, customers))
    low, high = sorted((data.draw(PROBABILITIES), data.draw(PROBABILITIES)))
    assert jeffreys(low, customers, defaults) <= jeffreys(high, customers, defaults)


@UNHURRIED
@given(columns(), columns())
def test_the_index_is_finite_not_negative_and_counts_every_row(reference, current):
    found = psi(reference, current)
    assert math.isfinite(found.value)
    assert found.value >= -1e-12
    assert sum(part.reference_share for part in found.bins) == pytest.approx(1)
    assert sum(part.current_share for part in found.bins) == pytest.approx(1)


@UNHURRIED
@given(columns())
def test_a_column_has_not_moved_from_itself(column):
    assert psi(column, column).value == 0.0


@UNHURRIED
@given(COUNTS, COUNTS, st.permutations(range(5)))
def test_the_order_of_classes_does_not_matter(reference, current, order):
    there = psi_categorical(reference, current).value
    assert psi_categorical(reference[order], current[order]).value == pytest.approx(there)
    assert psi_categorical(current, reference).value == pytest.approx(there)
