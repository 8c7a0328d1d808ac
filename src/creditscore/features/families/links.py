# ruff: noqa: D401 - a feature is a noun, and its docstring says what the column holds
"""Whom the customer is tied to: X and E features."""

import ibis

from creditscore.domain import Reason
from creditscore.features.definition import feature
from creditscore.features.relations import Links, NeighborEvents, NeighborReceivables, Position
from creditscore.features.relations.arithmetic import amount_where, count_where, ratio, total


@feature(
    family="exposure",
    unit="count",
    risk="rises",
    reason=Reason("X41", en="The customer guarantees for others", zh="对外提供担保笔数较多"),
)
def guarantees_given_count(links: Links) -> ibis.Value:
    """Number of guarantees that the customer gives."""
    return count_where(links.gives("guarantees"))


@feature(
    family="exposure",
    unit="amount",
    risk="rises",
    reason=Reason("X42", en="The customer guarantees large amounts for others", zh="对外担保金额较大"),
)
def guarantees_given_amount(links: Links) -> ibis.Value:
    """Amount of the guarantees that the customer gives."""
    return total(amount_where(links.gives("guarantees"), links.amount))


@feature(
    family="exposure",
    unit="count",
    risk="either",
    reason=Reason("X43", en="Number of guarantees for the customer", zh="获得担保笔数"),
)
def guarantees_taken_count(links: Links) -> ibis.Value:
    """Number of guarantees that others give for the customer."""
    return count_where(links.takes("guarantees"))


@feature(
    family="exposure",
    unit="count",
    risk="either",
    reason=Reason("X44", en="Number of owners among the customers", zh="客户中的股东数量"),
)
def owners_count(links: Links) -> ibis.Value:
    """Number of customers that own or control this one."""
    return count_where(links.takes("owns", "controls"))


@feature(
    family="exposure",
    unit="count",
    risk="either",
    reason=Reason("X45", en="Number of customers that it owns", zh="控股或参股的客户数量"),
)
def holdings_count(links: Links) -> ibis.Value:
    """Number of customers that this one owns or controls."""
    return count_where(links.gives("owns", "controls"))


@feature(
    family="exposure",
    unit="count",
    risk="either",
    reason=Reason("X46", en="Number of linked customers", zh="关联客户数量"),
)
def neighbors_count(links: Links) -> ibis.Value:
    """Number of different customers linked to this one."""
    return links.neighbor_id.nunique()


@feature(
    family="exposure",
    unit="ratio",
    risk="rises",
    reason=Reason("X47", en="Guarantees are large against a year of orders", zh="对外担保相对全年订单偏高"),
)
def guarantees_to_orders_ratio(position: Position) -> ibis.Value:
    """Amount of the guarantees given over a year of invoices; missing when nothing was invoiced."""
    return ratio(position.guaranteed_amount, position.ordered_amount)


@feature(
    family="exposure",
    unit="ratio",
    risk="rises",
    reason=Reason("X48", en="The customer sells to few buyers", zh="客户的下游买方过于集中"),
)
def buyer_concentration_ratio(links: Links) -> ibis.Value:
    """Sum of squared shares (Herfindahl index) of those whom the customer is known to supply, by the links' amounts.

    It is 1 for a single buyer and 1/n for n equal ones; missing when no amount is known.
    """
    return links.concentration(links.gives("supplies"))


@feature(
    family="exposure",
    unit="ratio",
    risk="either",
    reason=Reason("X49", en="The customer buys from few suppliers", zh="客户的上游供应商集中度"),
)
def supplier_concentration_ratio(links: Links) -> ibis.Value:
    """Sum of squared shares (Herfindahl index) of those who are known to supply the customer, by the links' amounts.

    It is 1 for a single supplier and 1/n for n equal ones; missing when no amount is known.
    """
    return links.concentration(links.takes("supplies"))


@feature(
    family="events",
    unit="count",
    risk="rises",
    reason=Reason("E21", en="A linked company defaulted within a year", zh="近一年有关联企业违约"),
)
def neighbors_defaulted_365d_count(neighbor_events: NeighborEvents) -> ibis.Value:
    """Number of linked customers with a default, write-off or insolvency in the last 365 days."""
    return neighbor_events.customers_where(neighbor_events.default_flag & neighbor_events.within(365))


@feature(
    family="events",
    unit="count",
    risk="rises",
    reason=Reason("E22", en="Linked companies had negative events within a year", zh="近一年关联企业负面事件较多"),
)
def neighbor_events_365d_count(neighbor_events: NeighborEvents) -> ibis.Value:
    """Number of events of linked customers in the last 365 days."""
    return count_where(neighbor_events.within(365))


@feature(
    family="events",
    unit="amount",
    risk="rises",
    reason=Reason("E23", en="Linked companies are past due", zh="关联企业逾期金额较大"),
)
def neighbors_overdue_amount(neighbor_receivables: NeighborReceivables) -> ibis.Value:
    """Open receivables of linked customers that are past due."""
    return total(neighbor_receivables.overdue_amount)


@feature(
    family="events",
    unit="ratio",
    risk="rises",
    reason=Reason("E24", en="Much of what linked companies owe is past due", zh="关联企业逾期占比偏高"),
)
def neighbors_overdue_ratio(neighbor_receivables: NeighborReceivables) -> ibis.Value:
    """Share of the open balance of linked customers that is past due; missing when nothing is open."""
    return ratio(total(neighbor_receivables.overdue_amount), total(neighbor_receivables.open_amount))
