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
    """The value of the leaf that a row falls into, by LightGBM's documented rules."""
    while "leaf_value" not in node:
        value = row[node["split_feature"]]
        if np.isnan(value) and node["missing_type"] == "NaN":
            left = node["default_left"]
        else:
            left = np.nan_to_num(value) <= node["threshold"]
        node = node["left_child"] if left else node["right_child"]
    return node["leaf_value"]


def test_a_prediction_is_the_average_of_the_leaves_that_the_row_falls_into(model, sample):
    forest = model.forest
    trees = [tree["tree_structure"] for tree in forest.booster_.dump_model()["tree_info"]]
    rows = sample.X_later[:100]
    filled = np.where(np.isnan(rows), forest.stand_ins_, rows)
    expected = [np.mean([walked(tree, row) for tree in trees]) for row in filled]
    assert np.isnan(rows).any()
    np.testing.assert_allclose(forest.default_rate(rows), expected, rtol=0, atol=1e-12)


def test_a_leaf_holds_the_default_rate_of_its_rows(sample):
    X = (sample.X[:, [0]] > 0).astype(float)
    forest = MonotoneForest(trees=300, row_share=0.9, min_leaf=5).fit(X, sample.y)
    for side in (0.0, 1.0):
        rate = sample.y[X[:, 0] == side].mean()
        assert forest.default_rate([[side]])[0] == pytest.approx(rate, abs=0.003)


def test_the_forest_ranks_a_later_sample(model, sample):
    assert roc_auc_score(sample.y_later, model.forest.predict_proba(sample.X_later)[:, 1]) > 0.70


def test_probabilities_are_two_columns_that_add_up_to_one(model, sample):
    both = model.forest.predict_proba(sample.X_later)
    assert both.shape == (len(sample.X_later), 2)
    np.testing.assert_array_equal(both.sum(axis=1), 1.0)
    np.testing.assert_array_equal(model.forest.predict(sample.X_later), both[:, 1] > 0.5)


def test_attributions_add_up_to_the_default_rate(model, sample):
    shares, average = model.forest.attributions(sample.X_later)
    np.testing.assert_allclose(
        average + shares.sum(axis=1), model.forest.default_rate(sample.X_later), rtol=0, atol=1e-9
    )


@pytest.mark.parametrize(
    "changes", [{}, {"depth": 1}, {"depth": 8, "leaves": 40}, {"depth": 12, "leaves": 200, "min_leaf": 5}]
)
def test_attributions_equal_those_of_lightgbm(sample, new_forest, changes):
    forest = new_forest(**changes).fit(sample.X, sample.y)
    rows = np.vstack([sample.X_later[:200], np.full((1, 4), np.nan)])
    shares, average = forest.attributions(rows)
    filled = np.where(np.isnan(rows), forest.stand_ins_, rows)
    sums = forest.booster_.predict(filled, pred_contrib=True) / forest.trees
    np.testing.assert_allclose(np.column_stack([shares, np.full(201, average)]), sums, rtol=0, atol=1e-12)


def test_a_forest_that_finds_nothing_to_split_says_the_average_and_blames_nobody(sample, new_forest):
    forest = new_forest(monotone=None).fit(np.ones((len(sample.y), 2)), sample.y)
    shares, average = forest.attributions([[1.0, np.nan]])
    assert shares.tolist() == [[0.0, 0.0]]
    assert forest.default_rate([[1.0, np.nan]])[0] == pytest.approx(sample.y.mean())
    assert average == pytest.approx(sample.y.mean())


def test_a_tree_that_finds_nothing_to_split_does_not_pull_the_forest_down(sample, new_forest):
    X = np.column_stack([sample.X[:, 0], np.ones((len(sample.y), 4))])
    forest = new_forest(monotone=None, feature_share=0.2, trees=100).fit(X, sample.y)
    sizes = {tree["num_leaves"] for tree in forest.booster_.dump_model()["tree_info"]}
    again = MonotoneForest.from_text(forest.to_text(), stand_ins=forest.stand_ins_)
    assert min(sizes) == 1 < max(sizes)
    assert again.default_rate(X).mean() == pytest.approx(sample.y.mean(), abs=0.005)


def test_no_row_has_no_attributions_and_the_same_average(model, sample):
    shares, average = model.forest.attributions(np.empty((0, 4)))
    assert shares.shape == (0, 4)
    assert model.log_odds(np.empty((0, 4))).shape == (0,)
    assert average == model.forest.attributions(sample.X[:1])[1]


def test_one_row_gets_the_same_bits_as_its_batch(model, sample):
    batch, (shares, _) = model.forest.default_rate(sample.X_later), model.forest.attributions(sample.X_later)
    for index in (0, 7, 99):
        row = sample.X_later[[index]]
        assert model.forest.default_rate(row)[0] == batch[index]
        np.testing.assert_array_equal(model.forest.attributions(row)[0][0], shares[index])


def test_a_clone_fits_to_the_same_bits_and_another_seed_does_not(model, sample):
    again = clone(model.forest).fit(sample.X, sample.y)
    other = clone(model.forest).set_params(seed=8).fit(sample.X, sample.y)
    assert again.to_text() == model.forest.to_text()
    assert other.to_text() != model.forest.to_text()


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
        ({"min_leaf": 2.5}, "min_leaf is 2.5"),
        ({"threads": 0}, "threads is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"row_share": 1.0}, "row_share is 1.0"),
        ({"feature_share": 0.0}, "feature_share is 0.0"),
        ({"monotone": (1, -1)}, "monotone has 2 entries for 4 features"),
        ({"monotone": (1, -1, 0, 2)}, "or one that is not a sign"),
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
        (lambda X, y: (X, y * 2), "A label is neither 0 nor 1"),
        (lambda X, y: (X, y * 0), "All 3000 labels are of one class"),
    ],
)
def test_input_that_cannot_teach_is_refused(sample, new_forest, change, found):
    X, y = change(sample.X, sample.y)
    with pytest.raises(ParameterError, match=re.escape(found)):
        new_forest().fit(X, y)


def test_another_number_of_features_is_refused(model, sample):
    with pytest.raises(ParameterError, match="X has 3 features, the model has 4"):
        model.forest.predict_proba(sample.X[:, :3])
