"""Limits in force: how much and for how long a customer may owe, by what it was granted."""

from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from creditscore.accounts.arithmetic import total
from creditscore.accounts.frame import MAYBE_WHOLE, TEXT, framed
from creditscore.accounts.standing import not_over, standing_facts
from creditscore.book import Book
from creditscore.domain import Purpose

LIMITS = {"customer_id": TEXT, "limit_amount": MAYBE_WHOLE, "term_days": MAYBE_WHOLE}


def limits_in_force(book: Book, as_of: date) -> pd.DataFrame:
    """Return the credit limit and the payment term that each customer has on a day.

    They are those of the standard facilities that were granted last: a renewal replaces what it renews from the day it
    is granted, though the old facility may be usable for some days more, and several facilities granted on one day add
    up. Facilities for a bulk purchase or a longer term are for that purpose alone and do not count.

    Parameters
    ----------
    book
        The book; without facilities no customer has a limit.
    as_of
        Last day whose information is used.

    Returns
    -------
    DataFrame
        Sorted by ``customer_id`` (str): ``limit_amount`` (Int64, minor units, missing where the facilities name none)
        and ``term_days`` (Int64, the longest of them, missing where they name none). Customers without a standard
        facility that was granted on ``as_of`` or before and whose last day is not over are absent.
    """
    with book.relations() as relations:
        lasting = _in_force(standing_facts(relations, "facilities", as_of), as_of)
        latest = lasting.mutate(latest_on=lasting.granted_on.max().over(group_by="customer_id"))
        held = latest.filter(latest.granted_on == latest.latest_on)
        limits = held.group_by("customer_id").agg(limit_amount=total(held.limit_amount), term_days=held.term_days.max())
        return framed(relations.fetch(limits.order_by("customer_id")), LIMITS)


def _in_force(facilities: ir.Table, as_of: date) -> ir.Table:
    standard = facilities.filter(facilities.purpose == Purpose.STANDARD.value)
    return standard.filter((standard.granted_on <= ibis.literal(as_of)) & not_over(standard.expires_on, as_of))
