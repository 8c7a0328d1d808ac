"""Links between customers, and what is known of the customers at their other end."""

from typing import ClassVar, Self

import ibis
import ibis.expr.types as ir

from creditscore.features.relations.arithmetic import amount_where, ratio, total
from creditscore.features.relations.base import Facts, Relation, View
from creditscore.features.relations.events import Events
from creditscore.features.relations.receivables import OpenReceivables

WIDE = "decimal(19, 0)"  # holds any 64-bit integer, and its square is a decimal of 38 digits, the widest there is


class Links(Relation):
    """One row a link of the customer that is known and lasts on ``as_of``, seen from either end."""

    needs: ClassVar[tuple[str, ...]] = ("links",)

    @classmethod
    def build(cls, view: View) -> Self:
        """Join the links, from both ends, to the observations."""
        return cls(lasting_links(view))

    @property
    def amount(self) -> ir.IntegerColumn:
        """Amount guaranteed or supplied; 0 where none is known."""
        return self.table.amount.fill_null(0)

    @property
    def share_ratio(self) -> ir.FloatingColumn:
        """Share held."""
        return self.table.share_ratio

    @property
    def neighbor_id(self) -> ir.StringColumn:
        """Customer at the other end."""
        return self.table.neighbor_id

    def gives(self, *kinds: str) -> ir.BooleanColumn:
        """Tell whether the customer guarantees, owns, controls or supplies the other."""
        return self.table.source_flag & self.table.kind.isin(kinds)

    def takes(self, *kinds: str) -> ir.BooleanColumn:
        """Tell whether the customer is guaranteed, owned, controlled or supplied by the other."""
        return ~self.table.source_flag & self.table.kind.isin(kinds)

    def concentration(self, condition: ir.BooleanColumn) -> ir.FloatingScalar:
        """Return the Herfindahl index of the amounts of the links that meet the condition; missing without an amount.

        Squares of amounts need more than 64 bits, so they are summed as decimals, which is exact in any order.
        """
        amount = amount_where(condition, self.amount)
        wide = amount.cast(WIDE)
        whole = total(amount).cast("float64")
        return ratio(total(wide * wide).cast("float64"), whole * whole)


class NeighborEvents(Events):
    """One row an event of a customer that is linked to the observed one on ``as_of``."""

    needs: ClassVar[tuple[str, ...]] = ("links", "events")

    @classmethod
    def build(cls, view: View) -> Self:
        """Join the events of the neighbors to the observations."""
        return cls(Events.build(neighbors(view)).table)


class NeighborReceivables(OpenReceivables):
    """One row an open invoice of a customer that is linked to the observed one on ``as_of``."""

    needs: ClassVar[tuple[str, ...]] = ("links", "invoices", "payments")

    @classmethod
    def build(cls, view: View) -> Self:
        """Join the open receivables of the neighbors to the observations."""
        return cls(OpenReceivables.build(neighbors(view)).table)


def neighbors(view: View) -> View:
    """Return the same observations looking at each linked customer instead of the customer itself."""
    pairs = lasting_links(view).select("row", "as_of", customer_id="neighbor_id").distinct()
    return View(view.facts, pairs)


def lasting_links(view: View) -> ir.Table:
    """Return the links that each observation knows and that last on its ``as_of``."""
    joined = view.join(view.facts.keep("link_ends", _ends(view.facts)))
    begun = joined.since_on <= joined.as_of
    return joined.filter(begun & (joined.until_on.isnull() | (joined.until_on >= joined.as_of)))


def _ends(facts: Facts) -> ir.Table:
    links = facts.versions("links")
    between = links.filter(links.source_id != links.target_id)
    said = ("kind", "share_ratio", "amount", "since_on", "until_on", "known_on", "superseded_on")
    return ibis.union(
        between.select(*said, customer_id="source_id", neighbor_id="target_id", source_flag=ibis.literal(True)),  # noqa: FBT003 - a literal
        between.select(*said, customer_id="target_id", neighbor_id="source_id", source_flag=ibis.literal(False)),  # noqa: FBT003 - a literal
    )
