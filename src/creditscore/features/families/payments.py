# ruff: noqa: D401 - a feature is a noun, and its docstring says what the column holds
"""How the customer pays: the first of the B features."""

import ibis

from creditscore.domain import Reason
from creditscore.features.definition import feature
from creditscore.features.relations import Receivables
from creditscore.features.relations.arithmetic import (
    amount_where,
    count_where,
    deviation_where,
    mean_where,
    ratio,
    total,
)

GRACE_DAYS = 30


@feature(
    family="behaviour",
    unit="ratio",
    risk="falls",
    reason=Reason(
        "B01", en="Little of what fell due in 3 months was paid by its due day", zh="近三个月到期款项按期回款比例偏低"
    ),
)
def payback_90d_ratio(receivables: Receivables) -> ibis.Value:
    """Paid by the due day over invoiced, of what fell due in the last 90 days; missing when nothing did."""
    due = receivables.due_within(90)
    paid = amount_where(due, receivables.paid_by_due_amount)
    return ratio(total(paid), total(amount_where(due, receivables.amount)))


@feature(
    family="behaviour",
    unit="ratio",
    risk="falls",
    reason=Reason(
        "B02", en="Little of what fell due in 6 months was paid by its due day", zh="近六个月到期款项按期回款比例偏低"
    ),
)
def payback_180d_ratio(receivables: Receivables) -> ibis.Value:
    """Paid by the due day over invoiced, of what fell due in the last 180 days; missing when nothing did."""
    due = receivables.due_within(180)
    paid = amount_where(due, receivables.paid_by_due_amount)
    return ratio(total(paid), total(amount_where(due, receivables.amount)))


@feature(
    family="behaviour",
    unit="ratio",
    risk="falls",
    reason=Reason(
        "B03",
        en="Little of what fell due in 12 months was paid by its due day",
        zh="近十二个月到期款项按期回款比例偏低",
    ),
)
def payback_365d_ratio(receivables: Receivables) -> ibis.Value:
    """Paid by the due day over invoiced, of what fell due in the last 365 days; missing when nothing did."""
    due = receivables.due_within(365)
    paid = amount_where(due, receivables.paid_by_due_amount)
    return ratio(total(paid), total(amount_where(due, receivables.amount)))


@feature(
    family="behaviour",
    unit="days",
    risk="rises",
    reason=Reason(
        "B04", en="Invoices paid in the last 3 months were paid late on average", zh="近三个月平均付款逾期天数偏高"
    ),
)
def delay_mean_90d_days(receivables: Receivables) -> ibis.Value:
    """Mean days from due day to full payment of the invoices settled in the last 90 days, early ones negative."""
    return mean_where(receivables.settled_within(90), receivables.delay_days)


@feature(
    family="behaviour",
    unit="days",
    risk="rises",
    reason=Reason(
        "B05", en="Invoices paid in the last 6 months were paid late on average", zh="近六个月平均付款逾期天数偏高"
    ),
)
def delay_mean_180d_days(receivables: Receivables) -> ibis.Value:
    """Mean days from due day to full payment of the invoices settled in the last 180 days, early ones negative."""
    return mean_where(receivables.settled_within(180), receivables.delay_days)


@feature(
    family="behaviour",
    unit="days",
    risk="rises",
    reason=Reason(
        "B06", en="Invoices paid in the last 12 months were paid late on average", zh="近十二个月平均付款逾期天数偏高"
    ),
)
def delay_mean_365d_days(receivables: Receivables) -> ibis.Value:
    """Mean days from due day to full payment of the invoices settled in the last 365 days, early ones negative."""
    return mean_where(receivables.settled_within(365), receivables.delay_days)


@feature(
    family="behaviour",
    unit="days",
    risk="rises",
    reason=Reason(
        "B07", en="Large invoices were paid late in the last 3 months", zh="近三个月按金额加权的付款逾期天数偏高"
    ),
)
def delay_weighted_90d_days(receivables: Receivables) -> ibis.Value:
    """Amount-weighted mean days from due day to full payment of the invoices settled in the last 90 days."""
    settled = receivables.settled_within(90)
    weighted = amount_where(settled, receivables.amount * receivables.delay_days)
    return ratio(total(weighted), total(amount_where(settled, receivables.amount)))


@feature(
    family="behaviour",
    unit="days",
    risk="rises",
    reason=Reason(
        "B08", en="Large invoices were paid late in the last 12 months", zh="近十二个月按金额加权的付款逾期天数偏高"
    ),
)
def delay_weighted_365d_days(receivables: Receivables) -> ibis.Value:
    """Amount-weighted mean days from due day to full payment of the invoices settled in the last 365 days."""
    settled = receivables.settled_within(365)
    weighted = amount_where(settled, receivables.amount * receivables.delay_days)
    return ratio(total(weighted), total(amount_where(settled, receivables.amount)))


@feature(
    family="behaviour",
    unit="days",
    risk="rises",
    reason=Reason(
        "B09", en="At least one invoice was paid very late in the last 3 months", zh="近三个月最长付款逾期天数偏高"
    ),
)
def delay_worst_90d_days(receivables: Receivables) -> ibis.Value:
    """Largest number of days from due day to full payment among the invoices settled in the last 90 days."""
    settled = receivables.settled_within(90)
    return settled.ifelse(receivables.delay_days, ibis.null("int64")).max()


@feature(
    family="behaviour",
    unit="days",
    risk="rises",
    reason=Reason(
        "B10", en="At least one invoice was paid very late in the last 6 months", zh="近六个月最长付款逾期天数偏高"
    ),
)
def delay_worst_180d_days(receivables: Receivables) -> ibis.Value:
    """Largest number of days from due day to full payment among the invoices settled in the last 180 days."""
    settled = receivables.settled_within(180)
    return settled.ifelse(receivables.delay_days, ibis.null("int64")).max()


@feature(
    family="behaviour",
    unit="days",
    risk="rises",
    reason=Reason(
        "B11", en="At least one invoice was paid very late in the last 12 months", zh="近十二个月最长付款逾期天数偏高"
    ),
)
def delay_worst_365d_days(receivables: Receivables) -> ibis.Value:
    """Largest number of days from due day to full payment among the invoices settled in the last 365 days."""
    settled = receivables.settled_within(365)
    return settled.ifelse(receivables.delay_days, ibis.null("int64")).max()


@feature(
    family="behaviour",
    unit="ratio",
    risk="rises",
    reason=Reason("B12", en="Many invoices were paid late in the last 3 months", zh="近三个月逾期付款笔数占比偏高"),
)
def late_share_90d_ratio(receivables: Receivables) -> ibis.Value:
    """Share of the invoices settled in the last 90 days that were settled after the due day."""
    settled = receivables.settled_within(90)
    return ratio(count_where(settled & (receivables.delay_days > 0)), count_where(settled))


@feature(
    family="behaviour",
    unit="ratio",
    risk="rises",
    reason=Reason("B13", en="Many invoices were paid late in the last 12 months", zh="近十二个月逾期付款笔数占比偏高"),
)
def late_share_365d_ratio(receivables: Receivables) -> ibis.Value:
    """Share of the invoices settled in the last 365 days that were settled after the due day."""
    settled = receivables.settled_within(365)
    return ratio(count_where(settled & (receivables.delay_days > 0)), count_where(settled))


@feature(
    family="behaviour",
    unit="ratio",
    risk="rises",
    reason=Reason(
        "B14",
        en="Many invoices were paid more than 30 days late in the last year",
        zh="近一年逾期超过30天付款的笔数占比偏高",
    ),
)
def late_30d_share_365d_ratio(receivables: Receivables) -> ibis.Value:
    """Share of the invoices settled in the last 365 days that were settled more than 30 days after the due day."""
    settled = receivables.settled_within(365)
    return ratio(count_where(settled & (receivables.delay_days > GRACE_DAYS)), count_where(settled))


@feature(
    family="behaviour",
    unit="days",
    risk="rises",
    reason=Reason("B15", en="Payments have become slower", zh="付款速度近期变慢"),
)
def delay_trend_days(receivables: Receivables) -> ibis.Value:
    """Mean delay of the invoices settled in the last 90 days less that of those settled before, within 365 days."""
    recent = receivables.settled_within(90)
    older = receivables.settled_within(365) & ~recent
    delay = receivables.delay_days
    return mean_where(recent, delay) - mean_where(older, delay)


@feature(
    family="behaviour",
    unit="days",
    risk="rises",
    reason=Reason("B16", en="Payment delays vary widely", zh="付款逾期天数波动较大"),
)
def delay_volatility_365d_days(receivables: Receivables) -> ibis.Value:
    """Standard deviation of the delays of the invoices settled in the last 365 days; missing with fewer than two."""
    return deviation_where(receivables.settled_within(365), receivables.delay_days)


@feature(
    family="behaviour",
    unit="days",
    risk="rises",
    reason=Reason("B17", en="The customer takes long to pay after the invoice", zh="从开票到付清的平均天数偏长"),
)
def paying_days_365d_days(receivables: Receivables) -> ibis.Value:
    """Mean days from issue to full payment of the invoices settled in the last 365 days."""
    return mean_where(receivables.settled_within(365), receivables.paying_days)


@feature(
    family="behaviour",
    unit="ratio",
    risk="rises",
    reason=Reason("B18", en="Many invoices are paid in several parts", zh="分次付款的发票占比偏高"),
)
def partial_payment_share_365d_ratio(receivables: Receivables) -> ibis.Value:
    """Share of the invoices settled in the last 365 days that took more than one payment."""
    settled = receivables.settled_within(365)
    return ratio(count_where(settled & (receivables.payment_count > 1)), count_where(settled))


@feature(
    family="behaviour",
    unit="days",
    risk="rises",
    reason=Reason("B19", en="No payment has come for long", zh="距最近一次付款时间较长"),
)
def since_payment_days(receivables: Receivables) -> ibis.Value:
    """Days since the last known payment came; missing when none ever came."""
    return receivables.days_since(receivables.last_paid_on.max())
