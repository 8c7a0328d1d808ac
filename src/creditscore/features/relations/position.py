"""Position: what a customer owes, may owe, asks for and buys, side by side."""

from collections.abc import Callable
from typing import Any, ClassVar, Self

import ibis
import ibis.expr.types as ir

from creditscore.features.relations.arithmetic import amount_where, total
from creditscore.features.relations.base import Relation, RowRelation, View
from creditscore.features.relations.events import Events
from creditscore.features.relations.facilities import Facilities
from creditscore.features.relations.links import Links
from creditscore.features.relations.orders import Orders
from creditscore.features.relations.receivables import OpenReceivables

YEAR_DAYS = 365


class Position(RowRelation):
    """One row an observation, with totals of several tables; a total is missing where the book lacks its tables."""

    needs: ClassVar[tuple[str, ...]] = ("customers",)

    @classmethod
    def build(cls, view: View) -> Self:
        """Total each table and join the totals to the observations."""
        table = view.observations
        for kind in (OpenReceivables, Orders, Facilities, Events, Links):
            table = _with_totals(table, kind, view)
        return cls(table)

    @property
    def open_amount(self) -> ir.IntegerColumn:
        """Open receivables."""
        return self.table.open_amount

    @property
    def ordered_amount(self) -> ir.IntegerColumn:
        """Amount invoiced in the last 365 days."""
        return self.table.ordered_amount

    @property
    def limit_amount(self) -> ir.IntegerColumn:
        """Limits in force."""
        return self.table.limit_amount

    @property
    def requested_amount(self) -> ir.IntegerColumn:
        """Largest amount of the latest request; 0 where nothing was asked for."""
        return self.table.requested_amount

    @property
    def litigation_amount(self) -> ir.IntegerColumn:
        """Amount of the litigation of the last 365 days."""
        return self.table.litigation_amount

    @property
    def guaranteed_amount(self) -> ir.IntegerColumn:
        """Amount of the guarantees given."""
        return self.table.guaranteed_amount


def _with_totals(table: ir.Table, kind: type[Relation], view: View) -> ir.Table:
    names = TOTALS[kind]
    if not view.facts.has(*kind.needs):
        return table.mutate(**{name: ibis.null("int64") for name in names})
    found = view.totals[kind] if kind in view.totals else _added_up(kind, view)
    joined = table.left_join(found, "row")
    return joined.select(*table.columns, **{name: joined[name].fill_null(0) for name in names})


def _added_up(kind: type[Relation], view: View) -> ir.Table:
    relation = kind.build(view)
    return relation.evaluate({name: function(relation).cast("int64") for name, function in TOTALS[kind].items()})


def _open(receivables: OpenReceivables) -> ibis.Value:
    return total(receivables.open_amount)


def _ordered(orders: Orders) -> ibis.Value:
    return total(amount_where(orders.issued_within(YEAR_DAYS), orders.amount))


def _limit(facilities: Facilities) -> ibis.Value:
    return total(amount_where(facilities.in_force_flag, facilities.limit_amount))


def _requested(facilities: Facilities) -> ibis.Value:
    return facilities.latest_flag.ifelse(facilities.requested_amount, ibis.null("int64")).max()


def _litigation(events: Events) -> ibis.Value:
    return total(amount_where(events.of("litigation") & events.within(YEAR_DAYS), events.amount))


def _guaranteed(links: Links) -> ibis.Value:
    return total(amount_where(links.gives("guarantees"), links.amount))


TOTALS: dict[type[Relation], dict[str, Callable[[Any], ibis.Value]]] = {
    OpenReceivables: {"open_amount": _open},
    Orders: {"ordered_amount": _ordered},
    Facilities: {"limit_amount": _limit, "requested_amount": _requested},
    Events: {"litigation_amount": _litigation},
    Links: {"guaranteed_amount": _guaranteed},
}
