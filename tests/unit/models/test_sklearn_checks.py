"""The estimators are what scikit-learn means by a classifier."""

import subprocess
import sys

import numpy as np
import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from creditscore.models import BoostedTrees, MonotoneForest, RatioFeatures, Scorecard

ESTIMATORS = [
    MonotoneForest(trees=20, min_leaf=2),
    BoostedTrees(rounds=30, learning_rate=0.2, min_leaf=2, feature_share=1.0),
    BoostedTrees(rounds=20, learning_rate=0.2, min_leaf=2, feature_share=1.0, split_share=0.8, boosters=2),
    Scorecard(),
]


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
@pytest.mark.filterwarnings("ignore:invalid value encountered in cast:RuntimeWarning")  # scikit-learn's own test data
@parametrize_with_checks([*ESTIMATORS, RatioFeatures(most=3)])
def test_scikit_learn_finds_nothing_to_complain_about(estimator, check):
    check(estimator)


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda estimator: type(estimator).__name__)
def test_the_second_of_two_labels_is_the_default(estimator, sample):
    words = np.where(sample.y == 1, "lost", "kept")
    spoken = estimator.fit(sample.X, words)
    assert set(spoken.predict(sample.X_later)) == {"kept", "lost"}
    rate = spoken.default_rate(sample.X_later)
    np.testing.assert_array_equal(rate, estimator.fit(sample.X, sample.y).default_rate(sample.X_later))


def test_who_only_scores_loads_no_lightgbm():
    code = "import sys; import creditscore.scoring; print('lightgbm' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda estimator: type(estimator).__name__)
def test_text_that_is_no_number_is_refused_without_showing_it(estimator, sample):
    X = sample.X.astype(object)
    X[3, 1] = "Acme Ltd"
    with pytest.raises(ValueError, match="X is not numeric") as refusal:
        estimator.fit(X, sample.y)
    assert "Acme" not in str(refusal.value)
