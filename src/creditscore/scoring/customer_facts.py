"""All that a customer's features are made of, cut out of the book as it was known on a day."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from creditscore.book import TABLES, Book

OF_CUSTOMERS = ("customers", "invoices", "facilities", "events", "statements")
ENDS = ("source_id", "target_id")
Tables = Mapping[str, pa.Table]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFacts:
    """The facts of one customer, and those around it that its features look at.

    Parameters
    ----------
    customer_id
        The customer.
    as_of
        The day; nothing that became known later is here.
    own
        For each table of the book the rows of the customer; of its links those with it at either end.
    around
        For each table the rows of linked customers.
    """

    customer_id: str
    as_of: date
    own: Tables
    around: Tables

    @property
    def has_ledger(self) -> bool:
        """Whether the customer has an invoice or a facility; without one there is nothing to compute from."""
        return any(len(self.own.get(name, ())) for name in ("invoices", "facilities"))


def facts_of_customer(book: Book, customer_id: str, *, as_of: date) -> CustomerFacts:
    """Cut the facts of a customer out of a book; the files are filtered as they are read."""
    links = links_of(book, [customer_id], as_of=as_of)
    own = own_facts(book, [customer_id], as_of=as_of) | {"links": links}
    around = facts_around(book, {customer_id: links}, as_of=as_of)
    return CustomerFacts(
        customer_id=customer_id,
        as_of=as_of,
        own={name: table for name, table in own.items() if book.has(name)},
        around={name: table for name, table in around.items() if book.has(name)},
    )


def links_of(book: Book, customers: Sequence[str], *, as_of: date) -> pa.Table:
    """Return the links that were known on a day of which some of the customers are an end."""
    wanted = pa.array(customers, pa.string())
    return _rows(book, "links", pc.field("source_id").isin(wanted) | pc.field("target_id").isin(wanted), as_of)


def links_with(links: pa.Table, customer_id: str) -> pa.Table:
    """Return those of some links of which a customer is an end."""
    return links.filter(pc.or_(*(pc.equal(links[end], customer_id) for end in ENDS)))


def facts_around(
    book: Book, links: Mapping[str, pa.Table], *, as_of: date, besides: Collection[str] = ()
) -> dict[str, pa.Table]:
    """Return what was known on a day of all to whom customers are linked.

    Parameters
    ----------
    book
        The book.
    links
        The links of each customer.
    as_of
        The day.
    besides
        Other customers wanted.
    """
    linked = {end for customer, own in links.items() for end in _ends(own) - {customer}}
    return own_facts(book, sorted(linked | set(besides)), as_of=as_of)


def own_facts(book: Book, customers: Sequence[str], *, as_of: date) -> dict[str, pa.Table]:
    """Return the rows of some customers that were known on a day, without their links."""
    found = {
        name: _rows(book, name, pc.field("customer_id").isin(pa.array(customers, pa.string())), as_of)
        for name in OF_CUSTOMERS
    }
    billed = pc.unique(found["invoices"]["invoice_id"])
    return found | {"payments": _rows(book, "payments", pc.field("invoice_id").isin(billed), as_of)}


def _ends(links: pa.Table) -> set[Any]:
    return {end for name in ENDS for end in links[name].to_pylist()}


def _rows(book: Book, name: str, condition: Any, as_of: date) -> pa.Table:  # noqa: ANN401 - pyarrow has no types
    """Return the rows of a table that meet a condition and were known on a day; none where the book lacks it."""
    if not book.has(name):
        return TABLES[name].schema.empty_table()
    wanted = (pc.field("known_on") <= pc.scalar(as_of)) & condition
    return ds.dataset(book.path(name), format="parquet").to_table(filter=wanted).cast(TABLES[name].schema)
