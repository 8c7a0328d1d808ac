# ruff: noqa: D401 - a feature is a noun, and its docstring says what the column holds
"""What the customer owes: X features."""

import ibis

from creditscore.domain import Reason
from creditscore.features.definition import feature
from creditscore.features.relations import OpenReceivables, Receivables
from creditscore.features.relations.arithmetic import amount_where, count_where, ratio, total


@feature(
    family="exposure",
    unit="amount",
    risk="either",
    reason=Reason("X01", en="Amount of the open receivables", zh="未结应收余额"),
)
def open_amount(receivables: OpenReceivables) -> ibis.Value:
    """Open receivables in minor units, credit notes not set off: the exposure."""
    return total(receivables.open_amount)


@feature(
    family="exposure",
    unit="amount",
    risk="rises",
    reason=Reason("X02", en="A large amount is past due", zh="逾期金额较大"),
)
def overdue_amount(receivables: OpenReceivables) -> ibis.Value:
    """Open receivables that are past due."""
    return total(receivables.overdue_amount)


@feature(
    family="exposure",
    unit="ratio",
    risk="rises",
    reason=Reason("X03", en="A large share of the open balance is past due", zh="逾期金额占未结余额比例偏高"),
)
def overdue_ratio(receivables: OpenReceivables) -> ibis.Value:
    """Share of the open balance that is past due on ``as_of``; missing when nothing is open."""
    return ratio(total(receivables.overdue_amount), total(receivables.open_amount))


@feature(
    family="exposure",
    unit="ratio",
    risk="either",
    reason=Reason("X04", en="Part of the balance is 1 to 30 days past due", zh="余额中逾期1至30天的占比偏高"),
)
def overdue_1_30d_ratio(receivables: OpenReceivables) -> ibis.Value:
    """Share of the open balance that is 1 to 30 days past due; missing when nothing is open."""
    part = amount_where(receivables.overdue_between(1, 30), receivables.open_amount)
    return ratio(total(part), total(receivables.open_amount))


@feature(
    family="exposure",
    unit="ratio",
    risk="rises",
    reason=Reason("X05", en="Part of the balance is 31 to 60 days past due", zh="余额中逾期31至60天的占比偏高"),
)
def overdue_31_60d_ratio(receivables: OpenReceivables) -> ibis.Value:
    """Share of the open balance that is 31 to 60 days past due; missing when nothing is open."""
    part = amount_where(receivables.overdue_between(31, 60), receivables.open_amount)
    return ratio(total(part), total(receivables.open_amount))


@feature(
    family="exposure",
    unit="ratio",
    risk="rises",
    reason=Reason("X06", en="Part of the balance is 61 to 90 days past due", zh="余额中逾期61至90天的占比偏高"),
)
def overdue_61_90d_ratio(receivables: OpenReceivables) -> ibis.Value:
    """Share of the open balance that is 61 to 90 days past due; missing when nothing is open."""
    part = amount_where(receivables.overdue_between(61, 90), receivables.open_amount)
    return ratio(total(part), total(receivables.open_amount))


@feature(
    family="exposure",
    unit="ratio",
    risk="rises",
    reason=Reason("X07", en="Part of the balance is more than 90 days past due", zh="余额中逾期超过90天的占比偏高"),
)
def overdue_91d_ratio(receivables: OpenReceivables) -> ibis.Value:
    """Share of the open balance that is more than 90 days past due; missing when nothing is open."""
    part = amount_where(receivables.overdue_between(91), receivables.open_amount)
    return ratio(total(part), total(receivables.open_amount))


@feature(
    family="exposure",
    unit="days",
    risk="rises",
    reason=Reason("X08", en="The oldest open invoice is long past due", zh="最早未付发票逾期天数较长"),
)
def overdue_oldest_days(receivables: OpenReceivables) -> ibis.Value:
    """Largest number of days past due of an open invoice; 0 when none is past due."""
    return receivables.days_past_due.max().fill_null(0)


@feature(
    family="exposure",
    unit="days",
    risk="rises",
    reason=Reason("X09", en="The open balance is long past due on the whole", zh="未结余额加权逾期天数较长"),
)
def overdue_weighted_days(receivables: OpenReceivables) -> ibis.Value:
    """Mean days past due of the open balance, weighted by amount; missing when nothing is open."""
    weighted = receivables.open_amount * receivables.days_past_due
    return ratio(total(weighted), total(receivables.open_amount))


@feature(
    family="exposure",
    unit="count",
    risk="rises",
    reason=Reason("X10", en="Several invoices are past due", zh="逾期发票笔数较多"),
)
def overdue_count(receivables: OpenReceivables) -> ibis.Value:
    """Number of open invoices that are past due."""
    return count_where(receivables.days_past_due > 0)


@feature(
    family="exposure",
    unit="count",
    risk="either",
    reason=Reason("X11", en="Number of open invoices", zh="未结发票笔数"),
)
def open_count(receivables: OpenReceivables) -> ibis.Value:
    """Number of invoices that are not paid in full."""
    return count_where(receivables.open_flag)


@feature(
    family="exposure",
    unit="ratio",
    risk="either",
    reason=Reason("X12", en="One invoice makes up much of the open balance", zh="单笔未结发票占余额比例"),
)
def open_largest_share_ratio(receivables: OpenReceivables) -> ibis.Value:
    """Largest open invoice over the open balance; missing when nothing is open."""
    return ratio(receivables.open_amount.max(), total(receivables.open_amount))


@feature(
    family="exposure",
    unit="ratio",
    risk="rises",
    reason=Reason("X13", en="Part of the open balance is disputed", zh="未结余额中争议占比偏高"),
)
def disputed_open_ratio(receivables: OpenReceivables) -> ibis.Value:
    """Share of the open balance that the customer disputes; missing when nothing is open."""
    part = amount_where(receivables.disputed_flag, receivables.open_amount)
    return ratio(total(part), total(receivables.open_amount))


@feature(
    family="exposure",
    unit="ratio",
    risk="rises",
    reason=Reason("X14", en="The open balance is large against a year of orders", zh="未结余额相对全年订单偏高"),
)
def open_to_order_ratio(receivables: Receivables) -> ibis.Value:
    """Open balance over the amount invoiced in the last 365 days; missing when nothing was invoiced."""
    issued = amount_where(receivables.issued_within(365), receivables.amount)
    return ratio(total(receivables.open_amount), total(issued))
