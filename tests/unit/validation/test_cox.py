"""Cox's calibration line: exact on saturated data, equal to a known fit, honest where no line exists."""

import math

import numpy as np
import pytest
from scipy import special
from sklearn.linear_model import LogisticRegression

from creditscore.errors import ParameterError
from creditscore.validation import calibration_line


def test_a_line_through_two_groups_meets_both_rates():
    # Rates 1/4 and 3/4 at PD 0.1 and 0.9: log-odds -+ln 3 against -+ln 9, so slope 1/2. The variance of a group's
    # log-odds is 1/(n p q) = 1/(4 * 3/16) = 16/12; the slope is their difference over 2 ln 9.
    line = calibration_line([0, 0, 0, 1, 0, 1, 1, 1], [0.1] * 4 + [0.9] * 4)
    half = 1.959963984540054 * math.sqrt(2 * 16 / 12) / (2 * math.log(9))
    assert line.slope.value == pytest.approx(0.5)
    assert line.intercept.value == pytest.approx(0.0, abs=1e-9)
    assert (line.slope.low, line.slope.high) == pytest.approx((0.5 - half, 0.5 + half))
    assert line.in_the_large.value == pytest.approx(0.0, abs=1e-9)


def test_the_line_is_the_maximum_likelihood_fit_of_scikit_learn():
    generator = np.random.default_rng(2)
    probability = generator.beta(1, 12, 5_000)
    flag = (generator.random(5_000) < special.expit(0.3 + 0.8 * special.logit(probability))).astype(float)
    fit = LogisticRegression(C=np.inf, tol=1e-10).fit(special.logit(probability)[:, None], flag)
    line = calibration_line(flag, probability)
    assert line.slope.value == pytest.approx(fit.coef_[0, 0], abs=1e-5)
    assert line.intercept.value == pytest.approx(fit.intercept_[0], abs=1e-5)


def test_in_the_large_makes_the_mean_pd_meet_the_default_rate():
    generator = np.random.default_rng(3)
    probability = generator.beta(1, 20, 5_000)
    flag = (generator.random(5_000) < np.minimum(2 * probability, 1)).astype(float)
    shift = calibration_line(flag, probability).in_the_large.value
    assert shift > 0.5
    assert special.expit(shift + special.logit(probability)).mean() == pytest.approx(flag.mean(), abs=1e-9)


def test_intervals_cover_a_calibrated_model_as_often_as_they_say():
    generator = np.random.default_rng(4)
    probability = generator.beta(2, 20, 1_500)
    covered = []
    for _ in range(300):
        slope = calibration_line((generator.random(1_500) < probability).astype(float), probability, level=0.9).slope
        covered.append(slope.low <= 1 <= slope.high)
    assert np.mean(covered) == pytest.approx(0.9, abs=0.05)


@pytest.mark.parametrize(
    ("flag", "probability"),
    [
        ([0, 0, 0, 0], [0.1, 0.2, 0.3, 0.4]),  # a single class
        ([0, 0, 1, 1], [0.1, 0.2, 0.3, 0.4]),  # separated
    ],
)
def test_no_finite_line_is_said_to_be_unknown(flag, probability):
    line = calibration_line(flag, probability)
    assert math.isnan(line.slope.value)
    assert math.isnan(line.intercept.value)
    assert not line.slope.known


def test_equal_pd_have_a_level_but_no_slope():
    line = calibration_line([0, 0, 0, 1], [0.1] * 4)
    assert math.isnan(line.slope.value)
    assert line.in_the_large.value == pytest.approx(special.logit(0.25) - special.logit(0.1))


def test_pd_that_are_wildly_wrong_still_find_their_line():
    generator = np.random.default_rng(9)
    log_odds = generator.normal(-12, 3, 2_000)
    flag = (generator.random(2_000) < special.expit((log_odds + 12) / 3)).astype(float)
    line = calibration_line(flag, special.expit(log_odds))
    assert line.slope.low < 1 / 3 < line.slope.high
    assert line.intercept.low < 4 < line.intercept.high


@pytest.mark.parametrize("edge", [0.0, 1.0])
def test_a_certain_pd_is_refused(edge):
    with pytest.raises(ParameterError, match="no PD is certain"):
        calibration_line([0, 1], [0.2, edge])


@pytest.mark.parametrize("seed", [2327, 7637])  # there a Newton step gains less than the rounding of the loss
def test_next_to_the_maximum_rounding_does_not_hide_the_line(seed):
    generator = np.random.default_rng(seed)
    log_odds = generator.normal(-2.8, 0.7, 520)
    flag = (generator.random(520) < special.expit(0.8 + 1.3 * np.round(log_odds, 2))).astype(float)
    assert math.isfinite(calibration_line(flag, special.expit(log_odds)).slope.value)
