"""The customer against its own rhythm of ordering and paying, and against its own past: more of the B features."""

import ibis

from creditscore.domain import Reason
from creditscore.features.definition import feature
from creditscore.features.relations import Orders, Receivables
from creditscore.features.relations.arithmetic import amount_where, count_where, days_between, ratio, total

RHYTHM_DAYS = 730  # long enough for a rhythm, short enough to be the one of today


@feature(
    family="behaviour",
    unit="days",
    risk="either",
    reason=Reason("B51", en="Days between orders", zh="平均下单间隔天数"),
)
def order_gap_mean_730d_days(orders: Orders) -> ibis.Value:
    """Mean days from one invoice to the next, of the last 730 days; missing with fewer than two invoices."""
    ordered = orders.invoice_flag & orders.issued_within(RHYTHM_DAYS)
    days = ordered.ifelse(orders.issued_on, ibis.null("date"))
    return ratio(days_between(days.max(), days.min()), count_where(ordered) - 1)


@feature(
    family="behaviour",
    unit="ratio",
    risk="rises",
    reason=Reason("B52", en="The customer has stopped ordering in its rhythm", zh="停止下单的时间超出自身下单节奏"),
)
def order_silence_ratio(orders: Orders) -> ibis.Value:
    """Days since the last invoice over the customer's mean gap of 730 days; missing with fewer than two issue days."""
    ordered = orders.invoice_flag & orders.issued_within(RHYTHM_DAYS)
    days = ordered.ifelse(orders.issued_on, ibis.null("date"))
    gaps = count_where(ordered) - 1
    return ratio(orders.days_since(days.max()) * gaps, days_between(days.max(), days.min()))


@feature(
    family="behaviour",
    unit="ratio",
    risk="rises",
    reason=Reason(
        "B53", en="The customer owes and has stopped paying in its rhythm", zh="欠款未付且付款间隔超出自身节奏"
    ),
)
def payment_silence_ratio(receivables: Receivables) -> ibis.Value:
    """Days since the last payment over the mean gap between the last payments on invoices; 0 when nothing is owed.

    The gaps are those of the last 730 days; with fewer than two days of payment there is no rhythm, and the ratio is
    missing.
    """
    paid = receivables.paid_within(RHYTHM_DAYS)
    days = paid.ifelse(receivables.last_paid_on, ibis.null("date"))
    gaps = count_where(paid) - 1
    silence = ratio(receivables.days_since(days.max()) * gaps, days_between(days.max(), days.min()))
    return (total(receivables.open_amount) > 0).ifelse(silence, 0.0)


@feature(
    family="behaviour",
    unit="ratio",
    risk="either",
    reason=Reason(
        "B54",
        en="Orders of the last three months against the same months a year before",
        zh="近三个月订单金额相对上年同期的变化",
    ),
)
def orders_seasonal_trend_ratio(orders: Orders) -> ibis.Value:
    """Amount invoiced in the last 90 days over that of the same 90 days a year before; missing when that is nothing.

    It is missing also where no older invoice is known, for then part of those days may lie before the first order.
    """
    recent = amount_where(orders.issued_within(90), orders.amount)
    before = amount_where(orders.issued_between(365, 454), orders.amount)
    ordered_before = count_where(orders.invoice_flag & (orders.age_days > 454)) > 0  # noqa: PLR2004 - the days above
    return ordered_before.ifelse(ratio(total(recent), total(before)), ibis.null("float64"))


@feature(
    family="behaviour",
    unit="ratio",
    risk="either",
    reason=Reason("B55", en="Invoices were made void", zh="近一年作废发票占比"),
)
def void_365d_ratio(orders: Orders) -> ibis.Value:
    """Share of the invoices issued in the last 365 days that are void, their current amount being 0, by number."""
    issued = orders.issued_within(365)
    void = count_where(issued & orders.void_flag)
    return ratio(void, count_where(issued & (orders.void_flag | orders.invoice_flag)))
