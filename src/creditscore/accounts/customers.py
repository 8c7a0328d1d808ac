"""Customers as of a day: how long and how well each has paid, and where it belongs."""

from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from creditscore.accounts.arithmetic import NO_AMOUNT, days_between, total
from creditscore.accounts.frame import REAL, TEXT, framed
from creditscore.accounts.standing import known_customers, standing_facts, standing_receivables
from creditscore.book import Book

DAYS_IN_YEAR = 365.25
PAST = {"customer_id": TEXT, "cooperation_years": REAL, "payback_ratio": REAL}
SEGMENTS = {"customer_id": TEXT, "industry_code": TEXT, "region": TEXT, "group_id": TEXT}


def histories(book: Book, as_of: date) -> pd.DataFrame:
    """Return how long each customer has been one, and how much of what fell due it has paid.

    Parameters
    ----------
    book
        The book.
    as_of
        Last day whose information is used.

    Returns
    -------
    DataFrame
        Sorted by ``customer_id`` (str), one row for each customer that is known on ``as_of`` from a row of customers,
        an invoice or a facility:

        * ``cooperation_years`` (float64): years of 365.25 days since ``onboarded_on``, as the feature of that name, or
          since the first invoice was issued where that day is unknown; missing where there is neither;
        * ``payback_ratio`` (float64): amount paid over amount invoiced, of all invoices that fell due on ``as_of`` or
          before; what was paid beyond an invoice's amount does not count. From 0 to 1; missing where nothing fell due,
          and where the book has no payments.
    """
    with book.relations() as relations:
        past = _paid_back(standing_receivables(relations, as_of), as_of, told=book.has("payments"))
        people = standing_facts(relations, "customers", as_of)
        known = _with(known_customers(relations, as_of), people, "onboarded_on")
        found = _with(known, past, "first_on", "due_amount", "back_amount")
        begun_on = ibis.coalesce(found.onboarded_on, found.first_on)
        told = found.select(
            "customer_id",
            cooperation_years=days_between(ibis.literal(as_of), begun_on) / DAYS_IN_YEAR,
            payback_ratio=found.back_amount / found.due_amount.nullif(0),
        )
        return framed(relations.fetch(told.order_by("customer_id")), PAST)


def segments(book: Book, as_of: date) -> pd.DataFrame:
    """Return the industry, the region and the corporate group of each customer.

    Parameters
    ----------
    book, as_of
        As for :func:`histories`.

    Returns
    -------
    DataFrame
        The rows of :func:`histories`: ``customer_id``, ``industry_code``, ``region`` and ``group_id`` (str); all but
        the first are missing where they are unknown.
    """
    with book.relations() as relations:
        people = standing_facts(relations, "customers", as_of)
        found = _with(known_customers(relations, as_of), people, "industry_code", "region", "group_id")
        return framed(relations.fetch(found.order_by("customer_id")), SEGMENTS)


def _with(customers: ir.Table, facts: ir.Table, *columns: str) -> ir.Table:
    """Add columns of facts about them to customers; missing where there are none."""
    joined = customers.left_join(facts, "customer_id")
    return joined.select(*customers.columns, *columns)


def _paid_back(bills: ir.Table, as_of: date, *, told: bool) -> ir.Table:
    """Return each customer's first day of issue, and the amounts that fell due and came back; missing if not told."""
    today = ibis.literal(as_of)
    due = bills.due_on <= today
    paid = ibis.least(bills.paid_amount, bills.amount)
    return bills.group_by("customer_id").agg(
        first_on=(bills.issued_on <= today).ifelse(bills.issued_on, ibis.null("date")).min(),
        due_amount=total(due.ifelse(bills.amount, NO_AMOUNT)),
        back_amount=total(due.ifelse(paid, NO_AMOUNT)) if told else NO_AMOUNT,
    )
