"""Invoices and payments of a range of customers.

All that the ledger shows in a month follows from the latent state of that month or an earlier one, so that nothing in
it knows more of the future than the truth does. The default day itself ends all payments.
"""

from dataclasses import dataclass

import numpy as np

from creditscore.book.simulation.columns import Flags, Real, Small, Whole, chance, numbered
from creditscore.book.simulation.life import NEVER, Asked
from creditscore.book.simulation.parameters import LedgerParameters

FEN = 100
SMALLEST = 100  # yuan
SPREAD = 0.5  # standard deviation of the log amount of a customer's invoices
EARLIEST = 8  # days before the due day


@dataclass(frozen=True, slots=True)
class Debtors:
    """What the ledger of a range of customers needs; one entry a customer.

    Parameters
    ----------
    first
        Number of the first customer.
    onboarded_on, default_on
        Days from 1970-01-01; ``NEVER`` where there is no default.
    orders, monthly, term
        Usual orders in a month, usual turnover in a month in yuan, usual term in days.
    culture
        Habit of paying late that says nothing about the risk.
    season
        Month of the year, from 0, in which most is ordered.
    quality, strain
        Value of quality and units of strain, customers x months.
    climate
        What regime and industry add to the log-odds of paying late, customers x months.
    extra_term
        Days by which granted extensions lengthen the term, customers x months.
    """

    first: int
    onboarded_on: Whole
    default_on: Whole
    orders: Real
    monthly: Real
    term: Whole
    culture: Real
    season: Whole
    quality: Real
    strain: Small
    climate: Real
    extra_term: Whole


@dataclass(frozen=True, slots=True)
class Orders:
    """Invoices as first issued, by customer and day; one entry an invoice.

    Parameters
    ----------
    debtor
        Place of the customer in its range.
    number
        Running number of the customer's invoices, from 1.
    issued_on, due_on
        Days; ``due_on`` is the day that holds after all corrections.
    first_due_on
        Due day in the first version.
    amount
        Yuan, whole; negative for a credit note.
    disputed
        Whether the customer disputes it at any time.
    """

    debtor: Whole
    number: Whole
    issued_on: Whole
    due_on: Whole
    first_due_on: Whole
    amount: Whole
    disputed: Flags

    def __len__(self) -> int:
        return len(self.debtor)


@dataclass(frozen=True, slots=True)
class Versions:
    """Rows of the invoice table: ``row`` is the place in the orders."""

    row: Whole
    due_on: Whole
    disputed: Flags
    known_on: Whole


@dataclass(frozen=True, slots=True)
class Payments:
    """Rows of the payment table: ``row`` is the place in the orders, ``amount`` is in yuan."""

    row: Whole
    number: Whole
    paid_on: Whole
    amount: Whole
    known_on: Whole


def draw_orders(
    debtors: Debtors, bulk: Asked, starts: Whole, *, parameters: LedgerParameters, rng: np.random.Generator
) -> Orders:
    """Draw the invoices: the usual ones, those of granted bulk purchases, and a last delivery on the day of default."""
    usual = _usual(debtors, starts, parameters, rng)
    large = _bulk(debtors, bulk, starts, rng)
    final = _final(debtors)
    debtor, issued, size = (np.concatenate(column) for column in zip(usual, large, final, strict=True))
    lives = (issued >= debtors.onboarded_on[debtor]) & (issued <= debtors.default_on[debtor])
    debtor, issued, size = debtor[lives], issued[lives], size[lives]
    order = np.lexsort((issued, debtor))
    debtor, issued, size = debtor[order], issued[order], size[order]
    usual_amount = debtors.monthly[debtor] / debtors.orders[debtor]
    amount = np.maximum(np.round(usual_amount * size * np.exp(SPREAD * rng.standard_normal(len(size)))), SMALLEST)
    month = np.searchsorted(starts, issued, side="right") - 1
    term = debtors.term[debtor] + debtors.extra_term[debtor, month]
    credit = (rng.random(len(amount)) < parameters.credit_notes) & (issued < debtors.default_on[debtor])
    moved_due = (rng.random(len(amount)) < parameters.new_due_days) & ~credit
    first_due = issued + np.where(credit, 0, term)
    disputes = chance(parameters.disputed - 0.3 * debtors.quality[debtor, month])
    returned = np.maximum(np.round(amount * rng.uniform(0.05, 0.5, len(amount))), 1)
    return Orders(
        debtor=debtor,
        number=numbered(debtor),
        issued_on=issued,
        due_on=first_due + np.where(moved_due, rng.choice([15, 30], len(amount)), 0),
        first_due_on=first_due,
        amount=np.where(credit, -returned, amount).astype(np.int64),
        disputed=(rng.random(len(amount)) < disputes) & ~credit,
    )


Draft = tuple[Whole, Whole, Real]  # customer, day of issue, size relative to the usual invoice


def _usual(debtors: Debtors, starts: Whole, parameters: LedgerParameters, rng: np.random.Generator) -> Draft:
    months = len(starts) - 1
    calendar = (starts[:-1].astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)) % 12
    phase = 2 * np.pi * (calendar - debtors.season[:, None]) / 12
    rate = debtors.orders[:, None] * np.exp(parameters.orders_quality * debtors.quality)
    count = rng.poisson(rate * (1 + parameters.season * np.cos(phase)))
    cell = np.repeat(np.arange(count.size), count.ravel())
    debtor, month = cell // months, cell % months
    length = np.diff(starts)[month]
    return debtor, starts[month] + np.floor(rng.random(len(cell)) * length).astype(np.int64), np.ones(len(cell))


def _bulk(debtors: Debtors, bulk: Asked, starts: Whole, rng: np.random.Generator) -> Draft:
    """Return one invoice for each granted bulk purchase, in the month after it was asked for."""
    used = bulk.granted & (bulk.month + 1 < len(starts) - 1)
    debtor, month = bulk.customer[used] - debtors.first, bulk.month[used] + 1
    day = starts[month] + rng.integers(0, 28, len(debtor))
    return debtor, day, bulk.units[used] * debtors.orders[debtor] * rng.uniform(0.7, 1.0, len(debtor))


def _final(debtors: Debtors) -> Draft:
    failed = np.flatnonzero(debtors.default_on < NEVER)
    return failed, debtors.default_on[failed], np.ones(len(failed))


def draw_versions(orders: Orders, *, parameters: LedgerParameters, rng: np.random.Generator) -> Versions:
    """Draw the versions of the invoices: as first known, with a new due day, disputed, no longer disputed."""
    count = len(orders)
    rows = np.arange(count)
    known = orders.issued_on + np.where(rng.random(count) < parameters.booked_late, rng.integers(1, 4, count), 0)
    at_once = orders.disputed & (rng.random(count) < parameters.disputed_at_once)
    second = known + rng.integers(5, 25, count)
    redated = np.flatnonzero(orders.due_on != orders.first_due_on)
    doubted = np.flatnonzero(orders.disputed & ~at_once)
    doubted_known = np.maximum(known, second)[doubted] + rng.integers(1, 15, len(doubted))
    settled = np.flatnonzero(orders.disputed & (rng.random(count) < parameters.dispute_settled))
    settled_known = second[settled] + rng.integers(16, 60, len(settled))
    row = np.r_[rows, redated, doubted, settled]
    due = np.r_[orders.first_due_on, orders.due_on[redated], orders.due_on[doubted], orders.due_on[settled]]
    flag = np.r_[at_once, at_once[redated], np.ones(len(doubted), bool), np.zeros(len(settled), bool)]
    days = np.r_[known, second[redated], doubted_known, settled_known]
    order = np.lexsort((days, row))
    return Versions(row[order], due[order], flag[order], days[order])


def draw_payments(
    debtors: Debtors, orders: Orders, starts: Whole, *, parameters: LedgerParameters, rng: np.random.Generator
) -> Payments:
    """Draw when and in how many parts each invoice is paid; nothing is paid from the day of default on.

    A credit note is not paid: it stays open as what we owe to the customer.
    """
    count = len(orders)
    lateness = _lateness(debtors, orders, starts, parameters)
    late = rng.random(count) < chance(lateness)
    mean = np.exp(np.minimum(parameters.delay + parameters.delay_slope * lateness, 4.0))
    behind = 1 + np.floor(rng.gamma(parameters.delay_shape, mean / parameters.delay_shape))
    ahead = rng.binomial(EARLIEST, chance(-parameters.early * lateness))
    delay = np.where(late, behind, -ahead)
    delay = np.minimum(delay, parameters.longest_delay).astype(np.int64)
    paid = np.maximum(orders.due_on + delay, orders.issued_on + 1)
    parted = (rng.random(count) < chance(parameters.partial + 0.5 * lateness)) & (orders.amount > 1)
    first = np.where(parted, np.round(orders.amount * rng.uniform(0.3, 0.8, count)).astype(np.int64), orders.amount)
    longest = np.maximum(orders.due_on + parameters.longest_delay, paid)
    rest_paid = np.minimum(paid + rng.integers(5, 45, count), longest)
    parts = np.flatnonzero(parted & (orders.amount > first))
    row = np.r_[np.arange(count), parts]
    day, amount = np.r_[paid, rest_paid[parts]], np.r_[first, (orders.amount - first)[parts]]
    posted = rng.random(len(row)) < parameters.posted_late
    known = day + np.where(posted, rng.integers(1, 11, len(row)), 0)
    known = np.maximum(known, orders.issued_on[row] + 3)
    made = (day < debtors.default_on[orders.debtor[row]]) & (orders.amount[row] > 0)
    order = np.lexsort((day, row))
    order = order[made[order]]
    return Payments(row[order], numbered(row[order]), day[order], amount[order], known[order])


def _lateness(debtors: Debtors, orders: Orders, starts: Whole, parameters: LedgerParameters) -> Real:
    """Return the log-odds of paying late, from the state some days before the due day."""
    decided = np.maximum(orders.due_on - EARLIEST, orders.issued_on)
    month = np.minimum(np.searchsorted(starts, decided, side="right") - 1, len(starts) - 2)
    at = (orders.debtor, month)
    usual = np.log(debtors.monthly[orders.debtor] / debtors.orders[orders.debtor])
    return (
        parameters.late
        + debtors.culture[orders.debtor]
        + parameters.late_quality * debtors.quality[at]
        + parameters.late_strain * debtors.strain[at]
        + debtors.climate[at]
        + parameters.late_size * (np.log(np.abs(orders.amount)) - usual)
        + 1.5 * orders.disputed
    )
