"""Spells of default: when each customer entered default and until when it lasted, as relations."""

from datetime import date

import ibis
import ibis.expr.types as ir

from creditscore.book import TABLES, Relations, holds_on, with_validity
from creditscore.outcomes.arrears import arrears_steps, owed_invoices
from creditscore.outcomes.calendar import months_later
from creditscore.outcomes.definition import LASTING, DefaultDefinition

FOR_EVER = date(9999, 12, 31)


def default_spells(
    relations: Relations, definition: DefaultDefinition, *, observed_until: date, since: date | None = None
) -> ir.Table:
    """Return ``customer_id``, ``entered_on`` and ``in_default_until``, one row a customer and day of entry.

    Read from the version of each fact that was known on ``observed_until``. A customer is in default on a day exactly
    when its latest entry on or before that day has an ``in_default_until`` after it: that column is the latest end of
    all spells entered so far, so overlapping spells need no merging.

    Parameters
    ----------
    relations
        The open book.
    definition
        What counts as a default.
    observed_until
        Last day of observation.
    since
        The first day that is asked about; by default every day is. Who is in arrears on it may be told as having
        entered on it, however long before that was, and what ended by then may be left out. Later entries, and who is
        in default on it and on any later day, are exact. A ledger is mostly history, so this is much faster.
    """
    spells = _event_spells(_facts(relations, "events", observed_until), definition)
    if definition.days_past_due is not None and relations.book.has("invoices"):
        first = None if since is None else min(since, observed_until)
        owed = owed_invoices(
            relations, days_past_due=definition.days_past_due, observed_until=observed_until, since=first
        )
        steps = arrears_steps(relations, owed, observed_until=observed_until)
        spells = spells.union(_ledger_spells(steps, material_amount=definition.material_amount))
    happened = spells.filter(spells.entered_on <= observed_until)
    entries = happened.group_by("customer_id", "entered_on").agg(left_on=happened.left_on.max())
    so_far = ibis.cumulative_window(group_by="customer_id", order_by="entered_on")
    return entries.select("customer_id", "entered_on", in_default_until=entries.left_on.max().over(so_far))


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
