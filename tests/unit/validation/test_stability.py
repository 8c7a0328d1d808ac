"""Stability: missing values, atoms and empty bins, and the benchmark that sampling gives."""

import math

import numpy as np
import pytest

from creditscore.errors import ParameterError
from creditscore.validation import psi, psi_categorical, psi_expected, two_proportion_p_value

NAN = math.nan


@pytest.fixture
def generator():
    return np.random.default_rng(12)


def labels(found):
    return [part.label for part in found.bins]


def test_reference_deciles_hold_a_tenth_each(generator):
    found = psi(generator.normal(size=1000), generator.normal(size=500))
    assert [part.reference_share for part in found.bins] == pytest.approx([0.1] * 10)
    assert found.value == pytest.approx(sum(part.contribution for part in found.bins))


def test_a_column_that_a_third_lost_is_seen_although_its_values_did_not_move(generator):
    reference = generator.normal(size=9000)
    current = np.where(np.arange(9000) % 3 == 0, NAN, reference)
    found = psi(reference, current)
    assert found.value > 1
    assert found.bins[-1].label == "missing"
    assert found.bins[-1].current_share == pytest.approx(1 / 3)


def test_missing_values_on_both_sides_are_a_bin_like_any_other(generator):
    reference, current = generator.normal(size=2000), generator.normal(size=2000)
    reference[::4], current[::4] = NAN, NAN
    found = psi(reference, current)
    assert len(found.bins) == 11
    assert found.bins[-1].contribution == 0.0


@pytest.mark.parametrize("moved_to", [-1.0, 1.0])
def test_a_constant_that_moves_either_way_is_seen(moved_to):
    found = psi(np.zeros(100), np.full(100, moved_to))
    # Two bins, each empty on one side, so 0.005 against 1 twice: 2 * 0.995 ln 200.
    assert found.value == pytest.approx(2 * 0.995 * math.log(200))


def test_the_zeros_of_a_count_are_a_bin_of_their_own():
    reference = np.array([0.0] * 60 + [1.0] * 20 + [2.0] * 20)
    assert labels(psi(reference, reference)) == ["= 0", "= 1", "= 2"]
    assert labels(psi(reference, np.append(reference, -3.0)))[0] == "< 0"


def test_bins_between_values_are_named_by_their_edges():
    found = psi([1, 2, 3, 4], [1, 2, 3, 4], bins=4)
    assert labels(found) == ["<= 1", "> 1 and <= 2", "> 2 and <= 3", "> 3"]


def test_two_identical_constants_have_no_index_and_no_p_value():
    found = psi([5.0] * 10, [5.0] * 20)
    assert (found.value, found.expected) == (0.0, 0.0)
    assert math.isnan(found.p_value)


@pytest.mark.parametrize(
    ("reference", "current", "names"),
    [
        ([NAN] * 4, [NAN] * 6, ["missing"]),
        ([NAN] * 4, [1.0] * 6, ["present", "missing"]),
        ([1.0] * 4, [NAN] * 6, ["= 1", "missing"]),
    ],
)
def test_columns_that_are_missing_altogether_are_compared_too(reference, current, names):
    found = psi(reference, current)
    assert labels(found) == names
    assert math.isfinite(found.value)
    assert (found.value > 1) == (len(names) == 2)


def test_infinite_values_fall_into_the_outer_bins(generator):
    reference = generator.normal(size=1000)
    found = psi(reference, np.where(np.arange(1000) < 500, np.inf, reference))
    assert found.bins[-1].current_share > 0.5
    assert math.isfinite(found.value)


def test_an_empty_class_counts_as_half_a_row():
    found = psi_categorical([90, 10, 0], [80, 0, 20])
    by_hand = 0.1 * math.log(0.9 / 0.8) + (0.1 - 0.005) * math.log(0.1 / 0.005) + (0.005 - 0.2) * math.log(0.005 / 0.2)
    assert found.value == pytest.approx(by_hand)
    assert [part.current_share for part in found.bins] == [0.8, 0.0, 0.2]  # shown as they are


def test_a_class_that_nobody_has_is_left_out():
    with_it, without = psi_categorical([5, 0, 5], [4, 0, 6]), psi_categorical([5, 5], [4, 6])
    assert (with_it.value, with_it.expected) == (without.value, without.expected)


def test_classes_keep_their_names():
    assert labels(psi_categorical([5, 5], [4, 6], labels=["green", "red"])) == ["green", "red"]


def test_sampling_alone_gives_the_index_that_the_benchmark_says(generator):
    found = [psi(generator.normal(size=2000), generator.normal(size=1000)) for _ in range(300)]
    assert np.mean([one.value for one in found]) == pytest.approx(psi_expected(10, 2000, 1000), rel=0.1)
    assert np.mean([one.p_value < 0.1 for one in found]) == pytest.approx(0.1, abs=0.05)


def test_the_index_is_the_same_both_ways_for_classes():
    assert psi_categorical([30, 50, 20], [10, 70, 20]).value == pytest.approx(
        psi_categorical([10, 70, 20], [30, 50, 20]).value
    )


def test_two_proportions_are_judged_by_the_pooled_z_test():
    z = 0.02 / math.sqrt(0.04 * 0.96 * (1 / 1000 + 1 / 1000))
    assert two_proportion_p_value((30, 50), (1000, 1000)) == pytest.approx(math.erfc(z / math.sqrt(2)))


@pytest.mark.parametrize("hits", [(0, 0), (10, 20)])
def test_two_proportions_without_variation_are_equal(hits):
    assert two_proportion_p_value(hits, (10, 20)) == 1.0


@pytest.mark.parametrize(
    ("call", "fix"),
    [
        (lambda: psi([], [1.0]), "at least one row"),
        (lambda: psi([1.0], []), "at least one row"),
        (lambda: psi([1.0], [1.0], bins=1), "at least 2 bins"),
        (lambda: psi(["a"], [1.0]), "Pass numbers"),
        (lambda: psi_categorical([1, 2], [1, 2, 3]), "one value for each class"),
        (lambda: psi_categorical([1, -2], [1, 2]), "one count of 0 or more"),
        (lambda: psi_categorical([0, 0], [1, 2]), "at least one row"),
        (lambda: psi_categorical([1, 2], [1, 2], labels=["green"]), "Name each class once"),
        (lambda: psi_expected(10, 0, 5), "at least one bin and one row"),
        (lambda: two_proportion_p_value((2, 0), (1, 1)), "0 <= hits <= rows"),
        (lambda: two_proportion_p_value((0, 0), (0, 1)), "0 <= hits <= rows"),
    ],
)
def test_degenerate_input_is_refused_with_what_to_do(call, fix):
    with pytest.raises(ParameterError, match=fix):
        call()
