"""Peers: a customer beside the other customers of its industry."""

from typing import ClassVar, Self

import ibis
import ibis.expr.types as ir

from creditscore.book import holds_on
from creditscore.features.relations.arithmetic import amount_where, count_where, ratio, total
from creditscore.features.relations.base import RowRelation, View
from creditscore.features.relations.events import Events
from creditscore.features.relations.lineage import Function, columns_read
from creditscore.features.relations.orders import Orders
from creditscore.features.relations.receivables import OpenReceivables, Receivables
from creditscore.features.relations.totals import Totals, sources_of, with_totals

QUARTER_DAYS, TREND_DAYS, YEAR_DAYS = 90, 360, 365
OF_INDUSTRY = "industry_"


class Peers(RowRelation):
    """One row an observation, with its customer's totals and those of its industry; all are sums of integers.

    The peers of a customer are all other customers that the book knows on ``as_of`` under the same industry code,
    whether or not they are observed; a customer is not its own peer. What they have in common is the ratio of their
    sums, in which each counts by its size. A customer without an industry code has no row.
    """

    needs: ClassVar[tuple[str, ...]] = ("customers",)

    @classmethod
    def build(cls, view: View) -> Self:
        """Total the customers of the observed industries and join each observation to its own row."""
        members = _members(view)
        known = {kind: _numbered(members, totals) for kind, totals in view.totals_of_all.items()}
        everyone = View(view.facts, members.select("row", "customer_id", "as_of"), known)
        table = with_totals(members, everyone, TOTALS)
        names = ["member_count", *(name for wanted in TOTALS.values() for name in wanted)]
        sums = {OF_INDUSTRY + name: table[name].sum().over(group_by=["as_of", "industry_code"]) for name in names}
        beside = table.mutate(**sums).drop("row", "industry_code")
        return cls(view.observations.join(beside, ["customer_id", "as_of"]))

    @classmethod
    def sources(cls, function: Function) -> tuple[str, ...]:
        """Return what the totals that a function reads rest on, and whose peers they are."""
        own = ["member_count", *(name for wanted in TOTALS.values() for name in wanted)]
        names = dict.fromkeys([*own, *(OF_INDUSTRY + name for name in own)], "int64")
        read = {name.removeprefix(OF_INDUSTRY) for name in columns_read(cls, function, names)}
        return (*sources_of(read, TOTALS), "customers.industry_code")

    def own(self, name: str) -> ir.IntegerColumn:
        """Return a total of the customer; missing where the book lacks its tables."""
        return self.table[name]

    def others(self, name: str) -> ir.IntegerColumn:
        """Return a total of the peers; missing where the book lacks its tables."""
        return self.table[OF_INDUSTRY + name] - self.table[name]

    def gap(self, part: str, whole: str, *, times: int = 1) -> ir.FloatingColumn:
        """Return a ratio of two totals of the customer, the first taken ``times``, less that of its peers."""
        own, others = self.own(part) * times, self.others(part) * times
        return ratio(own, self.own(whole)) - ratio(others, self.others(whole))


def _members(view: View) -> ir.Table:
    """Return, for each day and each industry observed on it, the customers known under its code."""
    customers = view.facts.versions("customers")
    customers = customers.select("customer_id", "industry_code", "known_on", "superseded_on")
    days = view.observations.select("as_of").distinct()
    seen = customers.join(days, holds_on(customers, days.as_of)).select("as_of", "industry_code", "customer_id")
    observed = view.known("customers").select("as_of", "industry_code").distinct()
    members = seen.semi_join(observed, ["as_of", "industry_code"])
    return view.facts.numbered(members).mutate(member_count=ibis.literal(1, "int64"))


def _numbered(members: ir.Table, totals: ir.Table) -> ir.Table:
    """Return totals that are known by customer and day with the numbers of the members."""
    names = [name for name in totals.columns if name not in {"customer_id", "as_of"}]
    return members.select("row", "customer_id", "as_of").join(totals, ["customer_id", "as_of"]).select("row", *names)


def _overdue(receivables: OpenReceivables) -> ibis.Value:
    return total(receivables.overdue_amount)


def _open(receivables: OpenReceivables) -> ibis.Value:
    return total(receivables.open_amount)


def _delay(receivables: Receivables) -> ibis.Value:
    return total(amount_where(receivables.settled_within(YEAR_DAYS), receivables.delay_days))


def _settled(receivables: Receivables) -> ibis.Value:
    return count_where(receivables.settled_within(YEAR_DAYS))


def _paid_by_due(receivables: Receivables) -> ibis.Value:
    return total(amount_where(receivables.due_within(YEAR_DAYS), receivables.paid_by_due_amount))


def _due(receivables: Receivables) -> ibis.Value:
    return total(amount_where(receivables.due_within(YEAR_DAYS), receivables.amount))


def _recent_orders(orders: Orders) -> ibis.Value:
    return total(amount_where(orders.issued_within(QUARTER_DAYS), orders.amount))


def _earlier_orders(orders: Orders) -> ibis.Value:
    return total(amount_where(orders.issued_between(QUARTER_DAYS, TREND_DAYS - 1), orders.amount))


def _defaulted(events: Events) -> ibis.Value:
    return (events.default_flag & events.within(YEAR_DAYS)).ifelse(1, 0).max()


TOTALS: Totals = {
    OpenReceivables: {"overdue_amount": _overdue, "open_amount": _open},
    Receivables: {
        "delay_days": _delay,
        "settled_count": _settled,
        "paid_by_due_amount": _paid_by_due,
        "due_amount": _due,
    },
    Orders: {"recent_orders_amount": _recent_orders, "earlier_orders_amount": _earlier_orders},
    Events: {"defaulted_count": _defaulted},
}
