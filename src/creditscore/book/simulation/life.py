"""The lives of the customers, month by month: quality, strain, requests, events, contagion, defaults."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from creditscore.book.simulation.chains import Chains
from creditscore.book.simulation.columns import Flags, Real, Small, Whole, chance, moved
from creditscore.book.simulation.customers import Customers
from creditscore.book.simulation.economy import Economy
from creditscore.book.simulation.network import Contagion
from creditscore.book.simulation.parameters import Parameters, StrainParameters
from creditscore.domain import Progress

NEVER = 10**6  # month or day of a default that does not come


@dataclass(frozen=True, slots=True)
class Asked:
    """Requests of customers; one entry a request.

    Parameters
    ----------
    customer, month
        Who asked, and in which month of the window.
    units
        Size of the request: months of usual turnover, or months of extension.
    granted
        Whether it was granted.
    """

    customer: Whole
    month: Whole
    units: Whole
    granted: Flags


@dataclass(frozen=True, slots=True)
class Happened:
    """Events of customers; one entry an event, ``kind`` is the place in ``event_kinds``."""

    customer: Whole
    month: Whole
    kind: Whole


@dataclass(frozen=True, slots=True)
class Lives:
    """What became of the customers.

    Parameters
    ----------
    quality, strain
        Grade and units at the end of each month, customers x months.
    default_month
        Month of the window in which the customer defaulted; ``NEVER`` if it did not.
    bulk, extensions
        Requests for a bulk purchase and for a longer term.
    events
        Events other than those of default itself.
    """

    quality: Small
    strain: Small
    default_month: Whole
    bulk: Asked
    extensions: Asked
    events: Happened


@dataclass(frozen=True, slots=True)
class Month:
    """What a month did to customers; one entry a customer, events are kinds x customers."""

    quality: Small
    strain: Small
    bulk: Small
    bulk_granted: Flags
    extension: Small
    extension_granted: Flags
    events: Flags
    defaulted: Flags


class Motion:
    """Moves customers by one month under the laws of ``chains``."""

    def __init__(self, chains: Chains, parameters: StrainParameters) -> None:
        self.chains = chains
        self.parameters = parameters
        self._quality = np.cumsum(chains.quality, axis=2)
        self._bulk = np.cumsum(parameters.bulk_units)
        self._extension = np.cumsum(parameters.extension_units)
        self._units = np.array(parameters.event_units)

    def first_quality(self, count: int, rng: np.random.Generator) -> Small:
        """Draw grades from the binomial law of the chain without slips."""
        return rng.binomial(len(self.chains.levels) - 1, 0.5, count).astype(np.int8)

    def step(
        self, quality: Small, strain: Small, economy: tuple[int, Small], *, offset: Real, rng: np.random.Generator
    ) -> Month:
        """Draw the month of customers in this state; ``economy`` is the regime and the state of each one's industry."""
        count, requests = len(quality), self.chains.requests
        grade = moved(self._quality[economy[0]][quality], rng.random(count))
        events = rng.random((len(self._units), count)) < self.chains.events[:, grade, strain]
        bulk = self._ask(requests.bulk[grade], self._bulk, rng)
        extension = self._ask(requests.extension[grade], self._extension, rng)
        bulk_granted = (bulk > 0) & (rng.random(count) < requests.bulk_grant[grade])
        extension_granted = (extension > 0) & (rng.random(count) < requests.extension_grant[grade])
        kept = rng.binomial(strain, self.parameters.stay)
        ordered = self.parameters.bulk_strain * bulk * bulk_granted
        lengthened = self.parameters.extension_strain * extension * extension_granted
        units = kept + ordered + lengthened + self._units @ events
        units = np.minimum(units, self.parameters.highest).astype(np.int8)
        hazard = chance(self.chains.hazard[grade, units, economy[0], economy[1]] + offset)
        defaulted = rng.random(count) < hazard
        return Month(grade, units, bulk, bulk_granted, extension, extension_granted, events, defaulted)

    def _ask(self, rate: Real, cumulative: Real, rng: np.random.Generator) -> Small:
        asks = rng.random(len(rate)) < rate
        units = 1 + np.searchsorted(cumulative[:-1], rng.random(len(rate)), side="right")
        return (asks * units).astype(np.int8)


def spread(strain: Small, defaulted: Flags, contagion: Contagion, *, month: int, highest: int) -> Small:
    """Return the strain after the defaults of the month have reached the neighbours."""
    carrying = contagion.open_in(month) & defaulted[contagion.failing]
    added = np.bincount(contagion.hit[carrying], contagion.units[carrying], minlength=len(strain))
    return np.minimum(strain + added, highest).astype(np.int8)


def live(
    customers: Customers,
    economy: Economy,
    contagion: Contagion,
    *,
    motion: Motion,
    parameters: Parameters,
    draw: tuple[np.random.Generator, Progress],
) -> Lives:
    """Draw the lives of all customers; a month starts to count after the month of onboarding.

    Parameters
    ----------
    customers, economy, contagion
        Who lives, in which economy, and how defaults spread.
    motion
        Laws of motion.
    parameters
        Lengths of the history and of the strain.
    draw
        Random numbers, and who is told of each month.
    """
    rng, progress = draw
    history = parameters.economy.history_months
    months = len(economy.regimes) - history
    count = len(customers)
    quality = motion.first_quality(count, rng)
    strain = np.zeros(count, dtype=np.int8)
    default_month = np.full(count, NEVER, dtype=np.int64)
    grades, units = np.empty((count, months), np.int8), np.empty((count, months), np.int8)
    diary = []
    for month in range(months):
        around = int(economy.regimes[history + month]), economy.states[history + month][customers.industry]
        now = motion.step(quality, strain, around, offset=customers.offset, rng=rng)
        alive = (customers.onboarded_month < month) & (default_month == NEVER)
        defaulted = now.defaulted & alive
        default_month[defaulted] = month
        quality = now.quality
        strain = np.where(alive, now.strain, 0).astype(np.int8)
        strain = spread(strain, defaulted, contagion, month=month, highest=parameters.strain.highest)
        strain[customers.onboarded_month > month] = 0
        grades[:, month], units[:, month] = quality, strain
        diary.append(_note(now, alive & ~defaulted, alive, month))
        progress("months lived", month + 1, months)
    bulk, extensions, events = zip(*diary, strict=True)
    return Lives(
        grades,
        units,
        default_month,
        bulk=Asked(*(np.concatenate(column) for column in zip(*bulk, strict=True))),
        extensions=Asked(*(np.concatenate(column) for column in zip(*extensions, strict=True))),
        events=Happened(*(np.concatenate(column) for column in zip(*events, strict=True))),
    )


Entry = tuple[npt.NDArray[Any], ...]


def _note(now: Month, asking: Flags, alive: Flags, month: int) -> tuple[Entry, Entry, Entry]:
    """Return the requests for bulk purchases and for extensions, and the events, of the month."""
    bulk, extension = (np.flatnonzero((units > 0) & asking) for units in (now.bulk, now.extension))
    kind, customer = np.nonzero(now.events & alive)
    return (
        (bulk, np.full(len(bulk), month), now.bulk[bulk].astype(np.int64), now.bulk_granted[bulk]),
        (
            extension,
            np.full(len(extension), month),
            now.extension[extension].astype(np.int64),
            now.extension_granted[extension],
        ),
        (customer, np.full(len(customer), month), kind),
    )
