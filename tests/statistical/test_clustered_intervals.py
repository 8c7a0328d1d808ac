"""Intervals on panels: a customer observed on several days must not count as several customers."""

import numpy as np
import pytest
from scipy import stats

from creditscore.validation import auc

CUSTOMERS, DAYS, PANELS = 400, 6, 400
WITHIN = 0.2  # noise of a single day beside the customer's own level, in standard deviations
TRUTH = stats.norm.cdf(1.0 / np.sqrt(2 * (1 + WITHIN**2)))


def panels():
    """Draw panels whose labels hold per customer, as outcomes in overlapping windows nearly do."""
    generator = np.random.default_rng(11)
    whose = np.repeat(np.arange(CUSTOMERS), DAYS)
    for _ in range(PANELS):
        bad = generator.random(CUSTOMERS) < 0.2
        level = generator.normal(size=CUSTOMERS) + bad
        yield bad[whose].astype(float), level[whose] + WITHIN * generator.normal(size=whose.size), whose


@pytest.mark.slow
def test_intervals_that_know_the_customers_hold_the_true_auc_as_often_as_they_say():
    found = [auc(flag, ranking, customers=whose) for flag, ranking, whose in panels()]
    held = np.mean([one.low <= TRUTH <= one.high for one in found])
    assert 0.92 <= held <= 0.98


@pytest.mark.slow
def test_intervals_that_do_not_know_them_claim_too_much():
    found = [auc(flag, ranking) for flag, ranking, _ in panels()]
    assert np.mean([one.low <= TRUTH <= one.high for one in found]) < 0.75
