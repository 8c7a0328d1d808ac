"""Corporate groups, guarantees and supplies, and along which of them a default spreads."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from creditscore.book.simulation.columns import Flags, Whole, customer_keys, table, words
from creditscore.book.simulation.customers import Customers
from creditscore.book.simulation.parameters import NetworkParameters
from creditscore.book.simulation.portfolio import Portfolio

KINDS = ("affiliated", "controls", "guarantees", "owns", "supplies")
AFFILIATED, CONTROLS, GUARANTEES, OWNS, SUPPLIES = range(5)
CONTROLLING = 0.5  # share from which an owner controls


@dataclass(frozen=True, slots=True)
class Contagion:
    """Edges along which a default spreads, one entry an edge.

    Parameters
    ----------
    failing
        Customer whose default spreads.
    hit
        Customer that it strains.
    units
        Units of strain that it adds.
    first_month, last_month
        Months of the window in which the edge carries a default.
    """

    failing: Whole
    hit: Whole
    units: Whole
    first_month: Whole
    last_month: Whole

    def open_in(self, month: int) -> Flags:
        """Tell which edges carry a default of this month."""
        return (self.first_month <= month) & (month <= self.last_month)


@dataclass(frozen=True, slots=True)
class Links:
    """Links of the book, one entry a link; ``until_on`` -1 means that it lasts."""

    source: Whole
    target: Whole
    kind: Whole
    share: np.ma.MaskedArray
    amount: np.ma.MaskedArray
    since_on: Whole
    until_on: Whole


@dataclass(frozen=True, slots=True)
class Network:
    """Groups (-1 is none), links, and what spreads along them."""

    group: Whole
    links: Links
    contagion: Contagion


def draw_network(
    portfolio: Portfolio, customers: Customers, parameters: NetworkParameters, rng: np.random.Generator
) -> Network:
    """Draw groups and links among the customers."""
    group, pairs = _groups(len(customers), parameters, rng)
    pairs.append(_strangers(len(customers), GUARANTEES, parameters.guarantees, rng))
    pairs.append(_strangers(len(customers), SUPPLIES, parameters.supplies, rng))
    source, target, kind = (np.concatenate(column) for column in zip(*pairs, strict=True))
    different = np.unique(np.stack([source, target, kind])[:, source != target], axis=1)
    links = _dated(different, portfolio, customers, parameters, rng)
    return Network(group, links, _contagion(links, portfolio.month_starts(), parameters))


def _groups(
    count: int, parameters: NetworkParameters, rng: np.random.Generator
) -> tuple[Whole, list[tuple[Whole, Whole, Whole]]]:
    """Cut a shuffled share of the customers into groups; a head owns or controls its members, who are affiliated."""
    members = rng.permutation(count)[: round(parameters.grouped * count)]
    sizes = rng.integers(2, parameters.group_size + 1, len(members))
    sizes = sizes[np.cumsum(sizes) <= len(members)]
    members = members[: sizes.sum()]
    label = np.repeat(np.arange(len(sizes)), sizes)
    group = np.full(count, -1, dtype=np.int64)
    group[members] = label
    first = np.repeat(np.cumsum(sizes) - sizes, sizes)
    place = np.arange(len(members))
    below = place > first
    head, member = members[first[below]], members[below]
    kind = np.where(rng.random(len(head)) < CONTROLLING, CONTROLS, OWNS)
    beside = below & (place > first + 1)
    sisters = (members[place[beside] - 1], members[beside], np.full(beside.sum(), AFFILIATED))
    return group, [(head, member, kind), sisters]


def _strangers(count: int, kind: int, rate: float, rng: np.random.Generator) -> tuple[Whole, Whole, Whole]:
    number = round(rate * count)
    return rng.integers(0, count, number), rng.integers(0, count, number), np.full(number, kind)


def _dated(
    pairs: Whole,
    portfolio: Portfolio,
    customers: Customers,
    parameters: NetworkParameters,
    rng: np.random.Generator,
) -> Links:
    source, target, kind = pairs
    number, starts = len(source), portfolio.month_starts()
    since = np.maximum(customers.onboarded_on[source], customers.onboarded_on[target]) + rng.integers(0, 400, number)
    until = np.maximum(since + 30, rng.integers(starts[0], starts[-1], number))
    until = np.where(rng.random(number) < parameters.ending, until, -1)
    owning = (kind == OWNS) | (kind == CONTROLS)
    share = np.where(kind == CONTROLS, rng.uniform(0.51, 1.0, number), rng.uniform(0.1, 0.5, number))
    money = (kind == GUARANTEES) | (kind == SUPPLIES)
    amount = np.exp(13.5 + 0.6 * customers.size[source] + 0.7 * rng.standard_normal(number))
    return Links(
        source,
        target,
        kind,
        share=np.ma.masked_array(np.round(share, 4), mask=~owning),
        amount=np.ma.masked_array(np.round(amount, -3).astype(np.int64) * 100, mask=~money),
        since_on=since,
        until_on=until,
    )


def _contagion(links: Links, starts: Whole, parameters: NetworkParameters) -> Contagion:
    """Return an edge for each direction in which a link of the kind carries a default."""
    forward = np.zeros(len(KINDS), dtype=np.int64)  # the source fails and strains the target
    backward = np.zeros(len(KINDS), dtype=np.int64)  # the target fails and strains the source
    forward[[CONTROLS, OWNS]], backward[[CONTROLS, OWNS]] = parameters.child_units, parameters.parent_units
    forward[AFFILIATED] = backward[AFFILIATED] = parameters.affiliate_units
    backward[GUARANTEES] = parameters.guarantor_units
    backward[SUPPLIES] = parameters.supplier_units
    first = np.searchsorted(starts, links.since_on, side="left")  # the first month that lies in the link as a whole
    last = np.where(links.until_on < 0, len(starts), np.searchsorted(starts, links.until_on + 1, side="right") - 2)
    failing, hit = np.r_[links.source, links.target], np.r_[links.target, links.source]
    units = np.r_[forward[links.kind], backward[links.kind]]
    carries = units > 0
    return Contagion(
        failing[carries], hit[carries], units[carries], np.r_[first, first][carries], np.r_[last, last][carries]
    )


def links_table(network: Network, *, last: int, rng: np.random.Generator) -> pa.Table:
    """Return the links known on the last day; the end of a link is a later version of it."""
    links = network.links
    number = len(links.source)
    known = links.since_on + rng.integers(0, 30, number)
    ended = np.flatnonzero(links.until_on >= 0)
    ended_known = np.maximum(links.until_on[ended], known[ended]) + rng.integers(1, 20, len(ended))
    rows = np.r_[np.arange(number), ended]
    until = np.r_[np.full(number, -1), links.until_on[ended]]
    full = {
        "source_id": customer_keys(links.source[rows]),
        "target_id": customer_keys(links.target[rows]),
        "kind": words(KINDS, links.kind[rows]),
        "share_ratio": links.share[rows],
        "amount": links.amount[rows],
        "since_on": links.since_on[rows],
        "until_on": np.ma.masked_array(until, mask=until < 0),
        "known_on": np.r_[known, ended_known],
    }
    return table("links", full).filter(pa.array(np.asarray(full["known_on"]) <= last))
