"""The invoice and payment tables, one range of customers after the other."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from creditscore.book.simulation.chains import Chains
from creditscore.book.simulation.columns import (
    CUSTOMER_DIGITS,
    INVOICE_DIGITS,
    PAYMENT_DIGITS,
    Whole,
    customer_keys,
    keys,
    table,
)
from creditscore.book.simulation.customers import Customers
from creditscore.book.simulation.economy import Economy
from creditscore.book.simulation.ledger import (
    FEN,
    Debtors,
    Orders,
    Payments,
    Versions,
    draw_orders,
    draw_payments,
    draw_versions,
)
from creditscore.book.simulation.life import Asked, Lives
from creditscore.book.simulation.parameters import LedgerParameters, Parameters

CUSTOMERS_IN_RANGE = 4_000
Habits = dict[str, npt.NDArray[Any]]


def draw_habits(customers: Customers, parameters: LedgerParameters, rng: np.random.Generator) -> Habits:
    """Draw each customer's rhythm, turnover, term, habit of paying and season."""
    count = len(customers)
    orders = parameters.orders * np.exp(parameters.orders_spread * rng.standard_normal(count))
    noise = 0.3 * rng.standard_normal(count)
    return {
        "orders": np.maximum(orders, parameters.orders_least),
        "monthly": parameters.turnover * np.exp(parameters.turnover_spread * customers.size + noise),
        "term": rng.choice(parameters.terms, count, p=parameters.term_shares),
        "culture": parameters.late_culture * rng.standard_normal(count),
        "season": rng.integers(0, 12, count),
    }


def debtors_of(
    place: slice,
    customers: Customers,
    lives: Lives,
    economy: Economy,
    *,
    habits: Habits,
    world: tuple[Parameters, Chains, Whole, Whole],
) -> Debtors:
    """Return what the ledger of a range of customers needs.

    Parameters
    ----------
    place
        The range.
    customers, lives, economy, habits
        All customers, how they lived and order.
    world
        Parameters, chains, day of default of each customer, and days of longer terms, customers x months.
    """
    parameters, chains, default_on, extra_term = world
    history = parameters.economy.history_months
    ledger = parameters.ledger
    states = economy.states[history:].T[customers.industry[place]]
    climate = np.array(ledger.late_regime)[economy.regimes[history:]] + np.array(ledger.late_industry)[states]
    return Debtors(
        first=place.start,
        onboarded_on=customers.onboarded_on[place],
        default_on=default_on[place],
        quality=chains.levels[lives.quality[place]],
        strain=lives.strain[place],
        climate=climate,
        extra_term=extra_term[place],
        **{name: values[place] for name, values in habits.items()},
    )


def ledger_tables(
    debtors: Debtors, bulk: Asked, starts: Whole, *, parameters: LedgerParameters, rng: np.random.Generator
) -> tuple[pa.Table, pa.Table]:
    """Draw the ledger of a range of customers and return its invoices and payments known on the last day."""
    orders = draw_orders(debtors, bulk, starts, parameters=parameters, rng=rng)
    versions = draw_versions(orders, parameters=parameters, rng=rng)
    payments = draw_payments(debtors, orders, starts, parameters=parameters, rng=rng)
    last = int(starts[-1]) - 1
    return _invoices(debtors.first, orders, versions, last), _payments(debtors.first, orders, payments, last)


def ranges(count: int) -> Iterator[slice]:
    """Cut the customers into ranges."""
    for first in range(0, count, CUSTOMERS_IN_RANGE):
        yield slice(first, min(first + CUSTOMERS_IN_RANGE, count))


def _invoices(first: int, orders: Orders, versions: Versions, last: int) -> pa.Table:
    seen = versions.known_on <= last
    row = versions.row[seen]
    customer = first + orders.debtor[row]
    return table(
        "invoices",
        {
            "invoice_id": keys("I", (customer + 1, CUSTOMER_DIGITS), (orders.number[row], INVOICE_DIGITS)),
            "customer_id": customer_keys(customer),
            "issued_on": orders.issued_on[row],
            "due_on": versions.due_on[seen],
            "amount": orders.amount[row] * FEN,
            "currency": pa.repeat("CNY", len(row)),
            "disputed_flag": versions.disputed[seen],
            "known_on": versions.known_on[seen],
        },
    )


def _payments(first: int, orders: Orders, payments: Payments, last: int) -> pa.Table:
    seen = payments.known_on <= last
    row = payments.row[seen]
    customer, number = first + orders.debtor[row], orders.number[row]
    invoice = (customer + 1, CUSTOMER_DIGITS), (number, INVOICE_DIGITS)
    return table(
        "payments",
        {
            "payment_id": keys("P", *invoice, (payments.number[seen], PAYMENT_DIGITS)),
            "invoice_id": keys("I", *invoice),
            "paid_on": payments.paid_on[seen],
            "amount": payments.amount[seen] * FEN,
            "known_on": payments.known_on[seen],
        },
    )
