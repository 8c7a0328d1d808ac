"""On data that a family made, that family is chosen, or one that is as good."""

import numpy as np
import pytest
from scipy.special import expit, logit

from creditscore.models import BestCalibration

CUSTOMERS, DAYS = 4_000, 5


def made_by(curve, *, seed):
    """Give customers seen on several days whose rates a model knows and whose default follows a curve of them."""
    random = np.random.default_rng(seed)
    own = np.clip(random.beta(0.7, 3.0, size=CUSTOMERS), 1e-3, 0.99)
    rates = expit(np.repeat(logit(own), DAYS) + random.normal(scale=0.05, size=CUSTOMERS * DAYS))
    y = random.random(CUSTOMERS * DAYS) < expit(curve(rates))
    return rates, y.astype(float), np.repeat(np.arange(CUSTOMERS), DAYS), np.tile(np.arange(DAYS), CUSTOMERS)


def line(rates):
    return -0.5 + 1.4 * logit(rates)


def bent(rates):
    return 0.2 + 0.3 * np.log(rates) - 4.0 * np.log(1 - rates)


def stepped(rates):
    return np.select([rates < 0.1, rates < 0.3], [-4.5, -1.2], default=0.4)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("curve", "kind"), [(line, "logistic"), (bent, "beta"), (stepped, "isotonic")], ids=["line", "bent", "stepped"]
)
def test_the_family_that_made_the_data_is_chosen(curve, kind, seed):
    rates, y, customers, days = made_by(curve, seed=seed)
    assert BestCalibration().fit(rates, y, groups=customers, days=days).chosen_.kind == kind


def test_a_straight_line_is_seldom_taken_for_a_curve():
    picked = [
        BestCalibration().fit(rates, y, groups=customers).chosen_.kind
        for rates, y, customers, _ in (made_by(line, seed=seed) for seed in range(100, 120))
    ]
    assert picked.count("logistic") >= 16


def test_rows_of_one_customer_that_share_a_fate_do_not_buy_a_family_that_the_data_do_not_need():
    # 150 customers with one outcome each on 40 days: 6,000 rows, yet no more evidence than 150.
    picked = []
    for seed in range(10):
        random = np.random.default_rng(seed)
        own = random.uniform(0.02, 0.9, size=150)
        fate = (random.random(150) < own).astype(float)
        rates = expit(np.repeat(logit(own), 40) + random.normal(scale=0.1, size=6_000))
        best = BestCalibration().fit(rates, np.repeat(fate, 40), groups=np.repeat(np.arange(150), 40))
        picked.append(best.chosen_.kind)
    assert picked.count("logistic") >= 8
