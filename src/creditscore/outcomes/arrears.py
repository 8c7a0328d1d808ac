"""Arrears: by how much what each customer owes too long moves, and on which days."""

from datetime import date

import ibis
import ibis.expr.types as ir

from creditscore.book import TABLES, Relations, holds_on, receivables, with_validity
from creditscore.book.spans import whole
from creditscore.outcomes.calendar import days_later


def owed_invoices(
    relations: Relations, *, days_past_due: int, observed_until: date, since: date | None = None
) -> ir.Table:
    """Return the invoices that something is open of on a day on which they count as in arrears.

    Most invoices are paid in time and never count: they are left out by what the receivable spans say of them, before
    any payment is read. An overpaid invoice is open for nothing, not for less.

    Parameters
    ----------
    relations
        The open book.
    days_past_due
        How many days after it is due an invoice begins to count.
    observed_until
        Each invoice is read as it was known on this day; one that counts only later is left out.
    since
        The first day that is asked about: what was settled by then is left out, and what counts already counts from
        it. By default every day is asked about.

    Returns
    -------
    ibis.Table
        ``invoice_id``, ``customer_id``, ``amount``, ``counts_from``, ``paid_amount`` as far as it is known, and
        ``moves``: whether something was paid later than on ``counts_from``.
    """
    spans = receivables(relations)
    held = spans.filter(holds_on(spans, ibis.literal(observed_until)), spans.amount > 0)
    counts_from = days_later(held.due_on, days_past_due)
    if since is not None:
        counts_from = ibis.greatest(counts_from, ibis.literal(since))
    paid = held.paid_amount.cast("int64")  # Spark keeps a sum as a decimal
    owed = held.select("invoice_id", "customer_id", "amount", "last_paid_on", paid_amount=paid, counts_from=counts_from)
    owed = owed.mutate(moves=(owed.last_paid_on > owed.counts_from).fill_null(ibis.literal(value=False)))
    open_then = owed.filter(owed.counts_from <= observed_until, owed.moves | (owed.paid_amount < owed.amount))
    return open_then.drop("last_paid_on")


def arrears_steps(relations: Relations, owed: ir.Table, *, observed_until: date) -> ir.Table:
    """Return by how much each customer's amount in arrears steps up or down on each day it moves.

    An invoice enters with what is open on the day from which it counts, payments of that day taken off; each later
    payment takes its part away. Only the payments of the few invoices that move are read.

    Parameters
    ----------
    relations
        The open book.
    owed
        :func:`owed_invoices`.
    observed_until
        Payments are read as they were known on this day, and no step is later.

    Returns
    -------
    ibis.Table
        ``customer_id``, ``day`` and ``step`` (int64), several rows a customer and day; steps of nothing may be among
        them.
    """
    entering = owed.filter(~owed.moves)
    at_once = entering.select("customer_id", day=entering.counts_from, step=entering.amount - entering.paid_amount)
    moving = owed.filter(owed.moves)
    return at_once.union(_moving_steps(moving, _payments_of(relations, moving, observed_until), observed_until))


def _payments_of(relations: Relations, moving: ir.Table, observed_until: date) -> ir.Table:
    """Return the payments on these invoices; one that was moved to another invoice later is not among them."""
    payments = relations.table("payments")
    known = payments.filter(payments.known_on <= observed_until)
    touching = known.semi_join(moving, "invoice_id").select("payment_id").distinct()
    versions = with_validity(known.semi_join(touching, "payment_id"), TABLES["payments"])
    return versions.filter(holds_on(versions, ibis.literal(observed_until)))


def _moving_steps(moving: ir.Table, payments: ir.Table, observed_until: date) -> ir.Table:
    paid = payments.select("invoice_id", "paid_on", paid=payments.amount).join(moving, "invoice_id")
    later = paid.select(
        "invoice_id", "customer_id", "amount", "paid", day=ibis.greatest(paid.paid_on, paid.counts_from)
    )
    entry = moving.select("invoice_id", "customer_id", "amount", paid=ibis.literal(0, "int64"), day=moving.counts_from)
    moves = entry.union(later.filter(later.day <= observed_until))
    daily = moves.group_by("invoice_id", "customer_id", "amount", "day").agg(paid=whole(moves.paid.sum()))
    so_far = ibis.cumulative_window(group_by="invoice_id", order_by="day")
    standing = daily.mutate(open=ibis.greatest(daily.amount - whole(daily.paid.sum().over(so_far)), 0))
    by_day = ibis.window(group_by="invoice_id", order_by="day")
    return standing.select("customer_id", "day", step=standing.open - standing.open.lag().over(by_day).fill_null(0))
