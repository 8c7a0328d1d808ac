"""Spells of default: when each customer entered default and until when it lasted, as relations."""

from datetime import date

import ibis
import ibis.expr.types as ir

from creditscore.book import TABLES, Relations, holds_on, with_validity
from creditscore.outcomes.definition import LASTING, DefaultDefinition

FOR_EVER = date(9999, 12, 31)


def default_spells(relations: Relations, definition: DefaultDefinition, *, observed_until: date) -> ir.Table:
    """Return ``customer_id``, ``entered_on`` and ``in_default_until``, one row a customer and day of entry.

    Read from the version of each fact that was known on ``observed_until``. A customer is in default on a day exactly
    when its latest entry on or before that day has an ``in_default_until`` after it: that column is the latest end of
    all spells entered so far, so overlapping spells need no merging.
    """
    spells = _event_spells(_facts(relations, "events", observed_until), definition)
    if definition.days_past_due is not None:
        invoices = _facts(relations, "invoices", observed_until)
        payments = _facts(relations, "payments", observed_until)
        owed = _owed(invoices, days_past_due=definition.days_past_due)
        steps = _arrears_steps(owed.filter(owed.counts_from <= observed_until), payments)
        seen = steps.filter(steps.day <= observed_until)
        spells = spells.union(_ledger_spells(seen, material_amount=definition.material_amount))
    happened = spells.filter(spells.entered_on <= observed_until)
    entries = happened.group_by("customer_id", "entered_on").agg(left_on=happened.left_on.max())
    so_far = ibis.cumulative_window(group_by="customer_id", order_by="entered_on")
    return entries.select("customer_id", "entered_on", in_default_until=entries.left_on.max().over(so_far))


def months_later(day: ir.DateValue, months: int) -> ir.DateValue:
    """Return the day of :func:`creditscore.domain.add_months` as an expression: a month end stays a month end."""
    same_day = _plus(day, ibis.interval(months=months))
    return ibis.cases((day == _month_end(day), _month_end(same_day)), else_=same_day)


def _month_end(day: ir.DateValue) -> ir.DateValue:
    next_month = _plus(day.truncate("M"), ibis.interval(months=1))
    return _plus(next_month, -ibis.interval(days=1))


def _plus(day: ir.DateValue, duration: ir.IntervalValue) -> ir.DateValue:
    """Add to a day and stay a day: DuckDB makes a timestamp of a date plus an interval, Ibis takes it for a date."""
    return (day.cast("timestamp") + duration).date()


def _facts(relations: Relations, name: str, observed_until: date) -> ir.Table:
    versions = with_validity(relations.table(name), TABLES[name])
    return versions.filter(holds_on(versions, ibis.literal(observed_until)))


def _event_spells(events: ir.Table, definition: DefaultDefinition) -> ir.Table:
    listed = events.filter(events.kind.isin(definition.events))
    cured_on = months_later(listed.occurred_on, definition.cure_months)
    return listed.select(
        "customer_id",
        entered_on=listed.occurred_on,
        left_on=ibis.cases((listed.kind.isin(LASTING), ibis.literal(FOR_EVER)), else_=cured_on),
    )


def _owed(invoices: ir.Table, *, days_past_due: int) -> ir.Table:
    """Return each invoice with the day from which it counts as in arrears as far as it is open."""
    return invoices.filter(invoices.amount > 0).select(
        "invoice_id",
        "customer_id",
        "amount",
        counts_from=_plus(invoices.due_on, ibis.interval(days=days_past_due)),
    )


def _arrears_steps(owed: ir.Table, payments: ir.Table) -> ir.Table:
    """Return by how much each customer's amount in arrears steps up or down on each day it moves.

    An invoice enters with what is open on the day from which it counts, payments of that day taken off; each later
    payment takes its part away; an overpaid invoice is open for nothing, not for less.
    """
    all_paid = payments.select("invoice_id", "paid_on", paid=payments.amount).join(owed, "invoice_id")
    # Most invoices are paid in time and never move anything: they are left out before the days are walked through.
    settled = _settled_in_time(all_paid)
    open_once, paid = owed.anti_join(settled, "invoice_id"), all_paid.anti_join(settled, "invoice_id")
    later = paid.select(
        "invoice_id", "customer_id", "amount", "paid", day=ibis.greatest(paid.paid_on, paid.counts_from)
    )
    entry = open_once.select(
        "invoice_id", "customer_id", "amount", paid=ibis.literal(0, "int64"), day=open_once.counts_from
    )
    moves = entry.union(later)
    daily = moves.group_by("invoice_id", "customer_id", "amount", "day").agg(paid=moves.paid.sum().cast("int64"))
    so_far = ibis.cumulative_window(group_by="invoice_id", order_by="day")
    standing = daily.mutate(open=ibis.greatest(daily.amount - daily.paid.sum().over(so_far).cast("int64"), 0))
    by_day = ibis.window(group_by="invoice_id", order_by="day")
    return standing.select("customer_id", "day", step=standing.open - standing.open.lag().over(by_day).fill_null(0))


def _settled_in_time(paid: ir.Table) -> ir.Table:
    """Return the invoices that nothing was open of when they would have counted, and nothing came back of later."""
    by_then = (paid.paid_on <= paid.counts_from).ifelse(paid.paid, 0)
    summed = paid.group_by("invoice_id", "amount").agg(by_then=by_then.sum().cast("int64"), least=paid.paid.min())
    return summed.filter((summed.by_then >= summed.amount) & (summed.least >= 0)).select("invoice_id")


def _ledger_spells(steps: ir.Table, *, material_amount: int) -> ir.Table:
    moved = steps.filter(steps.step != 0)
    daily = moved.group_by("customer_id", "day").agg(step=moved.step.sum().cast("int64"))
    so_far = ibis.cumulative_window(group_by="customer_id", order_by="day")
    by_day = ibis.window(group_by="customer_id", order_by="day")
    states = daily.select(
        "customer_id", "day", material=daily.step.sum().over(so_far).cast("int64") >= max(material_amount, 1)
    )
    marked = states.mutate(was=states.material.lag().over(by_day).fill_null(ibis.literal(value=False)))
    turns = marked.filter(marked.material != marked.was)
    spells = turns.mutate(left_on=turns.day.lead().over(by_day).fill_null(ibis.literal(FOR_EVER)))
    return spells.filter(spells.material).select("customer_id", "left_on", entered_on=spells.day)[
        "customer_id", "entered_on", "left_on"
    ]
