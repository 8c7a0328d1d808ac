"""Boosted trees: the challenger keeps its word on directions and on bits."""

import re

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.metrics import roc_auc_score

from creditscore.errors import ParameterError
from creditscore.models import BoostedTrees, certify


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
    ],
)
def test_a_parameter_out_of_range_is_refused(sample, wrong, found):
    with pytest.raises(ParameterError, match=re.escape(found)):
        BoostedTrees(**wrong).fit(sample.X, sample.y)
