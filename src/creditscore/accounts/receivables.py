"""Receivables as of a day: each open invoice, what is owed by age, and what was sold."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import ibis
import ibis.expr.types as ir
import pandas as pd

from creditscore.accounts.arithmetic import NO_AMOUNT, days_between, total
from creditscore.accounts.frame import DAY, FLAG, MAYBE_WHOLE, MONEY, REAL, TEXT, WHOLE, empty, framed
from creditscore.accounts.standing import standing_receivables
from creditscore.book import Book
from creditscore.errors import ParameterError

OPEN = {
    "invoice_id": TEXT,
    "customer_id": TEXT,
    "issued_on": DAY,
    "due_on": DAY,
    "amount": MONEY,
    "paid_amount": MONEY,
    "open_amount": MONEY,
    "days_past_due": WHOLE,
    "term_elapsed_ratio": REAL,
    "paid_ratio": REAL,
    "disputed_flag": FLAG,
}
AGED = {"customer_id": TEXT, "bucket": WHOLE, "open_amount": MONEY}
SOLD = {"customer_id": TEXT, "sales_amount": MONEY, "unpaid_amount": MAYBE_WHOLE}
BOUNDS = (0, 30, 60, 90)


def open_receivables(book: Book, as_of: date) -> pd.DataFrame:
    """Return each invoice of which something is not yet paid, as known on a day.

    Credit notes and void invoices owe nothing and are not set off. A payment counts from the day it became known.

    Parameters
    ----------
    book
        The book. Without payments nothing can be said of what is open, and without invoices nothing is: no row.
    as_of
        Last day whose information is used.

    Returns
    -------
    DataFrame
        Sorted by ``invoice_id``, each once; nothing is missing:

        * ``invoice_id``, ``customer_id`` (str);
        * ``issued_on``, ``due_on`` (datetime64[ms]);
        * ``amount``, ``paid_amount``, ``open_amount`` (int64): minor units; the open amount is positive and the other
          two's difference;
        * ``days_past_due`` (int64): whole days after ``due_on``, 0 on that day and before;
        * ``term_elapsed_ratio`` (float64): days since issue over days from issue to ``due_on``, 0 or more: 1 on the due
          day and above 1 after it. A term of no days has elapsed at once: it gives 1 from its due day on, 0 before;
        * ``paid_ratio`` (float64): ``paid_amount`` over ``amount``, below 1;
        * ``disputed_flag`` (bool): the customer disputes the invoice.
    """
    if not book.has("payments"):
        return empty(OPEN)
    with book.relations() as relations:
        owed = _open(standing_receivables(relations, as_of), as_of)
        return framed(relations.fetch(owed.select(*OPEN).order_by("invoice_id")), OPEN)


def ageing(book: Book, as_of: date, *, bounds: Sequence[int] = BOUNDS) -> pd.DataFrame:
    """Return what each customer owes by how long it is past due, such as a provision matrix needs it.

    Parameters
    ----------
    book, as_of
        As for :func:`open_receivables`, whose open amounts these are the sums of.
    bounds
        Last day past due of each bucket but the last, rising from 0 or more. The default makes the buckets 0 (not past
        due), 1 (1-30 days), 2 (31-60), 3 (61-90) and 4 (more than 90).

    Returns
    -------
    DataFrame
        Sorted by ``customer_id`` (str) and ``bucket`` (int64, 0 to the number of bounds), with ``open_amount`` (int64,
        minor units, positive); customers and buckets in which nothing is open are absent.

    Raises
    ------
    ParameterError
        If the bounds are not whole days that rise from 0 or more.
    """
    demand_rising(bounds)
    if not book.has("payments"):
        return empty(AGED)
    with book.relations() as relations:
        owed = _open(standing_receivables(relations, as_of), as_of)
        aged = owed.select("customer_id", "open_amount", bucket=bucket_of(owed.days_past_due, bounds))
        summed = aged.group_by("customer_id", "bucket").agg(open_amount=total(aged.open_amount))
        return framed(relations.fetch(summed.order_by("customer_id", "bucket")), AGED)


def sales_between(book: Book, as_of: date, *, after: date, until: date) -> pd.DataFrame:
    """Return what each customer was invoiced for in ``(after, until]``, and how much of it is still unpaid on a day.

    Credit notes and void invoices are left out; a corrected invoice counts as it was known on ``as_of``.

    Parameters
    ----------
    book
        The book.
    as_of
        Last day whose information is used; ``until`` or later.
    after, until
        Days between which the invoices were issued, the first one left out.

    Returns
    -------
    DataFrame
        Sorted by ``customer_id`` (str), customers without sales absent: ``sales_amount`` (int64) and ``unpaid_amount``
        (Int64), minor units. The latter counts what is not yet due too, and is missing where the book has no payments.

    Raises
    ------
    ParameterError
        If ``after`` does not lie before ``until``, or ``as_of`` does.
    """
    _demand_in_order(after, until, as_of)
    with book.relations() as relations:
        bills = standing_receivables(relations, as_of)
        sold = bills.filter((bills.issued_on > ibis.literal(after)) & (bills.issued_on <= ibis.literal(until)))
        unpaid = unpaid_rest(sold) if book.has("payments") else NO_AMOUNT
        found = sold.mutate(unpaid=unpaid)
        summed = found.group_by("customer_id").agg(sales_amount=total(found.amount), unpaid_amount=total(found.unpaid))
        return framed(relations.fetch(summed.order_by("customer_id")), SOLD)


def _open(bills: ir.Table, as_of: date) -> ir.Table:
    today = ibis.literal(as_of)
    owed = bills.filter(bills.amount > bills.paid_amount)
    elapsed, term = ibis.greatest(days_between(today, owed.issued_on), 0), days_between(owed.due_on, owed.issued_on)
    at_once = (owed.due_on <= today).ifelse(1.0, 0.0)
    return owed.mutate(
        open_amount=unpaid_rest(owed),
        days_past_due=ibis.greatest(days_between(today, owed.due_on), 0),
        term_elapsed_ratio=(term > 0).ifelse(elapsed / term.nullif(0), at_once),
        paid_ratio=owed.paid_amount / owed.amount.nullif(0),
        disputed_flag=owed.disputed_flag.fill_null(ibis.literal(value=False)),
    )


def unpaid_rest(bills: ir.Table) -> ir.IntegerValue:
    """Return what is not yet paid of each receivable, never less than nothing."""
    return ibis.greatest(bills.amount - bills.paid_amount, 0)


def bucket_of(days_past_due: ir.IntegerValue, bounds: Sequence[int]) -> ir.IntegerValue:
    """Return the place of a receivable among the buckets of :func:`ageing`."""
    return sum(((days_past_due > bound).cast("int64") for bound in bounds), ibis.literal(0, "int64"))


def demand_rising(bounds: Sequence[int]) -> None:
    """Refuse bounds of buckets that are not whole days rising from 0 or more."""
    whole = all(isinstance(bound, int) and not isinstance(bound, bool) for bound in bounds)
    if not whole or not bounds or bounds[0] < 0 or any(a >= b for a, b in pairwise(bounds)):
        raise ParameterError(
            where="ageing",
            found=f"The bounds {tuple(bounds)} are not whole days that rise from 0 or more.",
            fix=f"Give the last day of each bucket but the last, such as {BOUNDS}.",
        )


def _demand_in_order(after: date, until: date, as_of: date) -> None:
    if not after < until <= as_of:
        raise ParameterError(
            where="sales_between",
            found=f"after {after}, until {until} and as_of {as_of} do not follow each other.",
            fix="Give after < until <= as_of.",
        )
