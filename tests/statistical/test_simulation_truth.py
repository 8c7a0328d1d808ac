"""What is called the truth is true: defaults come as often as it says."""

import numpy as np
import pandas as pd
import pytest

from creditscore.book.simulation import Portfolio, simulate
from creditscore.book.simulation.chains import build_chains
from creditscore.book.simulation.columns import moved
from creditscore.book.simulation.life import Motion, spread
from creditscore.book.simulation.network import Contagion
from creditscore.book.simulation.parameters import Parameters
from creditscore.book.simulation.truth import HORIZON, State, foresee, true_probability

pytestmark = pytest.mark.slow

PARAMETERS = Parameters()
PORTFOLIOS = 20
CUSTOMERS = 1_000
PATHS = 400
PAIRS = 500


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """Truth at a month's end and what came of it, of portfolios with an economy each."""
    parts = []
    for seed in range(PORTFOLIOS):
        folder = tmp_path_factory.mktemp(f"seed{seed}")
        portfolio = Portfolio(customers=CUSTOMERS, months=21, seed=seed)
        book = simulate(portfolio, book=folder / "book", truth=folder)
        events = book.read("events").to_pandas(date_as_object=False)
        failed = events.query("kind == 'default'").set_index("customer_id")["occurred_on"]
        rows = pd.read_parquet(folder / "pd_12m.parquet")
        rows = rows.assign(as_of=pd.to_datetime(rows["as_of"]), portfolio=seed)
        rows = rows[rows["as_of"] == pd.Timestamp(2022, 8, 31)]
        default_on = rows["customer_id"].map(failed)
        parts.append(rows.assign(default_flag=(default_on <= pd.Timestamp(2023, 8, 31)).astype(float)))
    return pd.concat(parts, ignore_index=True)


def surprise(rows):
    """Return the excess of defaults in standard errors; customers of one portfolio share an economy."""
    excess = (rows["default_flag"] - rows["pd_12m"]).groupby(rows["portfolio"]).sum()
    alone = (rows["pd_12m"] * (1 - rows["pd_12m"])).sum()
    return excess.sum() / np.sqrt(max(alone, (excess**2).sum()))


def test_about_four_in_a_hundred_customers_default_in_a_year(outcomes):
    assert 0.03 < outcomes["default_flag"].mean() < 0.05


def test_defaults_come_as_often_as_the_truth_says_in_each_tenth_of_it(outcomes):
    tenth = pd.qcut(outcomes["pd_12m"], 10, labels=False)
    surprises = outcomes.groupby(tenth)[["default_flag", "pd_12m", "portfolio"]].apply(surprise)
    assert len(surprises) == 10
    assert surprises.abs().max() < 3.5
    assert abs(surprise(outcomes)) < 3.0


def test_the_truth_ranks_well_but_not_perfectly(outcomes):
    ranks = outcomes["pd_12m"].rank()
    bad = outcomes["default_flag"] == 1
    auc = (ranks[bad].mean() - (bad.sum() + 1) / 2) / (~bad).sum()
    assert 0.84 < auc < 0.92


def defaults_of_pairs(quality, regime, units, rng):
    """Return the share of the guaranteed and of the guarantors that default in twelve months, in each of many futures.

    Even places are guaranteed by the odd place that follows.
    """
    chains = build_chains(PARAMETERS)
    motion = Motion(chains, PARAMETERS.strain)
    count = 2 * PAIRS
    failing = np.arange(0, count, 2)
    edges = Contagion(failing, failing + 1, np.full(PAIRS, units), np.zeros(PAIRS), np.full(PAIRS, 100))
    regime_moves, industry_moves = np.cumsum(chains.regime, axis=1), np.cumsum(chains.industry, axis=2)
    shares = []
    for _ in range(PATHS):
        now, grades = regime, np.tile(np.array(quality, dtype=np.int8), PAIRS)
        strain, industry = np.zeros(count, dtype=np.int8), np.ones(count, dtype=np.int8)
        alive = np.ones(count, dtype=bool)
        for month in range(HORIZON):
            now = int(moved(regime_moves[now][None], rng.random(1))[0])
            # Companies of a pair share an industry, as those of a portfolio may.
            industry = np.repeat(moved(industry_moves[now, industry[::2]], rng.random(PAIRS)), 2)
            step = motion.step(grades, strain, (now, industry), offset=np.zeros(count), rng=rng)
            defaulted = step.defaulted & alive
            alive &= ~defaulted
            grades = step.quality
            strain = spread(step.strain, defaulted, edges, month=month, highest=PARAMETERS.strain.highest)
        shares.append(1 - alive.reshape(PAIRS, 2).mean(axis=0))
    return np.array(shares)


@pytest.mark.parametrize(
    ("quality", "regime", "units"), [((7, 6), 1, 4), ((2, 5), 0, 4), ((1, 4), 3, 3)], ids=["usual", "weak", "recession"]
)
def test_futures_lived_many_times_agree_with_the_recursion(quality, regime, units):
    shares = defaults_of_pairs(quality, regime, units, np.random.default_rng(5))
    prospects = foresee(build_chains(PARAMETERS), PARAMETERS.hazard, most_units=4)
    state = State(np.zeros(2), np.array(quality), np.zeros(2, dtype=np.int8), regime, np.ones(2, dtype=np.int8))
    edges = Contagion(*(np.array([value]) for value in (0, 1, units, 0, 100)))
    truth = true_probability(prospects, state, np.array([True, True]), edges, month=0)
    error = shares.std(axis=0, ddof=1) / np.sqrt(PATHS)
    # Exact without neighbours; with one, to first order: two per cent of the probability at most.
    assert abs(shares.mean(axis=0)[0] - truth[0]) < 3.5 * error[0]
    assert abs(shares.mean(axis=0)[1] - truth[1]) < 3.5 * error[1] + 0.02 * truth[1]
