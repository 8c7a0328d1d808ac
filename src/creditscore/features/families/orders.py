# ruff: noqa: D401 - a feature is a noun, and its docstring says what the column holds
"""How the customer orders: the rest of the B features."""

import ibis

from creditscore.domain import Reason
from creditscore.features.definition import feature
from creditscore.features.relations import Orders
from creditscore.features.relations.arithmetic import (
    amount_where,
    count_where,
    mean_where,
    ratio,
    total,
)


@feature(
    family="behaviour",
    unit="count",
    risk="falls",
    reason=Reason("B20", en="Few orders in the last three months", zh="近三个月订单笔数偏少"),
)
def orders_90d_count(orders: Orders) -> ibis.Value:
    """Number of invoices issued in the last 90 days."""
    return count_where(orders.invoice_flag & orders.issued_within(90))


@feature(
    family="behaviour",
    unit="count",
    risk="falls",
    reason=Reason("B21", en="Few orders in the last year", zh="近一年订单笔数偏少"),
)
def orders_365d_count(orders: Orders) -> ibis.Value:
    """Number of invoices issued in the last 365 days."""
    return count_where(orders.invoice_flag & orders.issued_within(365))


@feature(
    family="behaviour",
    unit="amount",
    risk="either",
    reason=Reason("B22", en="Amount ordered in the last three months", zh="近三个月订单金额"),
)
def orders_90d_amount(orders: Orders) -> ibis.Value:
    """Amount invoiced in the last 90 days."""
    return total(amount_where(orders.issued_within(90), orders.amount))


@feature(
    family="behaviour",
    unit="amount",
    risk="either",
    reason=Reason("B23", en="Amount ordered in the last year", zh="近一年订单金额"),
)
def orders_365d_amount(orders: Orders) -> ibis.Value:
    """Amount invoiced in the last 365 days."""
    return total(amount_where(orders.issued_within(365), orders.amount))


@feature(
    family="behaviour",
    unit="ratio",
    risk="either",
    reason=Reason(
        "B24", en="Orders of the last three months against those before", zh="近三个月订单金额相对此前的变化"
    ),
)
def orders_trend_ratio(orders: Orders) -> ibis.Value:
    """Amount invoiced in the last 90 days over a third of that of the 270 days before; missing when that is nothing."""
    recent = amount_where(orders.issued_within(90), orders.amount)
    before = amount_where(orders.issued_between(90, 359), orders.amount)
    return ratio(total(recent) * 3, total(before))


@feature(
    family="behaviour",
    unit="days",
    risk="rises",
    reason=Reason("B25", en="No order for long", zh="距最近一次下单时间较长"),
)
def since_order_days(orders: Orders) -> ibis.Value:
    """Days since the last invoice was issued; missing when none ever was."""
    return orders.days_since(orders.invoice_flag.ifelse(orders.issued_on, ibis.null("date")).max())


@feature(
    family="behaviour",
    unit="amount",
    risk="either",
    reason=Reason("B26", en="Mean size of an order", zh="平均单笔订单金额"),
)
def order_mean_365d_amount(orders: Orders) -> ibis.Value:
    """Mean amount of the invoices issued in the last 365 days; missing when there is none."""
    return mean_where(orders.invoice_flag & orders.issued_within(365), orders.amount)


@feature(
    family="behaviour",
    unit="ratio",
    risk="either",
    reason=Reason("B27", en="One order makes up much of the year", zh="单笔订单占全年金额比例"),
)
def order_largest_share_365d_ratio(orders: Orders) -> ibis.Value:
    """Largest invoice of the last 365 days over all of them; missing when there is none."""
    amount = amount_where(orders.issued_within(365), orders.amount)
    return ratio(amount.max(), total(amount))


@feature(
    family="behaviour",
    unit="days",
    risk="either",
    reason=Reason("B28", en="Payment term granted on average", zh="平均账期"),
)
def term_mean_365d_days(orders: Orders) -> ibis.Value:
    """Mean payment term of the invoices issued in the last 365 days."""
    return mean_where(orders.invoice_flag & orders.issued_within(365), orders.term_days)


@feature(
    family="behaviour",
    unit="days",
    risk="rises",
    reason=Reason("B29", en="Payment terms have become longer", zh="账期近期变长"),
)
def term_change_days(orders: Orders) -> ibis.Value:
    """Mean payment term of the invoices of the last 90 days less that of the older ones of the last 365 days."""
    recent = orders.invoice_flag & orders.issued_within(90)
    older = orders.invoice_flag & orders.issued_between(90, 364)
    return mean_where(recent, orders.term_days) - mean_where(older, orders.term_days)


@feature(
    family="behaviour",
    unit="ratio",
    risk="rises",
    reason=Reason("B30", en="Many goods are returned or credited", zh="退货或红冲金额占比偏高"),
)
def credit_note_365d_ratio(orders: Orders) -> ibis.Value:
    """Credit notes over invoices of the last 365 days, by amount; missing when nothing was invoiced."""
    issued = orders.issued_within(365)
    return ratio(total(amount_where(issued, orders.credited_amount)), total(amount_where(issued, orders.amount)))


@feature(
    family="behaviour",
    unit="ratio",
    risk="rises",
    reason=Reason("B31", en="Many invoices are disputed", zh="近一年争议发票占比偏高"),
)
def disputed_365d_ratio(orders: Orders) -> ibis.Value:
    """Share of the invoices issued in the last 365 days that the customer disputes, by number."""
    issued = orders.invoice_flag & orders.issued_within(365)
    return ratio(count_where(issued & orders.disputed_flag), count_where(issued))
