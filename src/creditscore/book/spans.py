"""Receivables through time: what was known of each invoice and its payments, span of days after span of days."""

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from creditscore.book.knowledge import holds_on, with_validity
from creditscore.book.tables import INVOICES, PAYMENTS

BILLED = ("customer_id", "invoice_id", "issued_on", "due_on", "amount", "disputed_flag")
SPAN_SCHEMA = pa.schema(
    [
        *(INVOICES.schema.field(name) for name in BILLED),
        ("paid_amount", pa.int64()),
        ("paid_by_due_amount", pa.int64()),
        ("last_paid_on", pa.date32()),
        ("payment_count", pa.int64()),
        ("known_on", pa.date32()),
        ("superseded_on", pa.date32()),
    ]
)
SPAN_COLUMNS = tuple(SPAN_SCHEMA.names)


def receivable_spans(invoices: ir.Table, payments: ir.Table, *, corrected: ir.Table) -> ir.Table:
    """Return the invoices with what was paid on them, one row for each span of days in which neither changes.

    A span holds from ``known_on`` to the day before ``superseded_on``, which is missing for the last one. On any day
    each known invoice has exactly one span, so that a snapshot of receivables is one comparison of days and no join.
    Nothing in a span was known later than its ``known_on``, but for ``superseded_on`` itself.

    Parameters
    ----------
    invoices, payments
        All versions of the facts.
    corrected
        :func:`corrected_invoices` of both, best evaluated once before.

    Returns
    -------
    ibis.Table
        The columns of :data:`SPAN_COLUMNS`; ``paid_by_due_amount`` is not capped at the amount of the invoice.
    """
    invoices = invoices.drop("currency")
    plain = _plain(invoices.anti_join(corrected, "invoice_id"), payments.anti_join(corrected, "invoice_id"))
    general = _general(invoices.semi_join(corrected, "invoice_id"), payments.semi_join(corrected, "invoice_id"))
    return ibis.union(plain, general)


def corrected_invoices(invoices: ir.Table, payments: ir.Table) -> ir.Table:
    """Return the few invoices that have another version, or a payment that has one."""
    versions = invoices.group_by("invoice_id").agg(versions=invoices.count())
    changed = payments.group_by("payment_id").agg(versions=payments.count())
    moved = payments.semi_join(changed.filter(changed.versions > 1), "payment_id")
    return ibis.union(
        versions.filter(versions.versions > 1).select("invoice_id"), moved.select("invoice_id"), distinct=True
    )


def _plain(invoices: ir.Table, payments: ir.Table) -> ir.Table:
    """Add up payments as they become known: running sums will do where nothing is ever corrected."""
    billed = invoices.select("invoice_id", "due_on", billed_on="known_on")
    paid = payments.select("invoice_id", "paid_on", "amount", "known_on").join(billed, "invoice_id")
    paid = paid.mutate(turned_on=ibis.greatest(paid.known_on, paid.billed_on))
    by_day = paid.group_by("invoice_id", "turned_on").agg(**_sums(paid, paid.amount, paid.due_on))
    first = invoices.select("invoice_id", turned_on="known_on").anti_join(by_day, ["invoice_id", "turned_on"])
    steps = ibis.union(by_day, _with_nothing_paid(first))
    so_far = ibis.cumulative_window(group_by="invoice_id", order_by="turned_on")
    running = steps.select(
        "invoice_id",
        "turned_on",
        paid_amount=whole(steps.paid_amount.sum().over(so_far)),
        paid_by_due_amount=whole(steps.paid_by_due_amount.sum().over(so_far)),
        last_paid_on=steps.last_paid_on.max().over(so_far),
        payment_count=whole(steps.payment_count.sum().over(so_far)),
        next_on=steps.turned_on.lead().over(group_by="invoice_id", order_by="turned_on"),
    )
    joined = running.join(invoices.drop("known_on"), "invoice_id")
    return joined.rename(known_on="turned_on", superseded_on="next_on").select(*SPAN_COLUMNS)


def _general(invoices: ir.Table, payments: ir.Table) -> ir.Table:
    """Look at every day on which what is known of an invoice changes, and take the versions that held then."""
    bills, settlements = with_validity(invoices, INVOICES), with_validity(payments, PAYMENTS)
    turns = _turns(bills, settlements)
    spans = turns.mutate(next_on=turns.turned_on.lead().over(group_by="turned_invoice", order_by="turned_on"))
    billed = spans.join(bills, spans.turned_invoice == bills.invoice_id)
    billed = billed.filter(holds_on(billed, billed.turned_on)).drop("known_on", "superseded_on", "turned_invoice")
    joined = billed.left_join(_paid(billed, settlements), ["invoice_id", "turned_on"])
    filled = {name: joined[name].fill_null(0) for name in ("paid_amount", "paid_by_due_amount", "payment_count")}
    kept = joined.mutate(**filled).rename(known_on="turned_on", superseded_on="next_on")
    return kept.select(*SPAN_COLUMNS)


def _turns(bills: ir.Table, settlements: ir.Table) -> ir.Table:
    known = [table.select(turned_invoice="invoice_id", turned_on="known_on") for table in (bills, settlements)]
    replaced = settlements.filter(settlements.superseded_on.notnull())
    return ibis.union(*known, replaced.select(turned_invoice="invoice_id", turned_on="superseded_on"), distinct=True)


def _paid(billed: ir.Table, settlements: ir.Table) -> ir.Table:
    paid = settlements.select("invoice_id", "paid_on", "known_on", "superseded_on", money="amount")
    joined = billed.select("invoice_id", "turned_on", "due_on").join(paid, "invoice_id")
    held = joined.filter(holds_on(joined, joined.turned_on))
    return held.group_by("invoice_id", "turned_on").agg(**_sums(held, held.money, held.due_on))


def _sums(paid: ir.Table, money: ir.IntegerColumn, due_on: ir.DateColumn) -> dict[str, ir.Scalar]:
    return {
        "paid_amount": whole(money.sum()),
        "paid_by_due_amount": whole((paid.paid_on <= due_on).ifelse(money, 0).sum()),
        "last_paid_on": paid.paid_on.max(),
        "payment_count": paid.count(),
    }


def _with_nothing_paid(first: ir.Table) -> ir.Table:
    nothing = ibis.literal(0, "int64")
    return first.mutate(
        paid_amount=nothing, paid_by_due_amount=nothing, last_paid_on=ibis.null("date"), payment_count=nothing
    )


def whole(total: ir.IntegerValue) -> ir.IntegerValue:
    """Keep a sum in 64 bits: engines add in more, which Ibis does not know, and a file would keep that as a float."""
    return total.cast("decimal(38, 0)").cast("int64")
