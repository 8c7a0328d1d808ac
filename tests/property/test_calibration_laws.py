"""Laws of every calibration, for any rates and labels that it accepts."""

import json

import numpy as np
import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st
from scipy.special import expit

from creditscore.errors import ParameterError
from creditscore.models import (
    BestCalibration,
    BetaCalibration,
    CentralTendency,
    IsotonicCalibration,
    LevelCalibration,
    LogisticCalibration,
    LowDefaultCalibration,
    calibration_of,
    most_prudent_rates,
)

FAMILIES = [
    LogisticCalibration(),
    BetaCalibration(),
    IsotonicCalibration(block_rows=5),
    LevelCalibration(),
    LowDefaultCalibration(grades=3),
    CentralTendency(LogisticCalibration(floor=0.01), long_run_rate=0.03),
    BestCalibration(min_defaulters=5),
]
RATES = st.lists(st.floats(0, 1), min_size=1, max_size=20).map(np.array)
PERIODS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=10, max_size=120)
each_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: type(family).__name__)


def fitted(family, period):
    rates, y = np.array(period).T
    try:
        return family.fit(rates, y)
    except ParameterError:
        reject()


@each_family
@settings(max_examples=60, deadline=None)
@given(period=PERIODS, rates=RATES)
def test_a_higher_rate_never_gets_lower_log_odds(family, period, rates):
    said = fitted(family, period).log_odds(np.sort(rates))
    assert np.isfinite(said).all()
    assert (np.diff(said) >= -1e-12 * (1 + np.abs(said[1:]))).all()


@each_family
@settings(max_examples=60, deadline=None)
@given(period=PERIODS, rates=RATES)
def test_a_row_has_the_same_bits_alone_and_in_a_batch(family, period, rates):
    calibration = fitted(family, period)
    alone = [calibration.log_odds([rate])[0] for rate in rates]
    np.testing.assert_array_equal(calibration.log_odds(rates), alone)


@each_family
@settings(max_examples=60, deadline=None)
@given(period=PERIODS, rates=RATES)
def test_a_record_through_a_file_gives_the_same_bits(family, period, rates):
    calibration = fitted(family, period)
    again = calibration_of(json.loads(json.dumps(calibration.to_record(), allow_nan=False)))
    np.testing.assert_array_equal(again.log_odds(rates), calibration.log_odds(rates))
    assert again.to_record() == calibration.to_record()


@settings(max_examples=60, deadline=None)
@given(period=PERIODS, rate=st.floats(1e-6, 1 - 1e-6))
def test_the_mean_pd_is_the_long_run_rate(period, rate):
    calibration = fitted(CentralTendency(LevelCalibration(), long_run_rate=rate), period)
    assert expit(calibration.log_odds(np.array(period).T[0])).mean() == pytest.approx(rate, abs=1e-12)


@settings(max_examples=100, deadline=None)
@given(
    grades=st.lists(st.tuples(st.integers(1, 500), st.integers(0, 20)), min_size=1, max_size=8),
    levels=st.tuples(st.floats(0.01, 0.99), st.floats(0.01, 0.99)),
)
def test_prudent_rates_rise_with_the_grade_and_with_the_level_and_are_never_below_what_was_seen(grades, levels):
    customers, defaults = np.array(grades).T
    assume((defaults <= customers).all() and defaults[-1] < customers[-1])
    low, high = (most_prudent_rates(customers, defaults, confidence=level) for level in sorted(levels))
    assert (np.diff(low) >= 0).all()
    assert (high >= low - 1e-12).all()
    upper = most_prudent_rates(customers, defaults, confidence=0.75)
    assert upper[0] >= defaults.sum() / customers.sum()
