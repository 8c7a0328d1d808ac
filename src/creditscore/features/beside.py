"""Customers beside peers that are not in the book with them: the sums of the peers are kept, their facts are not.

So a question about one customer is answered from a book of its own facts, with the bits of the whole book.
"""

from collections.abc import Iterable, Mapping, Sequence
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

    def beside(self, industry_code: str | None, *, less: PeerTotals | None = None) -> PeerTotals | None:
        """Return the totals of a customer's peers; ``None`` where it has no industry code, and so no peers.

        Parameters
        ----------
        industry_code
            The customer's industry.
        less
            The customer's own totals, where it is itself among the customers of the code: it is not its own peer.
        """
        if industry_code is None:
            return None
        found = self.by_code.get(industry_code, self.nobody)
        return found if less is None else {name: _difference(found[name], less[name]) for name in found}


def industry_totals(book: Book, *, as_of: date) -> IndustryTotals:
    """Add up the customers of each industry, as they were known on a day."""
    with book.relations() as relations:
        totals = _totals(Facts(relations, as_of, as_of))
        sums = totals.group_by(CODE).agg(**{name: totals[name].sum().cast("int64") for name in _names()})
        found = relations.fetch(sums.filter(sums[CODE].notnull())).to_pylist()
        lacking = {name for kind, own in TOTALS.items() if not all(map(book.has, kind.needs)) for name in own}
    nobody = {name: None if name in lacking else 0 for name in _names()}
    return IndustryTotals({row.pop(CODE): row for row in found}, nobody)


def customer_totals(book: Book, customers: Iterable[str], *, as_of: date) -> dict[str, tuple[str | None, PeerTotals]]:
    """Return the industry code and the totals of each of some customers that a book knows on a day."""
    with book.relations() as relations:
        totals = _totals(Facts(relations, as_of, as_of), customers)
        found = relations.fetch(totals.select("customer_id", CODE, *_names())).to_pylist()
    return {row.pop("customer_id"): (row.pop(CODE), row) for row in found}


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


def beside(features: Sequence[Feature], totals: Mapping[str, PeerTotals | None]) -> tuple[Feature, ...]:
    """Return the features, those of peers against totals that are given instead of the other customers of a book.

    Parameters
    ----------
    features
        Features wanted.
    totals
        The totals of each observed customer's peers; ``None`` where it has none.
    """
    kept = _kept(totals)
    return tuple(replace(one, relation=kept) if one.relation is Peers else one for one in features)


def _kept(totals: Mapping[str, PeerTotals | None]) -> type[Peers]:
    names = _names()
    rows = [
        {"customer_id": customer} | {OF_OTHERS + name: one[name] for name in names}
        for customer, one in totals.items()
        if one is not None
    ]
    columns = [("customer_id", pa.string()), *((OF_OTHERS + name, pa.int64()) for name in names)]
    given = pa.Table.from_pylist(rows, pa.schema(columns))

    class KeptPeers(Peers):
        """One row an observation with its customer's totals, and peers whose totals are given."""

        @classmethod
        def build(cls, view: View) -> Self:
            """Total the observed customers themselves and set what is given beside them."""
            own = with_totals(view.observations.mutate(**{MEMBERS: ibis.literal(1, "int64")}), view, TOTALS)
            both = own.join(ibis.memtable(given), "customer_id")
            sums = {OF_INDUSTRY + name: both[name] + both[OF_OTHERS + name] for name in names}
            return cls(both.select(*own.columns, **sums))

    return KeptPeers


def _totals(facts: Facts, customers: Iterable[str] | None = None) -> ir.Table:
    """Return the totals and the industry code of all customers known on the day of the facts, or of some of them."""
    known = facts.versions("customers")
    if customers is not None:
        known = known.filter(known.customer_id.isin(list(customers)))
    day = ibis.literal(facts.last, "date")
    members = facts.numbered(known.select("customer_id", CODE, as_of=day))
    everyone = View(facts, members.select("row", "customer_id", "as_of"))
    return with_totals(members.mutate(**{MEMBERS: ibis.literal(1, "int64")}), everyone, TOTALS)


def _difference(whole: int | None, part: int | None) -> int | None:
    return None if whole is None or part is None else whole - part


def _names() -> list[str]:
    return [MEMBERS, *(name for wanted in TOTALS.values() for name in wanted)]
