"""Boosted trees: the challenger keeps its word on directions and on bits."""

import re

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.metrics import roc_auc_score

from creditscore.errors import ParameterError
from creditscore.models import BoostedTrees, Trees, blended_rate, certify


@pytest.fixture(scope="module")
def boosted(sample):
    return BoostedTrees(rounds=80, leaves=8, min_leaf=20, monotone=sample.monotone, seed=3).fit(sample.X, sample.y)


def test_it_ranks_a_later_sample(boosted, sample):
    assert roc_auc_score(sample.y_later, boosted.default_rate(sample.X_later)) > 0.72


def test_attributions_add_up_to_the_log_odds(boosted, sample):
    shares, start = boosted.attributions(sample.X_later)
    rate = boosted.default_rate(sample.X_later)
    np.testing.assert_allclose(start + shares.sum(axis=1), np.log(rate / (1 - rate)), rtol=0, atol=1e-9)


def test_it_never_steps_against_a_direction(boosted, sample):
    found = certify(boosted.ranker_, sample.X, feature_names=sample.names, monotone=sample.monotone)
    assert [one.worst_step for one in found] == [0.0, 0.0]


def test_a_clone_fits_to_the_same_bits_and_another_seed_does_not(boosted, sample):
    again = clone(boosted).fit(sample.X, sample.y)
    other = clone(boosted).set_params(seed=8).fit(sample.X, sample.y)
    assert again.ranker_.trees.to_bytes() == boosted.ranker_.trees.to_bytes()
    assert other.ranker_.trees.to_bytes() != boosted.ranker_.trees.to_bytes()


@pytest.fixture(scope="module")
def several(boosted, sample):
    return clone(boosted).set_params(boosters=3, seed=1, split_share=0.5).fit(sample.X, sample.y)


def test_several_boosters_say_the_mean_of_their_log_odds(several, sample):
    alone = [clone(several).set_params(boosters=1, seed=seed).fit(sample.X, sample.y) for seed in (3, 4, 5)]
    rate = blended_rate([one.default_rate(sample.X_later) for one in alone], (1 / 3, 1 / 3, 1 / 3))
    np.testing.assert_allclose(several.default_rate(sample.X_later), rate, rtol=0, atol=1e-12)
    assert len(several.ranker_.trees) == 240


def test_several_boosters_are_kept_explained_and_certified_like_one(several, sample):
    trees = several.ranker_.trees
    assert Trees.from_bytes(trees.to_bytes()).to_bytes() == trees.to_bytes()
    assert clone(several).fit(sample.X, sample.y).ranker_.trees.to_bytes() == trees.to_bytes()
    shares, start = several.attributions(sample.X_later)
    rate = several.default_rate(sample.X_later)
    np.testing.assert_allclose(start + shares.sum(axis=1), np.log(rate / (1 - rate)), rtol=0, atol=1e-9)
    found = certify(several.ranker_, sample.X, feature_names=sample.names, monotone=sample.monotone)
    assert [one.worst_step for one in found] == [0.0, 0.0]


def test_a_row_scored_by_several_boosters_does_not_depend_on_its_company(several, sample):
    together = several.default_rate(sample.X_later)
    np.testing.assert_array_equal([several.default_rate(row[None])[0] for row in sample.X_later[:20]], together[:20])


def test_with_nothing_to_split_it_says_the_average(sample):
    blind = BoostedTrees(rounds=5).fit(np.ones((len(sample.y), 2)), sample.y)
    assert blind.default_rate([[1.0, np.nan]])[0] == pytest.approx(sample.y.mean(), abs=1e-6)


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({"rounds": 0}, "rounds is 0"),
        ({"learning_rate": 0.0}, "learning_rate is 0.0"),
        ({"depth": 9}, "Give at most 8 levels"),
        ({"l2": -1.0}, "l2 is -1.0"),
        ({"row_share": 1.1}, "row_share is 1.1"),
        ({"split_share": 0.0}, "split_share is 0.0"),
        ({"boosters": 0}, "boosters is 0"),
    ],
)
def test_a_parameter_out_of_range_is_refused(sample, wrong, found):
    with pytest.raises(ParameterError, match=re.escape(found)):
        BoostedTrees(**wrong).fit(sample.X, sample.y)
