"""What became known of the ledger between two days: the spans of every invoice that a new fact concerns."""

from datetime import date
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from creditscore.book import SPAN_COLUMNS, Relations, corrected_invoices, receivable_spans
from creditscore.features.daily.standing import FIELDS, MASKED
from creditscore.features.ledger.rows import Rows

KEYED = ("key_low", "key_high")


def changed_spans(relations: Relations, *, after: date, until: date) -> pa.Table:
    """Return the spans of the invoices of which something became known in ``(after, until]``, as known on ``until``.

    They are worked out from the book by the very code that prepares all of it, so late facts, corrections and payments
    that were moved to another invoice need no rules of their own.

    Returns
    -------
    pyarrow.Table
        The columns of the spans that hold after ``after``, or held on it, and ``key_low`` and ``key_high``.
    """

    def stored(name: str, table: ir.Table) -> ir.Table:
        return relations.backend.create_table(f"{name}_{until:%Y%m%d}", table, temp=True)

    invoices, payments = (
        relations.table(name).filter(lambda row: row.known_on <= ibis.literal(until))
        for name in ("invoices", "payments")
    )
    news = payments.filter(payments.known_on > ibis.literal(after))
    known_payments = stored("new_payments", news.select("payment_id"))
    concerned = ibis.union(
        invoices.filter(invoices.known_on > ibis.literal(after)).select("invoice_id"),
        payments.semi_join(known_payments, "payment_id").select("invoice_id"),
        distinct=True,
    )
    chosen = stored("concerned", concerned)
    # A payment that left a concerned invoice left it by a version that names another one, so all versions are taken.
    touching = stored("touching", payments.semi_join(chosen, "invoice_id").select("payment_id").distinct())
    bills = stored("concerned_invoices", invoices.semi_join(chosen, "invoice_id"))
    settlements = stored("concerned_payments", payments.semi_join(touching, "payment_id"))
    spans = receivable_spans(bills, settlements, corrected=corrected_invoices(bills, settlements))
    seen = spans.filter(spans.superseded_on.isnull() | (spans.superseded_on > ibis.literal(after)))
    return relations.fetch(with_keys(seen))


def with_keys(spans: ir.Table) -> ir.Table:
    """Add the two halves of the MD5 of each invoice's id: enough to tell invoices apart, in little room."""
    own = [name for name in SPAN_COLUMNS if name != "invoice_id"]
    return spans.select(*own, key_low=_lower(spans.invoice_id), key_high=_upper(spans.invoice_id))


@ibis.udf.scalar.builtin(name="md5_number_lower")
def _lower(text: dt.string) -> dt.uint64:
    """DuckDB's own function."""


@ibis.udf.scalar.builtin(name="md5_number_upper")
def _upper(text: dt.string) -> dt.uint64:
    """DuckDB's own function."""


def fields_of(table: pa.Table, rows: Rows) -> dict[str, npt.NDArray[Any]]:
    """Return spans with their keys as the fields of the standing ledger; ``rows`` are the same spans."""
    fields: dict[str, npt.NDArray[Any]] = {"customer": rows.customer, "known_on": rows.known_on}
    for name in KEYED:
        fields[name] = table[name].combine_chunks().to_numpy()
    for name, column in rows.columns.items():
        fields[name] = column.data.astype(FIELDS[name], copy=False)
        if name in MASKED:
            fields[f"{name}_known"] = np.ones(len(rows), np.bool_) if column.known is None else column.known
    return fields
