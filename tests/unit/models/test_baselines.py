"""The baselines that a forest has to beat."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.metrics import roc_auc_score

from creditscore.errors import ParameterError
from creditscore.models import best_single_feature, logistic_baseline


def test_the_logistic_baseline_uses_more_than_the_best_feature(sample):
    logistic = logistic_baseline().fit(sample.X, sample.y).predict_proba(sample.X_later)[:, 1]
    single = best_single_feature().fit(sample.X, sample.y).predict_proba(sample.X_later)[:, 1]
    assert roc_auc_score(sample.y_later, logistic) > roc_auc_score(sample.y_later, single) > 0.6


def test_the_logistic_baseline_does_not_care_about_units(sample):
    scale = np.array([1e9, 1e-9, 1.0, 1.0])
    plain = logistic_baseline().fit(sample.X, sample.y).predict_proba(sample.X)
    scaled = logistic_baseline().fit(sample.X * scale, sample.y).predict_proba(sample.X * scale)
    np.testing.assert_allclose(plain, scaled, atol=1e-3)


def test_the_logistic_baseline_sees_that_a_value_is_missing():
    X = np.column_stack([np.tile([1.0, np.nan], 100), np.full(200, np.nan)])
    found = logistic_baseline().fit(X, np.isnan(X[:, 0])).predict_proba(X)[:, 1]
    assert found[0] < 0.1
    assert found[1] > 0.9


def test_the_best_feature_is_found_in_either_direction(sample):
    found = best_single_feature().fit(sample.X[:, [3, 1]], sample.y)
    assert (found.feature_, found.direction_) == (1, -1)


def test_the_best_feature_keeps_its_order(sample):
    found = clone(best_single_feature()).fit(sample.X, sample.y)
    values = np.linspace(-2, 2, 50)
    X = np.zeros((50, 4))
    X[:, found.feature_] = values
    assert (np.diff(found.predict_proba(X)[:, 1]) * found.direction_ > 0).all()


def test_the_best_feature_refuses_one_class_and_another_width(sample):
    with pytest.raises(ParameterError, match="one class"):
        best_single_feature().fit(sample.X, np.ones(len(sample.X)))
    with pytest.raises(ParameterError, match="X has 2 features, the model has 4"):
        best_single_feature().fit(sample.X, sample.y).predict_proba(sample.X[:, :2])
