"""Customers beside peers that are not in the book with them: the sums of the peers are kept, their facts are not.

So a question about one customer is answered from a book of its own facts, with the bits of the whole book.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
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


def beside(features: Sequence[Feature], totals: PeerTotals | None) -> tuple[Feature, ...]:
    """Return the features, those of peers against the totals given instead of against the other customers of a book."""
    kept = _kept(totals)
    return tuple(replace(one, relation=kept) if one.relation is Peers else one for one in features)


def _kept(totals: PeerTotals | None) -> type[Peers]:
    class KeptPeers(Peers):
        """One row an observation with its customer's totals, and peers whose totals are given."""

        @classmethod
        def build(cls, view: View) -> Self:
            """Total the observed customers themselves and set what is given beside them."""
            own = with_totals(view.observations.mutate(**{MEMBERS: ibis.literal(1, "int64")}), view, TOTALS)
            if totals is None:
                return cls(own.limit(0).mutate(**{OF_INDUSTRY + name: own[name] for name in _names()}))
            return cls(own.mutate(**{OF_INDUSTRY + name: own[name] + _literal(totals[name]) for name in _names()}))

    return KeptPeers


def _literal(total: int | None) -> ir.IntegerValue:
    return ibis.null("int64") if total is None else ibis.literal(total, "int64")


def _names() -> list[str]:
    return [MEMBERS, *(name for wanted in TOTALS.values() for name in wanted)]
