"""How far beyond its terms the customer pays, over a month to two years: more of the B features."""

import ibis

from creditscore.domain import Reason
from creditscore.features.definition import feature
from creditscore.features.relations import Receivables
from creditscore.features.relations.arithmetic import amount_where, mean_where, ratio, total


@feature(
    family="behaviour",
    unit="ratio",
    risk="falls",
    reason=Reason(
        "B32", en="Little of what fell due in a month was paid by its due day", zh="近一个月到期款项按期回款比例偏低"
    ),
)
def payback_30d_ratio(receivables: Receivables) -> ibis.Value:
    """Paid by the due day over invoiced, of what fell due in the last 30 days; missing when nothing did."""
    return _payback(receivables, 30)


@feature(
    family="behaviour",
    unit="ratio",
    risk="falls",
    reason=Reason(
        "B33", en="Little of what fell due in 2 years was paid by its due day", zh="近两年到期款项按期回款比例偏低"
    ),
)
def payback_730d_ratio(receivables: Receivables) -> ibis.Value:
    """Paid by the due day over invoiced, of what fell due in the last 730 days; missing when nothing did."""
    return _payback(receivables, 730)


@feature(
    family="behaviour",
    unit="days",
    risk="rises",
    reason=Reason(
        "B34", en="Invoices paid in the last month were paid late on average", zh="近一个月平均付款逾期天数偏高"
    ),
)
def delay_mean_30d_days(receivables: Receivables) -> ibis.Value:
    """Mean days from due day to full payment of the invoices settled in the last 30 days, early ones negative."""
    return mean_where(receivables.settled_within(30), receivables.delay_days)


@feature(
    family="behaviour",
    unit="days",
    risk="rises",
    reason=Reason(
        "B35", en="Invoices paid in the last 2 years were paid late on average", zh="近两年平均付款逾期天数偏高"
    ),
)
def delay_mean_730d_days(receivables: Receivables) -> ibis.Value:
    """Mean days from due day to full payment of the invoices settled in the last 730 days, early ones negative."""
    return mean_where(receivables.settled_within(730), receivables.delay_days)


@feature(
    family="behaviour",
    unit="days",
    risk="rises",
    reason=Reason("B36", en="Payments are slower than the year before", zh="付款速度较上年变慢"),
)
def delay_trend_year_days(receivables: Receivables) -> ibis.Value:
    """Mean delay of the invoices settled in the last 365 days less that of those settled in the 365 days before."""
    recent = receivables.settled_within(365)
    older = receivables.settled_within(730) & ~recent
    delay = receivables.delay_days
    return mean_where(recent, delay) - mean_where(older, delay)


@feature(
    family="behaviour",
    unit="days",
    risk="rises",
    reason=Reason("B37", en="Payments of the last month came beyond terms", zh="近一个月超账期付款天数偏高"),
)
def beyond_terms_30d_days(receivables: Receivables) -> ibis.Value:
    """Amount-weighted mean days past the due day of the invoices settled in the last 30 days, early ones as 0."""
    return _beyond_terms(receivables, 30)


@feature(
    family="behaviour",
    unit="days",
    risk="rises",
    reason=Reason("B38", en="Payments of the last 3 months came beyond terms", zh="近三个月超账期付款天数偏高"),
)
def beyond_terms_90d_days(receivables: Receivables) -> ibis.Value:
    """Amount-weighted mean days past the due day of the invoices settled in the last 90 days, early ones as 0."""
    return _beyond_terms(receivables, 90)


@feature(
    family="behaviour",
    unit="days",
    risk="rises",
    reason=Reason("B39", en="Payments of the last 6 months came beyond terms", zh="近六个月超账期付款天数偏高"),
)
def beyond_terms_180d_days(receivables: Receivables) -> ibis.Value:
    """Amount-weighted mean days past the due day of the invoices settled in the last 180 days, early ones as 0."""
    return _beyond_terms(receivables, 180)


@feature(
    family="behaviour",
    unit="days",
    risk="rises",
    reason=Reason("B40", en="Payments of the last 12 months came beyond terms", zh="近十二个月超账期付款天数偏高"),
)
def beyond_terms_365d_days(receivables: Receivables) -> ibis.Value:
    """Amount-weighted mean days past the due day of the invoices settled in the last 365 days, early ones as 0."""
    return _beyond_terms(receivables, 365)


@feature(
    family="behaviour",
    unit="days",
    risk="rises",
    reason=Reason("B41", en="Payments of the last 2 years came beyond terms", zh="近两年超账期付款天数偏高"),
)
def beyond_terms_730d_days(receivables: Receivables) -> ibis.Value:
    """Amount-weighted mean days past the due day of the invoices settled in the last 730 days, early ones as 0."""
    return _beyond_terms(receivables, 730)


def _payback(receivables: Receivables, days: int) -> ibis.Value:
    due = receivables.due_within(days)
    paid = amount_where(due, receivables.paid_by_due_amount)
    return ratio(total(paid), total(amount_where(due, receivables.amount)))


def _beyond_terms(receivables: Receivables, days: int) -> ibis.Value:
    settled = receivables.settled_within(days)
    late = ibis.greatest(receivables.delay_days, 0)
    weighted = amount_where(settled, receivables.amount * late)
    return ratio(total(weighted), total(amount_where(settled, receivables.amount)))
