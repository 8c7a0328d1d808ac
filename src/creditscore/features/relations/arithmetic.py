"""Exact arithmetic for features: integers are summed, and floats appear in the last division."""

import ibis.expr.types as ir


def days_between(later: ir.DateValue, earlier: ir.DateValue) -> ir.IntegerValue:
    """Return the whole days from ``earlier`` to ``later``; negative where it lies after it."""
    return later.delta(earlier, unit="day").cast("int64")


def amount_where(condition: ir.BooleanValue, amount: ir.IntegerValue) -> ir.IntegerValue:
    """Return ``amount`` where the condition holds and 0 elsewhere: a CASE inside the sum that is to follow."""
    return condition.ifelse(amount, 0)


def count_where(condition: ir.BooleanValue) -> ir.IntegerValue:
    """Count the rows on which the condition holds; 0 over no row."""
    return total(condition.ifelse(1, 0))


def total(amount: ir.IntegerValue) -> ir.IntegerValue:
    """Sum integers exactly, in any order; 0 over no row. The engine's sum is wide enough for amounts times days."""
    return amount.sum().fill_null(0)


def ratio(part: ir.NumericValue, whole: ir.NumericValue) -> ir.FloatingValue:
    """Divide, once, at the end; missing where the whole is zero."""
    return part / whole.nullif(0)


def mean_where(condition: ir.BooleanValue, value: ir.IntegerValue) -> ir.FloatingValue:
    """Mean of integers over the rows on which the condition holds; missing where it holds on none."""
    return ratio(total(amount_where(condition, value)), count_where(condition))


def deviation_where(condition: ir.BooleanValue, value: ir.IntegerValue) -> ir.FloatingValue:
    """Sample standard deviation of integers, from exact sums; missing with fewer than two rows.

    ``sqrt((n * sum(x^2) - sum(x)^2) / (n * (n - 1)))`` loses nothing to cancellation because all sums are integers.
    """
    count, first, second = (
        count_where(condition),
        total(amount_where(condition, value)),
        total(amount_where(condition, value * value)),
    )
    return ratio(count * second - first * first, count * (count - 1)).sqrt()
