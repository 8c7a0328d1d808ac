"""Trees as arrays: the leaves that LightGBM and scikit-learn find, kept to the bit, and refused when damaged."""

from dataclasses import replace

import lightgbm as lgb
import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier

from creditscore.errors import ParameterError
from creditscore.models import Trees, trees_of_lightgbm, trees_of_sklearn
from creditscore.models.trees import Attributions, Node

FOREST = {"boosting": "rf", "objective": "regression", "bagging_fraction": 0.6, "bagging_freq": 1}
BOOSTED = {"objective": "binary", "learning_rate": 0.1}
QUIET = {"verbose": -1, "num_threads": 1, "min_data_in_leaf": 20}
STUMP = Node(3, feature=0, threshold=0.5, children=(Node(1, value=1.0), Node(2, value=2.0)))


def booster_of(sample, rounds=30, *, whole=False, **parameters):
    X = np.nan_to_num(sample.X) if whole else sample.X
    chosen = {**QUIET, **parameters}
    return lgb.train(chosen, lgb.Dataset(X, sample.y, params=chosen), rounds)


@pytest.fixture(scope="module")
def trees(sample):
    return trees_of_lightgbm(booster_of(sample, **BOOSTED, max_depth=5))


@pytest.mark.parametrize("whole", [False, True], ids=["gaps in development", "gaps later only"])
@pytest.mark.parametrize("parameters", [{**FOREST, "max_depth": 6}, {**BOOSTED, "max_depth": 4}, {**BOOSTED}])
def test_the_sums_are_those_of_lightgbm_to_the_bit(sample, parameters, whole):
    booster = booster_of(sample, **parameters, whole=whole)
    sums = trees_of_lightgbm(booster).sums(sample.X_later)
    assert np.isnan(sample.X_later).any()
    np.testing.assert_array_equal(sums, booster.predict(sample.X_later, raw_score=True, num_threads=1))


def test_the_sums_are_those_of_scikit_learn_to_the_bit(sample):
    rounded, later = sample.X.astype(np.float32), sample.X_later.astype(np.float32)
    forest = RandomForestClassifier(20, min_samples_leaf=5, n_jobs=1, random_state=0).fit(rounded, sample.y)
    trees = trees_of_sklearn(forest)
    assert trees.depths.max() > 8
    assert np.isnan(later).any()
    np.testing.assert_array_equal(trees.sums(later.astype(np.float64)) / 20, forest.predict_proba(later)[:, 1])


@pytest.mark.parametrize("rows", [0, 1, 7, 8, 9, 256, 257, 1_500])
def test_a_row_has_the_same_sum_in_any_company(trees, sample, rows):
    np.testing.assert_array_equal(trees.sums(sample.X_later[:rows]), trees.sums(sample.X_later)[:rows])
    np.testing.assert_array_equal(trees.sums(sample.X_later[:rows], threads=3), trees.sums(sample.X_later)[:rows])


def test_a_stand_in_is_read_where_a_value_is_missing(trees, sample):
    stand_ins = np.array([0.3, np.nan, -1.0, np.nan])
    filled = np.where(np.isnan(sample.X_later), stand_ins, sample.X_later)
    np.testing.assert_array_equal(trees.sums(sample.X_later, stand_ins=stand_ins), trees.sums(filled))


@pytest.mark.parametrize("parameters", [{**FOREST, "max_depth": 8}, {**BOOSTED, "max_depth": 5}])
def test_attributions_are_those_of_lightgbm(sample, parameters):
    booster = booster_of(sample, **parameters, num_leaves=60)
    rows = np.vstack([sample.X_later[:200], np.full((1, 4), np.nan)])
    tables = Attributions.of(list(trees_of_lightgbm(booster).nodes()), features=4)
    theirs = booster.predict(rows, pred_contrib=True)
    np.testing.assert_allclose(tables(rows), theirs[:, :-1], rtol=0, atol=1e-9)
    np.testing.assert_allclose(tables.average, theirs[0, -1], rtol=0, atol=1e-9)


def test_arrays_come_back_from_bytes_and_equal_trees_give_equal_bytes(trees, sample):
    again = Trees.from_bytes(trees.to_bytes())
    assert again.to_bytes() == trees.to_bytes() == Trees.of(list(trees.nodes()), features=4).to_bytes()
    np.testing.assert_array_equal(again.sums(sample.X_later), trees.sums(sample.X_later))


def test_trees_of_leaves_alone_say_the_same_of_every_row():
    trees = Trees.of([Node(5, value=0.25), Node(5, value=0.5)], features=2)
    np.testing.assert_array_equal(trees.sums(np.array([[1.0, np.nan], [np.nan, 2.0]])), [0.75, 0.75])
    assert trees.depths.tolist() == [0, 0]


@pytest.mark.parametrize(
    "damage",
    [
        {"child": np.array([0, 1, 2], np.int32)},  # the root leads to itself and is no leaf
        {"child": np.array([2, 1, 2], np.int32)},  # the right child lies behind the end
        {"child": np.array([1, 0, 2], np.int32)},  # a leaf that leads back
        {"feature": np.array([1, -1, -1], np.int32)},  # a feature that there is not
        {"feature": np.array([0, -2, -1], np.int32)},
        {"threshold": np.array([np.nan, np.inf, np.inf])},
        {"value": np.array([0.0, np.nan, 1.0])},
        {"value": np.array([0.0, 1.0])},
        {"roots": np.array([3], np.int32)},
        {"roots": np.array([], np.int32)},
        {"roots": np.array([0], np.int64)},
    ],
)
def test_arrays_along_which_a_walk_would_leave_or_never_end_are_refused(damage):
    with pytest.raises(ParameterError, match="a node leads nowhere"):
        replace(Trees.of([STUMP], features=1), **damage)


@pytest.mark.parametrize("content", [b"", b"nothing of the kind", b"PK\x03\x04 half a file"])
def test_a_file_of_something_else_is_refused(content):
    with pytest.raises(ParameterError, match="does not hold arrays of trees"):
        Trees.from_bytes(content)


def test_the_mean_of_trees_sums_to_the_mean_of_their_sums(trees, sample):
    other = trees_of_lightgbm(booster_of(sample, **BOOSTED, max_depth=3, rounds=7))
    both = Trees.mean([trees, other])
    middle = (trees.sums(sample.X_later) + other.sums(sample.X_later)) / 2
    np.testing.assert_allclose(both.sums(sample.X_later), middle, rtol=0, atol=1e-12)
    assert len(both) == len(trees) + 7
    assert Trees.mean([trees]) is trees
