"""Exact arithmetic on amounts and days: integers are summed, and floats appear in the last division."""

import ibis
import ibis.expr.types as ir

NO_AMOUNT = ibis.null("int64")


def days_between(later: ir.DateValue, earlier: ir.DateValue) -> ir.IntegerValue:
    """Return the whole days from ``earlier`` to ``later``; negative where it lies after it."""
    return later.delta(earlier, unit="day").cast("int64")


def total(amount: ir.IntegerValue) -> ir.IntegerValue:
    """Sum amounts; refused where the sum does not fit into 64 bits, missing over nothing."""
    return amount.sum().cast("decimal(38, 0)").cast("int64")
