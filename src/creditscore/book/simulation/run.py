"""Simulates a portfolio: draws its world, lives it, and writes the book and, apart from it, the truth."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from creditscore.book.simulation.chains import Chains, build_chains
from creditscore.book.simulation.columns import Whole
from creditscore.book.simulation.customers import Customers, customers_table, draw_customers
from creditscore.book.simulation.economy import Economy, draw_economy
from creditscore.book.simulation.events import default_days, events_table
from creditscore.book.simulation.facilities import extra_terms, facilities_table
from creditscore.book.simulation.ledger_tables import Habits, debtors_of, draw_habits, ledger_tables, ranges
from creditscore.book.simulation.life import Asked, Lives, Motion, live
from creditscore.book.simulation.network import Network, draw_network, links_table
from creditscore.book.simulation.parameters import DEFAULTS, Parameters
from creditscore.book.simulation.portfolio import Portfolio
from creditscore.book.simulation.statements import statements_table
from creditscore.book.simulation.truth import foresee, truth_table
from creditscore.book.simulation.writer import TableWriter, write_whole
from creditscore.book.store import Book
from creditscore.domain import Progress, pd_column, silent

CURRENCY = "CNY"
TRUTH_FILE = f"{pd_column(12)}.parquet"
STREAMS = ("economy", "customers", "network", "lives", "days", "habits", "facilities", "events", "statements", "ledger")


@dataclass(frozen=True, slots=True)
class World:
    """All that was drawn before anything is written."""

    parameters: Parameters
    chains: Chains
    starts: Whole
    economy: Economy
    customers: Customers
    network: Network
    lives: Lives
    default_on: Whole
    habits: Habits

    @property
    def last(self) -> int:
        """Last day of the window."""
        return int(self.starts[-1]) - 1


def simulate(portfolio: Portfolio, *, book: Path, truth: Path, progress: Progress = silent) -> Book:
    """Simulate a portfolio and write its book and its truth.

    The same portfolio gives the same files to the last byte. A book that stands in the folder already is replaced as a
    whole, in one step.

    Parameters
    ----------
    portfolio
        Size, length, seed and first month.
    book
        Folder of the book.
    truth
        Folder of ``pd_12m.parquet``: customer_id, as_of (a month's end) and the true probability of default within the
        twelve months that follow, for each customer that has come and has not defaulted. No table of the book holds it.
    progress
        Told of each month and each range of customers.

    Returns
    -------
    Book
        The book, with all nine tables.

    Raises
    ------
    ContractError
        If the folder holds a book in another currency than CNY.
    """
    seeds = _seeds(portfolio)
    target = Book.create(book, currency=CURRENCY)
    world = _draw(portfolio, DEFAULTS, seeds, progress)
    written = _write_small(world, seeds, book)
    written |= _write_ledger(world, seeds["ledger"], book, progress)
    _write_truth(world, truth)
    return target.adopt(written)


def draw_world(portfolio: Portfolio) -> World:
    """Draw the world of a portfolio and write nothing; it is the one that :func:`simulate` writes."""
    return _draw(portfolio, DEFAULTS, _seeds(portfolio), silent)


Seeds = dict[str, np.random.SeedSequence]


def _seeds(portfolio: Portfolio) -> Seeds:
    return dict(zip(STREAMS, np.random.SeedSequence(portfolio.seed).spawn(len(STREAMS)), strict=True))


def _draw(portfolio: Portfolio, parameters: Parameters, seeds: Seeds, progress: Progress) -> World:
    rng = {name: np.random.default_rng(seed) for name, seed in seeds.items()}
    chains = build_chains(parameters)
    economy = draw_economy(portfolio, parameters.economy, rng["economy"])
    customers = draw_customers(portfolio, parameters, rng["customers"])
    network = draw_network(portfolio, customers, parameters.network, rng["network"])
    lives = live(
        customers,
        economy,
        network.contagion,
        motion=Motion(chains, parameters.strain),
        parameters=parameters,
        draw=(rng["lives"], progress),
    )
    starts = portfolio.month_starts()
    default_on = default_days(lives, starts, rng["days"].random(len(customers)))
    habits = draw_habits(customers, parameters.ledger, rng["habits"])
    return World(parameters, chains, starts, economy, customers, network, lives, default_on, habits)


def _write_small(world: World, seeds: Seeds, folder: Path) -> dict[str, Path]:
    rng = {name: np.random.default_rng(seed.spawn(1)[0]) for name, seed in seeds.items()}
    calendar = world.starts, world.default_on
    quality = world.chains.levels[world.lives.quality]
    tables: dict[str, pa.Table] = {
        "macro": world.economy.macro,
        "industry": world.economy.industry,
        "customers": customers_table(world.customers, world.network.group, last=world.last, rng=rng["customers"]),
        "links": links_table(world.network, last=world.last, rng=rng["network"]),
        "facilities": facilities_table(
            world.customers, world.lives, calendar, habits=world.habits, rng=rng["facilities"]
        ),
        "events": events_table(
            world.customers, world.lives, calendar, parameters=world.parameters.strain, rng=rng["events"]
        ),
        "statements": statements_table(
            world.customers, quality, calendar, parameters=world.parameters.statements, rng=rng["statements"]
        ),
    }
    return {name: write_whole(name, table, folder) for name, table in tables.items()}


def _write_ledger(world: World, seed: np.random.SeedSequence, folder: Path, progress: Progress) -> dict[str, Path]:
    """Write invoices and payments range by range; each range has random numbers of its own."""
    extra_term = extra_terms(world.lives.extensions, shape=world.lives.quality.shape)
    shared = world.parameters, world.chains, world.default_on, extra_term
    places = list(ranges(len(world.customers)))
    with TableWriter("invoices", folder) as invoices, TableWriter("payments", folder) as payments:
        for done, (place, own) in enumerate(zip(places, seed.spawn(len(places)), strict=True), start=1):
            debtors = debtors_of(place, world.customers, world.lives, world.economy, habits=world.habits, world=shared)
            issued, paid = ledger_tables(
                debtors,
                _asked_by(world.lives.bulk, place),
                world.starts,
                parameters=world.parameters.ledger,
                rng=np.random.default_rng(own),
            )
            invoices.write(issued)
            payments.write(paid)
            progress("ledgers written", done, len(places))
    return {"invoices": invoices.path, "payments": payments.path}


def _asked_by(asked: Asked, place: slice) -> Asked:
    mine = (asked.customer >= place.start) & (asked.customer < place.stop)
    return Asked(asked.customer[mine], asked.month[mine], asked.units[mine], asked.granted[mine])


def _write_truth(world: World, folder: Path) -> None:
    contagion = world.network.contagion
    most = int(contagion.units.max(initial=1))
    prospects = foresee(world.chains, world.parameters.hazard, most_units=most)
    rows = truth_table(world.customers, world.lives, world.economy, (prospects, contagion), ends=world.starts[1:] - 1)
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{TRUTH_FILE}"
    pq.write_table(rows, draft, compression="zstd")
    draft.replace(folder / TRUTH_FILE)
