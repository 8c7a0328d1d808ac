"""Laws of the calibrated forest, for any row."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creditscore.models import CalibratedModel, LogisticCalibration, MonotoneForest

MONOTONE = (1, -1, 0)
VALUES = st.floats(-4, 4)
ROWS = st.lists(VALUES | st.just(np.nan), min_size=3, max_size=3).map(np.array)


@pytest.fixture(scope="module")
def model():
    random = np.random.default_rng(5)
    X = random.normal(size=(4_000, 3))
    # Missing is safer than any value of the first feature: the trap that stand-ins are there for.
    gone = random.random(4_000) < 0.2
    log_odds = np.where(gone, -4.0, -1.5 + X[:, 0]) - X[:, 1] + X[:, 2] ** 2 / 2
    y = (random.random(4_000) < 1 / (1 + np.exp(-log_odds))).astype(float)
    X[gone, 0] = np.nan
    X[random.random(4_000) < 0.1, 1] = np.nan
    forest = MonotoneForest(trees=40, leaves=31, min_leaf=20, monotone=MONOTONE, seed=1).fit(X[::2], y[::2])
    calibration = LogisticCalibration().fit(forest.default_rate(X[1::2]), y[1::2])
    return CalibratedModel(forest.ranker_, calibration, feature_names=("a", "b", "c"), horizon_months=12)


def at(row, feature, value):
    moved = row.copy()
    moved[feature] = value
    return moved


@settings(max_examples=150, deadline=None)
@given(row=ROWS, feature=st.sampled_from([0, 1]), ends=st.tuples(VALUES, VALUES))
def test_the_pd_moves_only_in_the_declared_direction(model, row, feature, ends):
    low, high = model.default_probability([at(row, feature, value) for value in sorted(ends)])
    assert (high - low) * MONOTONE[feature] >= -1e-12


@settings(max_examples=100, deadline=None)
@given(row=ROWS, feature=st.sampled_from([0, 1]))
def test_withholding_a_value_never_beats_the_worst_that_it_may_hide(model, row, feature):
    answers = model.default_probability([at(row, feature, value) for value in (-4.0, 4.0, np.nan)])
    assert answers[2] >= answers[:2].max() - 1e-12


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(ROWS, min_size=1, max_size=5).map(np.array))
def test_every_row_has_a_probability_and_finite_pushes_that_add_up(model, rows):
    pd_12m, pushes = model.default_probability(rows), model.contributions(rows)
    average = model.ranker.attributions(rows)[1]
    assert ((pd_12m > 0) & (pd_12m < 1)).all()
    assert np.isfinite(pushes).all()
    expected = model.log_odds(rows) - model.calibration.log_odds([average])
    np.testing.assert_allclose(pushes.sum(axis=1), expected, rtol=0, atol=1e-9)
