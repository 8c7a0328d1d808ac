"""The customer beside its peers, the other customers of its industry: more of the I features."""

import ibis

from creditscore.domain import Reason
from creditscore.features.definition import feature
from creditscore.features.relations import Peers
from creditscore.features.relations.arithmetic import ratio


@feature(
    family="industry",
    unit="ratio",
    risk="rises",
    reason=Reason("I11", en="More is past due than with its industry peers", zh="逾期占比高于同行业客户"),
)
def overdue_gap_ratio(peers: Peers) -> ibis.Value:
    """Share of the open balance that is past due, less that of the other customers of its industry taken together."""
    return peers.gap("overdue_amount", "open_amount")


@feature(
    family="industry",
    unit="days",
    risk="rises",
    reason=Reason("I12", en="The customer pays later than its industry peers", zh="平均付款逾期天数高于同行业客户"),
)
def delay_gap_days(peers: Peers) -> ibis.Value:
    """Mean delay of the invoices settled in the last 365 days, less that of the other customers of its industry."""
    return peers.gap("delay_days", "settled_count")


@feature(
    family="industry",
    unit="ratio",
    risk="falls",
    reason=Reason("I13", en="Less is paid by its due day than by its industry peers", zh="按期回款比例低于同行业客户"),
)
def payback_gap_ratio(peers: Peers) -> ibis.Value:
    """Paid by the due day over invoiced, of what fell due in 365 days, less that of the others of its industry."""
    return peers.gap("paid_by_due_amount", "due_amount")


@feature(
    family="industry",
    unit="ratio",
    risk="either",
    reason=Reason("I14", en="Orders against those of its industry peers", zh="订单变化相对同行业客户"),
)
def orders_trend_gap_ratio(peers: Peers) -> ibis.Value:
    """Orders of 90 days over a third of those of the 270 days before, less that of the others of its industry."""
    return peers.gap("recent_orders_amount", "earlier_orders_amount", times=3)


@feature(
    family="industry",
    unit="ratio",
    risk="rises",
    reason=Reason("I15", en="Customers of the industry have defaulted", zh="近一年同行业客户违约占比偏高"),
)
def peers_defaulted_365d_ratio(peers: Peers) -> ibis.Value:
    """Share of the other customers of its industry with a default, write-off or insolvency in the last 365 days."""
    return ratio(peers.others("defaulted_count"), peers.others("member_count"))
