"""Events that reach us: of the daily course of business, and of default itself."""

import numpy as np
import pyarrow as pa

from creditscore.book.simulation.columns import (
    CUSTOMER_DIGITS,
    OTHER_DIGITS,
    Real,
    Whole,
    customer_keys,
    keys,
    numbered,
    table,
    words,
)
from creditscore.book.simulation.customers import Customers
from creditscore.book.simulation.life import NEVER, Lives
from creditscore.book.simulation.parameters import StrainParameters

OF_DEFAULT = ("default", "insolvency", "write_off")
SEVERITY = {
    "default": (0.9, 1.0),
    "dishonesty": (0.5, 0.9),
    "environmental_penalty": (0.1, 0.4),
    "equity_pledge": (0.1, 0.4),
    "insolvency": (0.95, 1.0),
    "litigation": (0.2, 0.6),
    "negative_news": (0.1, 0.5),
    "write_off": (0.9, 1.0),
}
KNOWN_WITHIN = {  # days from the event to the day it is known, at most
    "default": 5,
    "dishonesty": 20,
    "environmental_penalty": 30,
    "equity_pledge": 15,
    "insolvency": 20,
    "litigation": 30,
    "negative_news": 3,
    "write_off": 5,
}
AFTER_DEFAULT = {"insolvency": (0.25, 30, 200), "write_off": (0.45, 150, 330)}  # share, earliest day, latest day
NO_AMOUNT = ("environmental_penalty", "negative_news")


def events_table(
    customers: Customers,
    lives: Lives,
    calendar: tuple[Whole, Whole],
    *,
    parameters: StrainParameters,
    rng: np.random.Generator,
) -> pa.Table:
    """Return the events known on the last day; ``calendar`` is the months' first days and the days of default."""
    starts, default_on = calendar
    kinds = tuple(sorted({*parameters.event_kinds, *OF_DEFAULT}))
    usual = np.array([kinds.index(kind) for kind in parameters.event_kinds])
    events = lives.events
    day = _within(events.month, starts, default_on[events.customer], rng)
    parts = [(events.customer, usual[events.kind], day), *_of_default(default_on, kinds, rng)]
    customer, kind, day = (np.concatenate(column) for column in zip(*parts, strict=True))
    known = day + rng.integers(0, np.array([KNOWN_WITHIN[kind] for kind in kinds])[kind] + 1)
    low, high = np.array([SEVERITY[kind] for kind in kinds]).T
    severity = rng.uniform(low[kind], high[kind])
    amount = np.round(np.exp(12.0 + 0.9 * customers.size[customer] + rng.standard_normal(len(kind))), -3)
    order = np.lexsort((kind, day, customer))
    order = order[(known[order] <= starts[-1] - 1) & (day[order] >= customers.onboarded_on[customer[order]])]
    number = numbered(customer[order])
    without = np.isin(kind, [kinds.index(name) for name in NO_AMOUNT])
    return table(
        "events",
        {
            "event_id": keys("E", (customer[order] + 1, CUSTOMER_DIGITS), (number, OTHER_DIGITS)),
            "customer_id": customer_keys(customer[order]),
            "occurred_on": day[order],
            "kind": words(kinds, kind[order]),
            "amount": np.ma.masked_array(np.maximum(amount, 1_000).astype(np.int64) * 100, mask=without)[order],
            "severity": np.round(severity[order], 3),
            "known_on": known[order],
        },
    )


def _within(month: Whole, starts: Whole, default_on: Whole, rng: np.random.Generator) -> Whole:
    """Return a day of each month, not after the default."""
    end = np.minimum(starts[month + 1] - 1, default_on)
    return starts[month] + np.floor(rng.random(len(month)) * (end - starts[month] + 1)).astype(np.int64)


def _of_default(
    default_on: Whole, kinds: tuple[str, ...], rng: np.random.Generator
) -> list[tuple[Whole, Whole, Whole]]:
    failed = np.flatnonzero(default_on < NEVER)
    parts = [(failed, np.full(len(failed), kinds.index("default")), default_on[failed])]
    for kind, (share, earliest, latest) in AFTER_DEFAULT.items():
        some = failed[rng.random(len(failed)) < share]
        parts.append((some, np.full(len(some), kinds.index(kind)), default_on[some]))
        parts[-1] = (*parts[-1][:2], default_on[some] + rng.integers(earliest, latest, len(some)))
    return parts


def default_days(lives: Lives, starts: Whole, uniform: Real) -> Whole:
    """Return the day of each customer's default; ``NEVER`` where there is none."""
    month = np.minimum(lives.default_month, len(starts) - 2)
    day = starts[month] + np.floor(uniform * np.diff(starts)[month]).astype(np.int64)
    return np.where(lives.default_month < NEVER, day, NEVER)
