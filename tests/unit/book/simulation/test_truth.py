"""The laws of motion and the recursion over them."""

from dataclasses import replace

import numpy as np
import pytest

from creditscore.book.simulation.chains import build_chains, quality_levels
from creditscore.book.simulation.columns import chance, log_odds
from creditscore.book.simulation.life import spread
from creditscore.book.simulation.network import Contagion
from creditscore.book.simulation.parameters import Parameters
from creditscore.book.simulation.truth import HORIZON, State, foresee, true_probability

PARAMETERS = Parameters()
MOST_UNITS = 4


@pytest.fixture(scope="module")
def chains():
    return build_chains(PARAMETERS)


@pytest.fixture(scope="module")
def prospects(chains):
    return foresee(chains, PARAMETERS.hazard, most_units=MOST_UNITS)


def one(quality=7, strain=0, regime=1, industry=1, offset=0.0):
    return State(np.array([offset]), np.array([quality]), np.array([strain]), regime, np.array([industry]))


def contagion(failing, hit, units, last_month=100):
    return Contagion(*(np.array([value]) for value in (failing, hit, units, 0, last_month)))


@pytest.mark.parametrize("name", ["quality", "strain", "regime", "industry"])
def test_the_moves_from_each_state_add_up_to_one(chains, name):
    moves = getattr(chains, name)
    assert (moves >= 0).all()
    assert moves.sum(axis=-1) == pytest.approx(1.0, abs=1e-12)


def test_quality_without_slips_stays_standard_normal_and_keeps_its_persistence():
    quality = replace(PARAMETERS.quality, slip=(0.0,) * 4)
    moves = build_chains(replace(PARAMETERS, quality=quality)).quality[0]
    levels = quality_levels(quality)
    law = np.linalg.matrix_power(moves, 200_000)[0]
    assert law @ levels == pytest.approx(0.0, abs=1e-9)
    assert law @ levels**2 == pytest.approx(1.0, abs=1e-9)
    assert moves @ levels == pytest.approx(quality.persistence * levels, abs=1e-9)


def test_within_one_month_the_truth_is_the_mean_hazard_of_the_next_state(chains, prospects):
    state = one(quality=4, strain=3, regime=2, industry=0, offset=0.5)
    expected = 0.0
    for regime, of_regime in enumerate(chains.regime[2]):
        for industry, of_industry in enumerate(chains.industry[regime, 0]):
            for grade, of_grade in enumerate(chains.quality[regime, 4]):
                for units, of_units in enumerate(chains.strain[grade, 3]):
                    hazard = chance(chains.hazard[grade, units, regime, industry] + 0.5)
                    expected += of_regime * of_industry * of_grade * of_units * hazard
    assert prospects.default_within(1, state)[0] == pytest.approx(expected, rel=1e-10)


def test_without_any_motion_the_truth_is_the_closed_form(chains):
    still = replace(
        chains,
        quality=np.broadcast_to(np.eye(15), (4, 15, 15)),
        strain=np.broadcast_to(np.eye(11), (15, 11, 11)),
        regime=np.eye(4),
        industry=np.broadcast_to(np.eye(3), (4, 3, 3)),
    )
    prospects = foresee(still, PARAMETERS.hazard, most_units=MOST_UNITS)
    hazard = chance(chains.hazard[3, 2, 1, 1] - 0.25)
    state = one(quality=3, strain=2, offset=-0.25)
    assert prospects.default_within(HORIZON, state)[0] == pytest.approx(1 - (1 - hazard) ** 12, rel=1e-12)
    strained = chance(chains.hazard[3, 6, 1, 1] - 0.25)
    cost = (1 - hazard) ** 5 * ((1 - hazard) ** 7 - (1 - strained) ** 7)
    assert prospects.cost_of(np.array([4]), 5, state)[0] == pytest.approx(cost, rel=1e-12)


def test_between_two_offsets_of_the_grid_the_error_is_small(chains):
    fine = replace(PARAMETERS.hazard, offset_bound=0.0625)
    middle = foresee(chains, fine, most_units=1)
    coarse = foresee(chains, replace(PARAMETERS.hazard, offset_bound=0.125), most_units=1)
    for quality in range(15):
        exact = middle.default_within(HORIZON, one(quality=quality, offset=0.0625))
        assert log_odds(coarse.default_within(HORIZON, one(quality=quality, offset=0.0625))) == pytest.approx(
            log_odds(exact), abs=0.004
        )


@pytest.mark.parametrize(
    ("safer", "riskier"),
    [
        ({"quality": 8}, {"quality": 7}),
        ({"strain": 0}, {"strain": 1}),
        ({"regime": 1}, {"regime": 3}),
        ({"industry": 0}, {"industry": 2}),
        ({"offset": -0.1}, {"offset": 0.1}),
    ],
    ids=["quality", "strain", "regime", "industry", "offset"],
)
def test_the_worse_state_has_the_higher_truth(prospects, safer, riskier):
    low, high = (prospects.default_within(HORIZON, one(**state))[0] for state in (safer, riskier))
    assert low < high


def two(quality=7):
    return State(np.zeros(2), np.array([quality, 7]), np.zeros(2, dtype=np.int8), 1, np.array([1, 1]))


def test_a_weak_neighbour_raises_the_truth_of_its_guarantor_only(prospects):
    alone = prospects.default_within(HORIZON, two(quality=1))
    both = true_probability(prospects, two(quality=1), np.array([True, True]), contagion(0, 1, 4), month=0)
    assert both[0] == alone[0]
    assert both[1] > 1.05 * alone[1]


@pytest.mark.parametrize(
    ("alive", "last_month"), [([False, True], 100), ([True, True], 0)], ids=["it is gone", "the link ends"]
)
def test_a_neighbour_that_can_no_longer_spread_adds_nothing(prospects, alive, last_month):
    edges = contagion(0, 1, 4, last_month)
    truth = true_probability(prospects, two(quality=1), np.array(alive), edges, month=0)
    assert truth[1] == prospects.default_within(HORIZON, two())[1]


def test_a_default_strains_the_neighbour_while_the_link_lasts():
    strain, defaulted = np.array([0, 8], dtype=np.int8), np.array([True, False])
    edges = contagion(0, 1, 4, last_month=5)
    assert spread(strain, defaulted, edges, month=5, highest=10).tolist() == [0, 10]
    assert spread(strain, defaulted, edges, month=6, highest=10).tolist() == [0, 8]
