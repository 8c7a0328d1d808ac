"""Calibration by maximum likelihood."""

import numpy as np
import pytest
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression

from creditscore.errors import ParameterError
from creditscore.models import LogisticCalibration


@pytest.fixture(scope="module")
def later():
    random = np.random.default_rng(3)
    rates = random.uniform(0.005, 0.4, size=4_000)
    return rates, (random.random(4_000) < expit(0.4 + 1.5 * logit(rates))).astype(float)


def test_slope_and_intercept_are_those_of_an_unpenalized_logistic_regression(later):
    rates, y = later
    reference = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1_000).fit(logit(rates)[:, None], y)
    found = LogisticCalibration().fit(rates, y)
    assert found.slope_ == pytest.approx(reference.coef_[0, 0], rel=1e-5)
    assert found.intercept_ == pytest.approx(reference.intercept_[0], rel=1e-5)


def test_calibrated_probabilities_add_up_to_the_defaults_seen(later):
    rates, y = later
    found = expit(LogisticCalibration().fit(rates, y).log_odds(rates))
    assert found.sum() == pytest.approx(y.sum(), rel=1e-9)


def test_rates_of_zero_and_one_count_as_the_floor_and_its_mirror(later):
    found = LogisticCalibration(floor=0.01).fit(*later)
    np.testing.assert_array_equal(found.log_odds([0.0, 1.0]), found.log_odds([0.01, 0.99]))


@pytest.mark.parametrize(
    ("rates", "y", "floor", "found"),
    [
        ([0.1, 0.2], [0, 0], 1e-4, "All 2 labels are of one class"),
        ([0.1, 0.2], [0, np.nan], 1e-4, "1 labels are missing"),
        ([0.1, 0.1], [0, 1], 1e-4, "All rates are equal"),
        ([0.1, 0.2, 0.3, 0.4], [1, 1, 0, 1], 1e-4, "backwards"),
        ([0.1, 0.2, 0.3, 0.4], [0, 0, 1, 1], 1e-4, "separate the classes"),
        ([0.1, 1.2], [0, 1], 1e-4, "not numbers between 0 and 1"),
        ([0.1, np.nan], [0, 1], 1e-4, "not numbers between 0 and 1"),
        ([0.1, 0.2], [0, 1], 0.5, "floor is 0.5"),
    ],
)
def test_what_cannot_be_calibrated_is_refused(rates, y, floor, found):
    with pytest.raises(ParameterError, match=found):
        LogisticCalibration(floor=floor).fit(rates, y)
