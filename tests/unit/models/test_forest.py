"""The forest: Breiman's average of default rates, with its word kept on directions."""

import re
import subprocess
import sys

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.metrics import roc_auc_score

from creditscore.errors import ParameterError
from creditscore.models import MonotoneForest


def walked(node, row):
    """The value of the leaf that a row falls into."""
    while node.children:
        value = row[node.feature]
        left = node.missing_left if np.isnan(value) else value <= node.threshold
        node = node.children[0 if left else 1]
    return node.value


def test_a_prediction_is_the_average_of_the_leaves_that_the_row_falls_into(forest, sample):
    rows = sample.X_later[:100]
    filled = np.where(np.isnan(rows), forest.ranker_.stand_ins, rows)
    expected = [np.mean([walked(tree, row) for tree in forest.ranker_.trees.nodes()]) for row in filled]
    assert np.isnan(rows).any()
    np.testing.assert_allclose(forest.default_rate(rows), expected, rtol=0, atol=1e-12)


def test_a_leaf_holds_the_default_rate_of_its_rows(sample):
    X = (sample.X[:, [0]] > 0).astype(float)
    forest = MonotoneForest(trees=300, row_share=0.9, min_leaf=5).fit(X, sample.y)
    for side in (0.0, 1.0):
        rate = sample.y[X[:, 0] == side].mean()
        assert forest.default_rate([[side]])[0] == pytest.approx(rate, abs=0.003)


def test_the_forest_ranks_a_later_sample(forest, sample):
    assert roc_auc_score(sample.y_later, forest.predict_proba(sample.X_later)[:, 1]) > 0.70


def test_probabilities_are_two_columns_that_add_up_to_one(forest, sample):
    both = forest.predict_proba(sample.X_later)
    assert both.shape == (len(sample.X_later), 2)
    np.testing.assert_array_equal(both.sum(axis=1), 1.0)
    np.testing.assert_array_equal(forest.predict(sample.X_later), both[:, 1] > 0.5)


def test_attributions_add_up_to_the_default_rate(forest, sample):
    shares, average = forest.attributions(sample.X_later)
    np.testing.assert_allclose(average + shares.sum(axis=1), forest.default_rate(sample.X_later), rtol=0, atol=1e-9)


def test_a_forest_that_finds_nothing_to_split_says_the_average_and_blames_nobody(sample, new_forest):
    forest = new_forest(monotone=None).fit(np.ones((len(sample.y), 2)), sample.y)
    shares, average = forest.attributions([[1.0, np.nan]])
    assert shares.tolist() == [[0.0, 0.0]]
    assert forest.default_rate([[1.0, np.nan]])[0] == pytest.approx(sample.y.mean())
    assert average == pytest.approx(sample.y.mean())


def test_a_tree_that_finds_nothing_to_split_does_not_pull_the_forest_down(sample, new_forest):
    X = np.column_stack([sample.X[:, 0], np.ones((len(sample.y), 4))])
    forest = new_forest(monotone=None, feature_share=0.2, trees=100).fit(X, sample.y)
    heights = {tree.height for tree in forest.ranker_.trees.nodes()}
    assert min(heights) == 0 < max(heights)
    assert forest.default_rate(X).mean() == pytest.approx(sample.y.mean(), abs=0.005)


def test_no_row_has_no_attributions_and_the_same_average(forest, sample):
    shares, average = forest.attributions(np.empty((0, 4)))
    assert shares.shape == (0, 4)
    assert forest.default_rate(np.empty((0, 4))).shape == (0,)
    assert average == forest.attributions(sample.X[:1])[1]


def test_one_row_gets_the_same_bits_as_its_batch(forest, sample):
    batch, (shares, _) = forest.default_rate(sample.X_later), forest.attributions(sample.X_later)
    for index in (0, 7, 99):
        row = sample.X_later[[index]]
        assert forest.default_rate(row)[0] == batch[index]
        np.testing.assert_array_equal(forest.attributions(row)[0][0], shares[index])


def test_a_clone_fits_to_the_same_bits_and_another_seed_does_not(forest, sample):
    again = clone(forest).fit(sample.X, sample.y)
    other = clone(forest).set_params(seed=8).fit(sample.X, sample.y)
    assert again.ranker_.trees.to_bytes() == forest.ranker_.trees.to_bytes()
    assert other.ranker_.trees.to_bytes() != forest.ranker_.trees.to_bytes()


def test_withholding_a_value_is_as_bad_as_the_riskiest_one_unless_the_feature_is_lenient(sample, new_forest):
    strict = new_forest().fit(sample.X, sample.y)
    mild = new_forest().fit(sample.X, sample.y, lenient=(False, True, False, False))
    observed = sample.X[~np.isnan(sample.X).any(axis=1)]
    assert strict.ranker_.stand_ins[:2].tolist() == [np.nanmax(sample.X[:, 0]), np.nanmin(sample.X[:, 1])]
    assert observed[:, 1].min() < mild.ranker_.stand_ins[1] < observed[:, 1].max()


def test_directions_given_to_fit_override_the_constructor(sample, new_forest):
    free = new_forest(monotone=None).fit(sample.X, sample.y, monotone=sample.monotone)
    bound = new_forest().fit(sample.X, sample.y)
    np.testing.assert_array_equal(free.default_rate(sample.X), bound.default_rate(sample.X))


def test_another_process_fits_and_predicts_the_same_bits(sample, new_forest, tmp_path):
    np.savez(tmp_path / "sample.npz", X=sample.X, y=sample.y)
    code = (
        "import sys, numpy as np\n"
        "from creditscore.models import MonotoneForest\n"
        "s = np.load(sys.argv[1])\n"
        "f = MonotoneForest(trees=20, leaves=16, monotone=(1, -1, 0, 0), seed=7).fit(s['X'], s['y'])\n"
        "np.save(sys.argv[2], f.default_rate(s['X']))\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "sample.npz"), str(tmp_path / "rates.npy")]
    subprocess.run(command, check=True, timeout=120)
    here = new_forest().fit(sample.X, sample.y).default_rate(sample.X)
    np.testing.assert_array_equal(np.load(tmp_path / "rates.npy"), here)


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({"trees": 0}, "trees is 0"),
        ({"leaves": 1}, "leaves is 1"),
        ({"depth": 0}, "depth is 0"),
        ({"depth": 9}, "Give at most 8 levels"),
        ({"min_leaf": 2.5}, "min_leaf is 2.5"),
        ({"threads": 0}, "threads is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"row_share": 1.0}, "row_share is 1.0"),
        ({"feature_share": 0.0}, "feature_share is 0.0"),
        ({"monotone": (1, -1)}, "monotone has 2 entries for 4 features"),
        ({"monotone": (1, -1, 0, 2)}, "or one that is not a sign"),
        ({"lenient": (True,)}, "lenient has 1 entries for 4 features"),
    ],
)
def test_a_parameter_out_of_range_is_refused(sample, new_forest, wrong, found):
    with pytest.raises(ParameterError, match=re.escape(found)):
        new_forest(**wrong).fit(sample.X, sample.y)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda X, y: (X[:, 0], y), "X has shape (3000,)"),
        (lambda X, y: (np.full(X.shape, "high"), y), "X is not numeric"),
        (lambda X, y: (np.where(X > 2, np.inf, X), y), "4 features hold an infinite value"),
        (lambda X, y: (X, y[:-1]), "y has shape (2999,) for 3000 rows"),
        (lambda X, y: (X, np.where(y == 1, np.nan, y)), "labels are missing"),
        (lambda X, y: (X, np.arange(len(y)) % 3), "y has 3 classes"),
        (lambda X, y: (X, y * 0), "All 3000 labels are of one class"),
    ],
)
def test_input_that_cannot_teach_is_refused(sample, new_forest, change, found):
    X, y = change(sample.X, sample.y)
    with pytest.raises(ParameterError, match=re.escape(found)):
        new_forest().fit(X, y)


def test_another_number_of_features_is_refused(forest, sample):
    with pytest.raises(ParameterError, match="X has 3 features, but MonotoneForest is expecting 4"):
        forest.predict_proba(sample.X[:, :3])
