"""Facts as they stood on a day: those known by then, each in the version known then."""

from datetime import date

import ibis
import ibis.expr.types as ir

from creditscore.book import TABLES, Relations, holds_on, receivables, with_validity


def standing_facts(relations: Relations, name: str, as_of: date) -> ir.Table:
    """Return a table's facts in the versions known on a day; no row where the book lacks the table."""
    return _held(with_validity(relations.table(name), TABLES[name]), as_of)


def standing_receivables(relations: Relations, as_of: date) -> ir.Table:
    """Return the invoices in the versions known on a day, with what was known then to be paid on them.

    Credit notes, which have negative amounts, and void invoices, which have none, are left out: they owe nothing.
    """
    spans = _held(receivables(relations), as_of)
    return spans.filter(spans.amount > 0)


def known_customers(relations: Relations, as_of: date) -> ir.Table:
    """Return the ``customer_id`` of all customers of whom the book knew anything on a day, each once."""
    tables = [relations.table(name) for name in ("customers", "invoices", "facilities")]
    known = [table.filter(table.known_on <= ibis.literal(as_of)).select("customer_id") for table in tables]
    return ibis.union(*known, distinct=True)


def not_over(last_day: ir.DateValue, as_of: date) -> ir.BooleanValue:
    """Tell whether what lasts to a day, itself included, or for ever where it is missing, lasts on ``as_of``."""
    return last_day.isnull() | (last_day >= ibis.literal(as_of))


def _held(versions: ir.Table, as_of: date) -> ir.Table:
    return versions.filter(holds_on(versions, ibis.literal(as_of)))
