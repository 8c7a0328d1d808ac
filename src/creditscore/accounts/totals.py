"""What the whole book owed by age on several days, and what it sold between them; one scan answers for all days."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from creditscore.accounts.arithmetic import days_between, total
from creditscore.accounts.frame import DAY, MONEY, WHOLE, empty, framed
from creditscore.accounts.receivables import BOUNDS, bucket_of, demand_rising, unpaid_rest
from creditscore.book import Book, Relations, holds_on, receivables

OWED = {"as_of": DAY, "bucket": WHOLE, "open_amount": MONEY}
SOLD = {"until": DAY, "sales_amount": MONEY}


def open_totals(book: Book, days: Sequence[date], *, bounds: Sequence[int] = BOUNDS) -> pd.DataFrame:
    """Return what all customers together owed by how long it was past due, on each of some days as known on that day.

    Parameters
    ----------
    book
        The book.
    days
        The days, each once.
    bounds
        As for :func:`ageing`.

    Returns
    -------
    DataFrame
        Sorted by ``as_of`` (datetime64[ms]) and ``bucket`` (int64), with ``open_amount`` (int64, minor units); a bucket
        in which nothing was open is absent. Of each day it is the sum of :func:`ageing` over the customers.

    Raises
    ------
    ParameterError
        If the bounds are not whole days that rise from 0 or more.
    """
    demand_rising(bounds)
    if not book.has("payments") or not days:
        return empty(OWED)
    with book.relations() as relations:
        bills = _bills(relations)
        owed = bills.filter(bills.amount > bills.paid_amount)
        asked = ibis.memtable(pa.table({"as_of": pa.array(days, pa.date32())}))
        known = owed.join(asked, holds_on(owed, asked.as_of))
        aged = known.select(
            "as_of",
            open_amount=unpaid_rest(known),
            bucket=bucket_of(ibis.greatest(days_between(known.as_of, known.due_on), 0), bounds),
        )
        summed = aged.group_by("as_of", "bucket").agg(open_amount=total(aged.open_amount))
        return framed(relations.fetch(summed.order_by("as_of", "bucket")), OWED)


def sales_totals(book: Book, days: Sequence[date]) -> pd.DataFrame:
    """Return what was invoiced between each day and the next, as known on the later one.

    Parameters
    ----------
    book
        The book.
    days
        Days in their order, two or more.

    Returns
    -------
    DataFrame
        Sorted by ``until`` (datetime64[ms]), the later day of each pair, with ``sales_amount`` (int64, minor units);
        a pair without sales is absent. Of each pair it is the sum of :func:`sales_between` over the customers.
    """
    pairs = list(pairwise(days))
    if not pairs:
        return empty(SOLD)
    after, until = zip(*pairs, strict=True)
    ends = {"after": pa.array(after, pa.date32()), "until": pa.array(until, pa.date32())}
    with book.relations() as relations:
        bills, asked = _bills(relations), ibis.memtable(pa.table(ends))
        within = (bills.issued_on > asked.after) & (bills.issued_on <= asked.until)
        sold = bills.join(asked, within & holds_on(bills, asked.until))
        summed = sold.group_by("until").agg(sales_amount=total(sold.amount))
        return framed(relations.fetch(summed.order_by("until")), SOLD)


def _bills(relations: Relations) -> ir.Table:
    """Every version of every invoice with what was paid on it; credit notes and void invoices owe nothing."""
    spans = receivables(relations)
    return spans.filter(spans.amount > 0)
