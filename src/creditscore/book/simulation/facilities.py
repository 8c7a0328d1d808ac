"""Facilities of all three purposes: what was asked for, and what was granted."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from creditscore.book.simulation.columns import (
    CUSTOMER_DIGITS,
    OTHER_DIGITS,
    Flags,
    Real,
    Whole,
    customer_keys,
    keys,
    numbered,
    table,
    words,
)
from creditscore.book.simulation.customers import Customers
from creditscore.book.simulation.ledger_tables import Habits
from creditscore.book.simulation.life import Asked, Lives

PURPOSES = ("bulk_purchase", "standard", "term_extension")
BULK, STANDARD, EXTENSION = range(3)
RENEWED_AFTER = 365
BULK_LASTS, EXTENSION_LASTS = 120, 180
UNIT_DAYS = 30  # one unit of a request for a longer term
CUSHION = 1.6  # limit relative to the usual open balance
DECLINED_FIRST = 0.07  # share of the standard requests that are first declined as too large


@dataclass(frozen=True, slots=True)
class Wishes:
    """Requests in one list; one entry a request; amounts in yuan."""

    customer: Whole
    purpose: Whole
    asked_on: Whole
    amount: Real
    term: Whole
    granted: Flags
    lasts: Whole


def extra_terms(extensions: Asked, *, shape: tuple[int, int]) -> Whole:
    """Return the days by which granted extensions lengthen the term, customers x months.

    A granted extension holds from the month after it was asked for, for six months; of several the longest holds.
    """
    extra = np.zeros(shape, dtype=np.int64)
    granted = extensions.granted
    for later in range(1, EXTENSION_LASTS // UNIT_DAYS + 1):
        month = extensions.month + later
        holds = granted & (month < shape[1])
        np.maximum.at(extra, (extensions.customer[holds], month[holds]), UNIT_DAYS * extensions.units[holds])
    return extra


def facilities_table(
    customers: Customers,
    lives: Lives,
    calendar: tuple[Whole, Whole],
    *,
    habits: Habits,
    rng: np.random.Generator,
) -> pa.Table:
    """Return the facilities known on the last day; a grant is a later version of the request.

    Parameters
    ----------
    customers, lives, habits
        All customers, how they lived and order.
    calendar
        First day of each month, and the day of default of each customer.
    rng
        Random numbers.
    """
    starts, default_on = calendar
    lists = [
        _standard(customers, habits, starts, rng),
        _scenario(lives.bulk, BULK, habits, starts, rng),
        _scenario(lives.extensions, EXTENSION, habits, starts, rng),
    ]
    wishes = Wishes(*(np.concatenate([getattr(one, name) for one in lists]) for name in Wishes.__slots__))
    asked_before_default = wishes.asked_on < default_on[wishes.customer]
    order = np.lexsort((wishes.purpose, wishes.asked_on, wishes.customer))
    order = order[asked_before_default[order]]
    return _rows(Wishes(*(getattr(wishes, name)[order] for name in Wishes.__slots__)), default_on, starts, rng)


def _rows(wishes: Wishes, default_on: Whole, starts: Whole, rng: np.random.Generator) -> pa.Table:
    count, number = len(wishes.customer), numbered(wishes.customer)
    granted_on = wishes.asked_on + rng.integers(2, 16, count)
    granted = np.flatnonzero(wishes.granted & (granted_on < default_on[wishes.customer]))
    row = np.r_[np.arange(count), granted]
    final = np.r_[np.zeros(count, bool), np.ones(len(granted), bool)]
    known = np.r_[wishes.asked_on, granted_on[granted] + rng.integers(0, 3, len(granted))]
    order = np.lexsort((known, row))
    order = order[known[order] <= starts[-1] - 1]
    row, final, known = row[order], final[order], known[order]
    amount = np.round(wishes.amount[row], -3).astype(np.int64) * 100
    return table(
        "facilities",
        {
            "facility_id": keys("F", (wishes.customer[row] + 1, CUSTOMER_DIGITS), (number[row], OTHER_DIGITS)),
            "customer_id": customer_keys(wishes.customer[row]),
            "granted_on": np.ma.masked_array(granted_on[row], mask=~final),
            "expires_on": np.ma.masked_array(granted_on[row] + wishes.lasts[row], mask=~final),
            "limit_amount": np.ma.masked_array(amount, mask=~final),
            "term_days": np.ma.masked_array(wishes.term[row], mask=~final),
            "purpose": words(PURPOSES, wishes.purpose[row]),
            "requested_amount": amount,
            "requested_term_days": wishes.term[row],
            "known_on": known,
        },
    )


def _standard(customers: Customers, habits: Habits, starts: Whole, rng: np.random.Generator) -> Wishes:
    """Return a yearly request of each customer from the last one before the window; some ask for too much first."""
    age = np.maximum(starts[0] - customers.onboarded_on, 0) // RENEWED_AFTER
    first = customers.onboarded_on + age * RENEWED_AFTER
    times = np.maximum((starts[-1] - 1 - first) // RENEWED_AFTER + 1, 0)
    customer = np.repeat(np.arange(len(customers)), times)
    asked = first[customer] + RENEWED_AFTER * (numbered(customer) - 1)
    balance = habits["monthly"][customer] * (habits["term"][customer] / 30 + 0.5)
    amount = np.maximum(CUSHION * balance * np.exp(0.25 * rng.standard_normal(len(customer))), 1_000)
    large = np.flatnonzero(rng.random(len(customer)) < DECLINED_FIRST)
    again = asked.copy()
    again[large] += 14
    return Wishes(
        customer=np.r_[customer, customer[large]],
        purpose=np.full(len(customer) + len(large), STANDARD),
        asked_on=np.r_[again, asked[large]],
        amount=np.r_[amount, 2.0 * amount[large]],
        term=habits["term"][np.r_[customer, customer[large]]].astype(np.int64),
        granted=np.r_[np.ones(len(customer), bool), np.zeros(len(large), bool)],
        lasts=np.full(len(customer) + len(large), RENEWED_AFTER + 20),
    )


def _scenario(asked: Asked, purpose: int, habits: Habits, starts: Whole, rng: np.random.Generator) -> Wishes:
    """Return requests of a scenario; their size is that of the strain they bring, give or take a little."""
    customer, units = asked.customer, asked.units
    monthly, term = habits["monthly"][customer], habits["term"][customer].astype(np.int64)
    size = np.maximum(units + rng.uniform(-0.4, 0.4, len(units)), 0.5) if purpose == BULK else np.ones(len(units))
    longer = UNIT_DAYS * units if purpose == EXTENSION else np.zeros(len(units), dtype=np.int64)
    length = np.diff(starts)[asked.month]
    return Wishes(
        customer=customer,
        purpose=np.full(len(customer), purpose),
        asked_on=starts[asked.month] + np.floor(rng.random(len(customer)) * length).astype(np.int64),
        amount=np.maximum(monthly * size, 1_000),
        term=term + longer,
        granted=asked.granted,
        lasts=np.full(len(customer), BULK_LASTS if purpose == BULK else EXTENSION_LASTS),
    )
