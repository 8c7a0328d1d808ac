"""The certificate: exact for a tree, zero for a forest that keeps its word."""

import itertools

import numpy as np
import pytest

from creditscore.errors import ParameterError
from creditscore.models import Blend, MonotoneForest, certify

NAMES = ("late_days", "years", "turnover", "noise")


def worst_step_by_trying(forest, feature, *, direction, points):
    """The largest step against the direction between all pairs of values, for every setting of the other features."""
    worst = 0.0
    for setting in itertools.product(*(points[other] for other in range(len(points)) if other != feature)):
        rows = np.array([np.insert(np.array(setting), feature, value) for value in sorted(points[feature])])
        rates = direction * forest.default_rate(rows)
        worst = max(worst, float((np.maximum.accumulate(rates) - rates).max()))
    return worst


def test_a_forest_that_is_bound_to_directions_never_steps_against_them(sample, new_forest):
    forest = new_forest(trees=60, leaves=48, min_leaf=20).fit(sample.X, sample.y)
    found = certify(forest.ranker_, sample.X, feature_names=NAMES, monotone=sample.monotone)
    assert [(one.feature, one.direction) for one in found] == [("late_days", 1), ("years", -1)]
    assert [one.worst_step for one in found] == [0.0, 0.0]


@pytest.mark.parametrize("feature", [0, 1, 2])
@pytest.mark.parametrize("direction", [1, -1])
def test_the_worst_step_of_a_free_tree_is_the_one_that_trying_everything_finds(feature, direction):
    random = np.random.default_rng(3)
    X = random.normal(size=(1_500, 3)).round(1)
    X[random.random(1_500) < 0.2, 2] = np.nan
    y = (random.random(1_500) < 1 / (1 + np.exp(1 - X[:, 0] + np.sin(3 * X[:, 1])))).astype(float)
    tree = MonotoneForest(trees=1, leaves=12, depth=5, min_leaf=20, feature_share=1.0, seed=2).fit(X, y)
    (root,) = tree.ranker_.trees.nodes()
    points = [
        [-9.0, *sorted({split.threshold for split in root.splits() if split.feature == one}), 9.0] for one in range(3)
    ]
    # A missing value is one more setting of the other features.
    tried = [points[one] if one == feature else [*points[one], np.nan] for one in range(3)]
    signs = tuple(direction if one == feature else 0 for one in range(3))
    (found,) = certify(tree.ranker_, X, feature_names=("a", "b", "c"), monotone=signs)
    assert found.worst_step == pytest.approx(
        worst_step_by_trying(tree, feature, direction=direction, points=tried), abs=1e-12
    )


def test_the_step_of_a_free_forest_bounds_what_any_row_shows(sample, new_forest):
    forest = new_forest(monotone=None).fit(sample.X, sample.y)
    (found,) = certify(forest.ranker_, sample.X, feature_names=NAMES, monotone=(0, 0, 1, 0))
    rows = sample.X_later[:200].copy()
    steps = []
    for value in np.linspace(-3, 3, 30):
        rows[:, 2] = value
        steps.append(forest.default_rate(rows))
    rates = np.array(steps)
    assert 0 < (np.maximum.accumulate(rates) - rates).max() <= found.worst_step


def test_it_says_what_a_missing_value_counts_as_and_how_many_are_riskier(sample, new_forest):
    forest = new_forest(lenient=(False, True, False, False)).fit(sample.X, sample.y)
    late, years = certify(forest.ranker_, sample.X, feature_names=NAMES, monotone=sample.monotone)
    observed = sample.X[:, 0][~np.isnan(sample.X[:, 0])]
    assert late.missing_as == forest.ranker_.stand_ins[0]
    assert late.riskier_share == pytest.approx((observed > late.missing_as).mean())
    assert years.riskier_share == pytest.approx(
        np.nanmean(sample.X[:, 1][~np.isnan(sample.X[:, 1])] < years.missing_as)
    )


def test_of_a_blend_the_worst_component_counts(sample, new_forest):
    bound, free = (new_forest(monotone=signs).fit(sample.X, sample.y).ranker_ for signs in (sample.monotone, None))
    blend = Blend((bound, free), (0.9, 0.1))
    alone, both = (certify(one, sample.X, feature_names=NAMES, monotone=(1, 0, 0, 0))[0] for one in (free, blend))
    assert 0 < alone.worst_step == both.worst_step


def test_names_and_directions_must_fit_the_forest(model, sample):
    with pytest.raises(ParameterError, match="3 names and 4 directions for 4 features"):
        certify(model.ranker, sample.X, feature_names=NAMES[:3], monotone=sample.monotone)
