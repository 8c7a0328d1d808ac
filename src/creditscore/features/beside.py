"""Customers beside peers that are not in the book with them: the sums of the peers are kept, their facts are not.

So a question about one customer is answered from a book of its own facts, with the bits of the whole book.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from creditscore.book import Book
from creditscore.features.definition import Feature
from creditscore.features.relations import Facts, Peers, View
from creditscore.features.relations.peers import OF_INDUSTRY, TOTALS
from creditscore.features.relations.totals import with_totals

PeerTotals = Mapping[str, int | None]
MEMBERS = "member_count"
CODE = "industry_code"
OF_OTHERS = "others_"
WITHOUT = "without_id"
LESS = "less_"


@dataclass(frozen=True, slots=True)
class IndustryTotals:
    """The totals of all customers that a book knows on a day, by industry code.

    Parameters
    ----------
    by_code
        The totals of each code.
    nobody
        Those of a code under which the book knows nobody: 0, missing where the book lacks the tables.
    """

    by_code: Mapping[str, PeerTotals]
    nobody: PeerTotals

    def of(self, industry_code: str | None) -> PeerTotals | None:
        """Return the totals of an industry; ``None`` for a customer without a code, which has no peers."""
        return None if industry_code is None else self.by_code.get(industry_code, self.nobody)


@dataclass(frozen=True, slots=True)
class OtherCustomers:
    """The customers beside whom a customer is seen.

    Parameters
    ----------
    totals
        Their totals; ``None`` where there are none.
    without
        A customer of the same book whose own totals are among these and are to be left out.
    """

    totals: PeerTotals | None
    without: str | None = None


def industry_totals(book: Book, *, as_of: date) -> IndustryTotals:
    """Add up the customers of each industry, as they were known on a day."""
    with book.relations() as relations:
        facts = Facts(relations, as_of, as_of)
        known = facts.versions("customers").select("customer_id", CODE, as_of=ibis.literal(as_of, "date"))
        members = facts.numbered(known.filter(known[CODE].notnull()))
        totals = _own_totals(View(facts, members.select("row", "customer_id", "as_of")), members)
        sums = totals.group_by(CODE).agg(**{name: totals[name].sum().cast("int64") for name in _names()})
        found = relations.fetch(sums).to_pylist()
    lacking = {name for kind, own in TOTALS.items() if not all(map(book.has, kind.needs)) for name in own}
    nobody = {name: None if name in lacking else 0 for name in _names()}
    return IndustryTotals({row.pop(CODE): row for row in found}, nobody)


def peer_totals(book: Book, *, customer_id: str, as_of: date) -> PeerTotals | None:
    """Return the totals of a customer's peers on a day; ``None`` where it has no industry code, and so no peers."""
    pair = pa.table({"customer_id": [customer_id], "as_of": pa.array([as_of], pa.date32())})
    with book.relations() as relations:
        facts = Facts(relations, as_of, as_of)
        observed = facts.numbered(ibis.memtable(pair))
        peers = Peers.build(View(facts, observed))
        wanted = {name: peers.others(name) for name in _names()}
        found = relations.fetch(peers.table.select(**wanted)).to_pylist()
    return found[0] if found else None


def beside(features: Sequence[Feature], others: Mapping[str, OtherCustomers]) -> tuple[Feature, ...]:
    """Return the features, those of peers against totals that are given instead of the other customers of a book.

    Parameters
    ----------
    features
        Features wanted.
    others
        Beside whom each observed customer is seen.
    """
    kept = _kept(others)
    return tuple(replace(one, relation=kept) if one.relation is Peers else one for one in features)


def _kept(others: Mapping[str, OtherCustomers]) -> type[Peers]:
    names = _names()
    rows: list[dict[str, str | int | None]] = [
        {"customer_id": customer, WITHOUT: one.without, **{OF_OTHERS + name: one.totals[name] for name in names}}
        for customer, one in others.items()
        if one.totals is not None
    ]
    ids = [("customer_id", pa.string()), (WITHOUT, pa.string())]
    given = pa.Table.from_pylist(rows, pa.schema([*ids, *((OF_OTHERS + name, pa.int64()) for name in names)]))
    is_whole = all(one.without is None for one in others.values())

    class KeptPeers(Peers):
        """One row an observation with its customer's totals, and peers whose totals are given."""

        @classmethod
        def build(cls, view: View) -> Self:
            """Total the observed customers themselves and set what is given beside them."""
            own = _own_totals(view, view.observations)
            both = own.join(ibis.memtable(given), "customer_id")
            sums = {OF_INDUSTRY + name: both[name] + both[OF_OTHERS + name] for name in names}
            if is_whole:
                return cls(both.select(*own.columns, **sums))
            left = own.select("as_of", **{WITHOUT: own.customer_id}, **{LESS + name: own[name] for name in names})
            both = both.mutate(**sums).left_join(left, [WITHOUT, "as_of"])
            less = {name: both[WITHOUT].isnull().ifelse(0, both[LESS + name]) for name in names}
            rest = {OF_INDUSTRY + name: both[OF_INDUSTRY + name] - less[name] for name in names}
            return cls(both.select(*own.columns, **rest))

    return KeptPeers


def _own_totals(view: View, members: ir.Table) -> ir.Table:
    """Add to observations what each customer's own facts come to."""
    return with_totals(members.mutate(**{MEMBERS: ibis.literal(1, "int64")}), view, TOTALS)


def _names() -> list[str]:
    return [MEMBERS, *(name for wanted in TOTALS.values() for name in wanted)]
