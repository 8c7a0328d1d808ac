"""The true probability of default within twelve months, by recursion over the latent state.

The recursion is exact for a customer without neighbours. What neighbours may do in the coming months is added to first
order: the chance of each neighbour's default in each month times what it would then cost.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from creditscore.book.simulation.chains import Chains
from creditscore.book.simulation.columns import Flags, Real, Small, Whole, chance, customer_keys, log_odds
from creditscore.book.simulation.customers import Customers
from creditscore.book.simulation.economy import Economy
from creditscore.book.simulation.life import Lives
from creditscore.book.simulation.network import Contagion
from creditscore.book.simulation.parameters import HazardParameters

HORIZON = 12
REGIME_FIRST = (2, 3, 0, 1)  # from quality, strain, regime, industry
OFFSET_STEP = 0.125  # between two offsets, log-odds are interpolated linearly: at most 0.004 off


@dataclass(frozen=True, slots=True)
class State:
    """State of customers at a month's end; one entry a customer, ``regime`` is common to all."""

    offset: Real
    quality: Small
    strain: Small
    regime: int
    industry: Small

    def of(self, rows: Whole) -> "State":
        """Return the state of some of the customers."""
        return State(self.offset[rows], self.quality[rows], self.strain[rows], self.regime, self.industry[rows])


@dataclass(frozen=True, slots=True)
class Prospects:
    """What each state makes of the coming months.

    Parameters
    ----------
    offsets
        Grid of the customers' offsets.
    default
        Probability of default within 0, 1, ..., 12 months; months x regime x industry x quality x strain x offset.
    cost
        For 1, 2, ... units of strain, added at the end of month 1, 2, ..., 11: by how much they raise the probability
        of default within 12 months; regime x industry x quality x strain x offset x months x units.
    """

    offsets: Real
    default: Real
    cost: Real

    def default_within(self, months: int, state: State) -> Real:
        """Return the probability of default within some months, without neighbours."""
        place, weight = self._place(state.offset)
        low, high = (self.default[months][(*_cell(state), at)] for at in (place, place + 1))
        return chance((1 - weight) * log_odds(low) + weight * log_odds(high))

    def cost_of(self, units: Whole, month: int, state: State) -> Real:
        """Return how much ``units`` of strain, added at the end of the month, raise the probability."""
        place, weight = self._place(state.offset)
        low, high = (self.cost[(*_cell(state), at, month - 1, units - 1)] for at in (place, place + 1))
        return (1 - weight) * low + weight * high

    def _place(self, offset: Real) -> tuple[Whole, Real]:
        steps = (offset - self.offsets[0]) / OFFSET_STEP
        place = np.clip(np.floor(steps).astype(np.int64), 0, len(self.offsets) - 2)
        return place, steps - place


def _cell(state: State) -> tuple[int, Small, Small, Small]:
    return state.regime, state.industry, state.quality, state.strain


def foresee(chains: Chains, parameters: HazardParameters, *, most_units: int) -> Prospects:
    """Tabulate what each state makes of the coming twelve months.

    Parameters
    ----------
    chains
        Laws of motion.
    parameters
        Bound of the offsets.
    most_units
        The most units of strain that a neighbour's default adds.
    """
    bound = parameters.offset_bound
    offsets = np.linspace(-bound, bound, round(2 * bound / OFFSET_STEP) + 1)
    hazard = chance(chains.hazard.transpose(REGIME_FIRST)[..., None] + offsets)
    survival = 1.0 - hazard[..., None]
    default = [np.zeros_like(survival)]
    for _ in range(HORIZON):
        default.append(1.0 - _before(1.0 - default[-1], survival, chains))
    return Prospects(offsets, np.stack(default)[..., 0], _cost(default, survival, chains, most_units))


def _before(value: Real, survival: Real, chains: Chains) -> Real:
    """Return the expectation, one month earlier, of ``value`` times survival of the month.

    The axes are regime, industry, quality, strain, offset, and whatever is computed side by side.
    """
    regimes, industries, grades, units = value.shape[:4]
    strained = chains.strain @ (value * survival).reshape(regimes, industries, grades, units, -1)
    graded = chains.quality[:, None] @ strained.reshape(regimes, industries, grades, -1)
    busy = chains.industry @ graded.reshape(regimes, industries, -1)
    return np.asarray(chains.regime @ busy.reshape(regimes, -1)).reshape(value.shape)


def _cost(default: list[Real], survival: Real, chains: Chains, most_units: int) -> Real:
    """Return the cost of a strain that comes at the end of each of the months 1 to 11.

    The cost at that time is carried back month by month, that of the latest month first.
    """
    highest = survival.shape[3] - 1
    later = [np.minimum(np.arange(highest + 1) + units, highest) for units in range(1, most_units + 1)]
    carried = np.empty((*survival.shape[:-1], 0))
    for month in range(HORIZON - 1, 0, -1):
        left = default[HORIZON - month]
        cost = np.concatenate([left[:, :, :, strained] - left for strained in later], axis=-1)
        carried = _before(np.concatenate([cost, carried], axis=-1), survival, chains)
    return carried.reshape(*carried.shape[:-1], HORIZON - 1, most_units)


def true_probability(prospects: Prospects, state: State, alive: Flags, contagion: Contagion, *, month: int) -> Real:
    """Return each customer's true probability of default within twelve months of a month's end.

    Parameters
    ----------
    prospects
        What each state makes of the coming months.
    state
        State of all customers at the month's end.
    alive
        Who has come and has not defaulted; a default can come from these only.
    contagion
        Edges along which a default spreads.
    month
        The month of the window at whose end we stand.
    """
    probability = prospects.default_within(HORIZON, state)
    live = contagion.open_in(month) & alive[contagion.failing] & alive[contagion.hit]
    edges = np.flatnonzero(live)
    failing, hit = state.of(contagion.failing[edges]), state.of(contagion.hit[edges])
    before = np.zeros(len(edges))
    added = np.zeros(len(edges))
    for ahead in range(1, HORIZON):
        until = prospects.default_within(ahead, failing)
        carries = contagion.last_month[edges] >= month + ahead
        added += carries * (until - before) * prospects.cost_of(contagion.units[edges], ahead, hit)
        before = until
    return probability + np.bincount(contagion.hit[edges], added, minlength=len(alive))


def truth_table(
    customers: Customers,
    lives: Lives,
    economy: Economy,
    world: tuple[Prospects, Contagion],
    *,
    ends: Whole,
) -> pa.Table:
    """Return the true probability of each customer at the end of each month in which it lives.

    Parameters
    ----------
    customers, lives, economy
        Who lived how.
    world
        What each state makes of the future, and how defaults spread.
    ends
        Last day of each month of the window.
    """
    prospects, contagion = world
    history = len(economy.regimes) - len(ends)
    parts = []
    for month in range(len(ends)):
        state = State(
            customers.offset,
            lives.quality[:, month],
            lives.strain[:, month],
            int(economy.regimes[history + month]),
            economy.states[history + month][customers.industry],
        )
        alive = (customers.onboarded_month <= month) & (lives.default_month > month)
        probability = true_probability(prospects, state, alive, contagion, month=month)
        rows = np.flatnonzero(alive)
        parts.append((rows, np.full(len(rows), ends[month]), probability[rows]))
    number, as_of, probability = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((as_of, number))
    days = pa.array(as_of[order].astype(np.int32)).cast(pa.date32())
    return pa.table({"customer_id": customer_keys(number[order]), "as_of": days, "pd_12m": probability[order]})
