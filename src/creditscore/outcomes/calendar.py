"""Days counted on as expressions that mean the same on every engine."""

import ibis
import ibis.expr.types as ir


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


def days_later(day: ir.DateValue, days: int) -> ir.DateValue:
    """Return the day so many days later."""
    return _plus(day, ibis.interval(days=days))
