"""Intervals of loss ratios: losses are rare and skewed, and the snapshots of one customer hang together."""

import numpy as np
import pytest

from creditscore.validation import ratio_of_sums

SAMPLES, SNAPSHOTS = 400, 6
GIVEN_DEFAULT = 0.4  # mean of the beta distribution that losses are drawn from
DRIFT = 0.2  # of an exposure between snapshots, in standard deviations of its logarithm


def samples(customers, default_probability):
    """Draw exposures, and losses of those who default, on several snapshots of each customer."""
    generator = np.random.default_rng(7)
    whose = np.repeat(np.arange(customers), SNAPSHOTS)
    for _ in range(SAMPLES):
        size = generator.lognormal(0.0, 1.2, customers)
        lost = (generator.random(customers) < default_probability) * generator.beta(2, 3, customers) * size
        yield lost[whose], size[whose] * generator.lognormal(0.0, DRIFT, whose.size), whose


@pytest.mark.slow
@pytest.mark.parametrize(("customers", "default_probability"), [(3_000, 0.01), (1_000, 0.07), (500, 0.25)])
def test_intervals_hold_the_true_loss_ratio_as_often_as_they_say(customers, default_probability):
    truth = default_probability * GIVEN_DEFAULT / np.exp(DRIFT**2 / 2)
    found = [
        ratio_of_sums(above, below, customers=whose) for above, below, whose in samples(customers, default_probability)
    ]
    held = np.mean([one.low <= truth <= one.high for one in found])
    assert 0.93 <= held <= 0.99
