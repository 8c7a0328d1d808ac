"""A blend is taken only if it ranks rows of strangers significantly better."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from creditscore.features import catalogue
from creditscore.models import BoostedTrees, MonotoneForest, blended_rate
from creditscore_training.blending import blend_scores
from creditscore_training.learning import FOLDS, Learning
from creditscore_training.recipes.trade_credit import RECIPE
from creditscore_training.splits import customer_folds

ROWS = 3_000


@pytest.fixture(scope="module")
def judged():
    """Two views of the same risk, each with noise of its own, so that their mean sees more than either."""
    rng = np.random.default_rng(3)
    risk = rng.normal(size=ROWS)
    y = (rng.random(ROWS) < 1 / (1 + np.exp(2 - 1.5 * risk))).astype(float)
    views = [1 / (1 + np.exp(2 - risk - rng.normal(0, 0.8, ROWS))) for _ in range(2)]
    return views, y, np.array([f"C{number}" for number in range(ROWS)], dtype=object)


def test_the_mean_of_two_views_is_taken(judged):
    (own, rival), y, customers = judged
    scores = blend_scores(own, rival, y, customers=customers, significance=0.05)
    (taken,) = [one for one in scores if one.chosen_flag]
    assert taken.rival_weight == 0.5
    assert taken.gain > 0
    assert taken.auc == max(one.auc for one in scores)


def test_a_rival_that_adds_noise_is_not_taken(judged):
    (own, _), y, customers = judged
    noise = np.random.default_rng(0).random(ROWS)
    assert not any(one.chosen_flag for one in blend_scores(own, noise, y, customers=customers, significance=0.05))


def test_a_gain_that_is_not_significant_is_not_taken(judged):
    (own, rival), y, customers = judged
    few = slice(0, 60)
    scores = blend_scores(own[few], rival[few], y[few], customers=customers[few], significance=1e-9)
    assert not any(one.chosen_flag for one in scores)


def test_a_blended_rate_has_the_mean_log_odds():
    assert blended_rate((np.array([0.2]), np.array([0.8])), (0.5, 0.5)) == pytest.approx([0.5])


@pytest.fixture(scope="module")
def panel():
    """Customers of pure chance, each with a birthmark, seen once in development and once in calibration."""
    rng = np.random.default_rng(5)
    each = 800
    features = tuple(one for one in catalogue() if one.monotone == 0)[:2]
    marks, fates = rng.normal(size=(each, 2)), (rng.random(each) < 0.3).astype(float)
    rows = pd.DataFrame(np.vstack([marks, marks]), columns=[one.name for one in features])
    rows = rows.assign(
        default_flag=np.r_[fates, fates],
        split=np.repeat(["development", "calibration"], each),
        customer_id=[f"C{number:03}" for number in range(each)] * 2,
        as_of=np.repeat(pd.to_datetime(["2023-01-31", "2023-07-31"]), each),
    )
    return rows, features


def test_a_model_that_remembers_customers_is_not_judged_on_those_it_met(panel):
    rows, features = panel
    learning = Learning.of(rows, recipe_of(features))
    memory = BoostedTrees(rounds=200, learning_rate=0.3, min_leaf=5, l2=0.0, depth=6, leaves=40, feature_share=1.0)
    ranker = learning.fitted(memory)
    y = learning.y[learning.calibration]
    remembered = ranker.default_rate(learning.X[learning.calibration])
    honest = learning.later_rates(memory, ranker)
    assert remembered[y == 1].mean() - remembered[y == 0].mean() > 0.5
    assert abs(honest[y == 1].mean() - honest[y == 0].mean()) < 0.1


def test_where_nobody_comes_twice_the_model_itself_rates(panel):
    rows, features = panel
    strangers = rows.assign(customer_id=[f"C{number}" for number in range(len(rows))])
    learning = Learning.of(strangers, recipe_of(features))
    forest = MonotoneForest(trees=10, min_leaf=20)
    ranker = learning.fitted(forest)
    own = ranker.default_rate(learning.X[learning.calibration])
    np.testing.assert_array_equal(learning.later_rates(forest, ranker), own)


def test_a_customer_is_always_in_the_same_group_and_groups_are_alike_in_size():
    names = np.array([f"C{number}" for number in range(3_000)], dtype=object)
    folds = customer_folds(names, folds=FOLDS)
    np.testing.assert_array_equal(customer_folds(names[::-1], folds=FOLDS), folds[::-1])
    assert np.bincount(folds).min() > 900


def recipe_of(features):
    return replace(RECIPE, features=features, rivals={}, blend_with=None)
