"""Position: what a customer owes, may owe, asks for and buys, side by side."""

from typing import ClassVar, Self

import ibis
import ibis.expr.types as ir

from creditscore.features.relations.arithmetic import amount_where, total
from creditscore.features.relations.base import RowRelation, View
from creditscore.features.relations.events import Events
from creditscore.features.relations.facilities import Facilities
from creditscore.features.relations.lineage import Function, columns_read
from creditscore.features.relations.links import Links
from creditscore.features.relations.orders import Orders
from creditscore.features.relations.profile import Profile
from creditscore.features.relations.receivables import OpenReceivables, Receivables
from creditscore.features.relations.totals import Totals, sources_of, with_totals

QUARTER_DAYS, YEAR_DAYS = 90, 365


class Position(RowRelation):
    """One row an observation, with totals of several tables; a total is missing where the book lacks its tables."""

    needs: ClassVar[tuple[str, ...]] = ("customers",)

    @classmethod
    def build(cls, view: View) -> Self:
        """Total each table and join the totals to the observations."""
        return cls(with_totals(view.observations, view, TOTALS))

    @classmethod
    def sources(cls, function: Function) -> tuple[str, ...]:
        """Return what the totals that a function reads rest on."""
        names = {name: "int64" for wanted in TOTALS.values() for name in wanted}
        return sources_of(columns_read(cls, function, names), TOTALS) or cls.needs

    @property
    def open_amount(self) -> ir.IntegerColumn:
        """Open receivables."""
        return self.table.open_amount

    @property
    def unsettled_amount(self) -> ir.IntegerColumn:
        """Invoices that are not settled, each with its whole amount."""
        return self.table.unsettled_amount

    @property
    def unsettled_90d_amount(self) -> ir.IntegerColumn:
        """Invoices that were not settled 90 days ago, each with its whole amount."""
        return self.table.unsettled_90d_amount

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
    def pledged_amount(self) -> ir.IntegerColumn:
        """Amount of the equity pledged in the last 365 days."""
        return self.table.pledged_amount

    @property
    def capital_amount(self) -> ir.IntegerColumn:
        """Registered capital; 0 where it is unknown."""
        return self.table.capital_amount

    @property
    def guaranteed_amount(self) -> ir.IntegerColumn:
        """Amount of the guarantees given."""
        return self.table.guaranteed_amount


def _open(receivables: OpenReceivables) -> ibis.Value:
    return total(receivables.open_amount)


def _unsettled(receivables: OpenReceivables) -> ibis.Value:
    return total(receivables.amount)


def _unsettled_before(receivables: Receivables) -> ibis.Value:
    return total(amount_where(receivables.open_before(QUARTER_DAYS), receivables.amount))


def _ordered(orders: Orders) -> ibis.Value:
    return total(amount_where(orders.issued_within(YEAR_DAYS), orders.amount))


def _limit(facilities: Facilities) -> ibis.Value:
    return total(amount_where(facilities.in_force_flag, facilities.limit_amount))


def _requested(facilities: Facilities) -> ibis.Value:
    return facilities.latest_flag.ifelse(facilities.requested_amount, ibis.null("int64")).max()


def _litigation(events: Events) -> ibis.Value:
    return total(amount_where(events.of("litigation") & events.within(YEAR_DAYS), events.amount))


def _pledged(events: Events) -> ibis.Value:
    return total(amount_where(events.of("equity_pledge") & events.within(YEAR_DAYS), events.amount))


def _capital(profile: Profile) -> ibis.Value:
    return profile.registered_capital_amount


def _guaranteed(links: Links) -> ibis.Value:
    return total(amount_where(links.gives("guarantees"), links.amount))


TOTALS: Totals = {
    OpenReceivables: {"open_amount": _open, "unsettled_amount": _unsettled},
    Receivables: {"unsettled_90d_amount": _unsettled_before},
    Orders: {"ordered_amount": _ordered},
    Facilities: {"limit_amount": _limit, "requested_amount": _requested},
    Events: {"litigation_amount": _litigation, "pledged_amount": _pledged},
    Links: {"guaranteed_amount": _guaranteed},
    Profile: {"capital_amount": _capital},
}
