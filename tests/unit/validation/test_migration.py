"""Migrations between grades: extreme matrices, the signs of the test, refusals."""

import math

import numpy as np
import pytest

from creditscore.errors import ParameterError
from creditscore.validation import migration_bandwidth, migration_z


def test_extreme_migrations_have_bandwidth_one():
    found = migration_bandwidth([[5, 0, 5], [0, 10, 0], [5, 0, 5]])
    assert (found.upper, found.lower) == (1.0, 1.0)


def test_without_migrations_there_is_no_bandwidth():
    found = migration_bandwidth(np.diag([5, 6, 7]))
    assert math.isnan(found.upper)
    assert math.isnan(found.lower)


def test_defaults_and_leavers_do_not_change_the_bandwidth():
    matrix = np.array([[90, 6, 1], [8, 150, 12], [1, 9, 60]])
    with_exits = np.column_stack((matrix, [[2, 0, 3], [4, 1, 5], [9, 0, 2]]))
    assert migration_bandwidth(with_exits) == migration_bandwidth(matrix)


def test_a_row_counts_all_of_its_customers():
    # Row 1: shares 0.06 and 0.01 of 100; z = 0.05 / sqrt((0.06*0.94 + 0.01*0.99 + 2*0.06*0.01) / 100).
    found = migration_z([[90, 6, 1, 2, 0, 1], [8, 150, 12, 0, 0, 0], [1, 9, 60, 0, 0, 0]])
    assert found.statistic[0, 2] == pytest.approx(0.05 / math.sqrt((0.0564 + 0.0099 + 0.0012) / 100))


def test_a_farther_migration_that_is_the_more_likely_has_a_small_p_value_on_both_sides():
    found = migration_z([[80, 2, 18], [10, 80, 10], [18, 2, 80]])
    assert found.p_value[0, 2] < 0.001
    assert found.p_value[2, 0] < 0.001
    assert found.p_value[0, 1] > 0.999
    assert found.p_value[2, 1] > 0.999


def test_the_diagonal_and_cells_without_customers_stay_blank():
    found = migration_z([[80, 0, 0], [0, 0, 0], [1, 2, 80]])
    assert np.isnan(np.diag(found.statistic)).all()
    assert np.isnan(found.statistic[1]).all()
    assert math.isnan(found.statistic[0, 2])  # neither cell was reached
    assert np.isfinite(found.statistic[2, :2]).all()


@pytest.mark.parametrize(
    "matrix", [[[1]], [[1, 2], [3, -4]], [1, 2], [[1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]], [[1, math.nan], [2, 3]]]
)
def test_what_is_no_migration_matrix_is_refused(matrix):
    with pytest.raises(ParameterError, match="K >= 2 rows"):
        migration_bandwidth(matrix)
