"""One small problem with a known direction, gaps, and a fitted model of it."""

from types import SimpleNamespace

import numpy as np
import pytest

from creditscore.models import CalibratedModel, LogisticCalibration, MonotoneForest

MONOTONE = (1, -1, 0, 0)
NAMES = ("late_days", "years", "turnover", "noise")


def problem(rows, *, seed):
    random = np.random.default_rng(seed)
    X = random.normal(size=(rows, len(MONOTONE)))
    log_odds = -2.0 + X[:, 0] - 0.7 * X[:, 1] + 0.5 * X[:, 2] ** 2
    y = (random.random(rows) < 1 / (1 + np.exp(-log_odds))).astype(float)
    X[random.random(X.shape) < 0.1] = np.nan
    return X, y


@pytest.fixture(scope="session")
def sample():
    X, y = problem(3_000, seed=1)
    later, outcome = problem(1_500, seed=2)
    return SimpleNamespace(X=X, y=y, X_later=later, y_later=outcome, monotone=MONOTONE, names=NAMES)


@pytest.fixture(scope="session")
def new_forest():
    def build(**changes):
        return MonotoneForest(**{"trees": 20, "leaves": 16, "monotone": MONOTONE, "seed": 7, **changes})

    return build


@pytest.fixture(scope="session")
def forest(sample, new_forest):
    return new_forest().fit(sample.X, sample.y)


@pytest.fixture(scope="session")
def model(sample, forest):
    calibration = LogisticCalibration().fit(forest.default_rate(sample.X_later), sample.y_later)
    return CalibratedModel(forest.ranker_, calibration, feature_names=NAMES, horizon_months=12)
