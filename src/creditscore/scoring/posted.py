"""Snapshot rows of customers whose facts are given: made by the engine of the daily run, beside what the book knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from creditscore.book import TABLES, Book
from creditscore.features import Feature, Peers, panel
from creditscore.features.beside import PeerTotals, beside, customer_totals, industry_totals
from creditscore.features.relations import Industry, IndustryReleases, Macro, MacroReleases
from creditscore.scoring.bundle import Bundle
from creditscore.scoring.customer_facts import OF_CUSTOMERS, Tables, facts_around, links_of, links_with
from creditscore.scoring.defaulted import with_default_flag
from creditscore.scoring.rows import KEYS
from creditscore.scoring.snapshots import daily_features
from creditscore.scoring.twins import Twin, small_book, tables_of

POSTED_TABLES = tuple(name for name in TABLES if name in {*OF_CUSTOMERS, "payments"})
PUBLISHED = frozenset({Macro, MacroReleases, Industry, IndustryReleases})  # tell of a day and an industry alone
DAYS_KEPT = 16
KEEPER = "keeper"  # a stand-in that has a fact on the first day, so that a book of few facts knows every day
FIRST_DAY = date(1900, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedCustomer:
    """A customer, and all that is known of itself.

    Parameters
    ----------
    customer_id, as_of
        The customer, known on the day.
    facts
        Its rows of :data:`POSTED_TABLES`, in the columns of the book, that keep the rules. Those that became known
        after the day are not used.
    is_of_book
        Whether it is the book's customer of this id, whose links are its own and who is not its own peer.
    """

    customer_id: str
    as_of: date
    facts: Tables
    is_of_book: bool = True

    @property
    def industry_code(self) -> str | None:
        """Its industry, as known on the day."""
        rows = self.facts["customers"]
        known = rows.filter(pc.less_equal(rows["known_on"], pa.scalar(self.as_of))).sort_by("known_on")
        return None if not len(known) else known["industry_code"][-1].as_py()


class PostedRows:
    """Makes snapshot rows from facts that are given, with the bits of the daily run for a book that holds them.

    The customers' own facts are the given ones and no others. The series of the economy and of industries, the links of
    a customer with the facts of those at their other end, and the sums of its peers are those of the book. What is the
    same for every customer of a day is kept for the next question.

    Parameters
    ----------
    book
        The book; it is only read.
    bundle
        Whose features are wanted.
    """

    def __init__(self, book: Book, bundle: Bundle) -> None:
        self.book = book
        self.bundle = bundle
        features = daily_features(bundle)
        self._published = tuple(one for one in features if one.relation in PUBLISHED)
        self._own = tuple(one for one in features if one.relation not in PUBLISHED)
        self._peered = any(one.relation is Peers for one in self._own)
        self._names = [feature.name for feature in features]
        self._industries = lru_cache(maxsize=DAYS_KEPT)(partial(industry_totals, book))
        self._figures = lru_cache(maxsize=DAYS_KEPT)(self._figures_of)

    def rows(self, customers: Sequence[PostedCustomer]) -> pd.DataFrame:
        """Return a row for each customer, in their order: keys, features, exposure and ``in_default_flag``.

        Each row is made as if it were the only one: customers meet the book, and never one another.

        Raises
        ------
        ParameterError
            If a day lies before 1900.
        """
        links = self._links(customers)
        twins = [
            Twin(one.customer_id, place, {**self._whole(one.facts), "links": links[place]})
            for place, one in enumerate(customers)
        ]
        last = max(one.as_of for one in customers)
        around = facts_around(self.book, {twin.customer_id: twin.own["links"] for twin in twins}, as_of=last)
        tables = tables_of(twins, _with_keeper(around))
        with small_book(self.book, {name: rows for name, rows in tables.items() if self.book.has(name)}) as small:
            found = self._rows(small, twins, customers)
        return found.assign(customer_id=[one.customer_id for one in customers])

    def _rows(self, small: Book, twins: Sequence[Twin], customers: Sequence[PostedCustomer]) -> pd.DataFrame:
        """Return the twins' rows, in their order."""
        days = [one.as_of for one in customers]
        features = self._beside(twins, customers)
        keys = pd.DataFrame({"customer_id": [twin.name for twin in twins], "as_of": pd.to_datetime(days)})
        everyone = panel(small, days=sorted(set(days)), features=features)
        own = keys.astype({"as_of": "datetime64[ms]"}).merge(everyone, on=list(KEYS))
        figures = self._published_for(customers)
        whole = pd.concat([own, figures], axis="columns")[[*KEYS, *self._names]]
        parts = [with_default_flag(small, self.bundle, part) for _, part in whole.groupby("as_of")]
        return pd.concat(parts).sort_index()

    def _whole(self, facts: Tables) -> dict[str, pa.Table]:
        """Return all tables of a customer, those empty of which nothing is given."""
        return {name: facts.get(name, TABLES[name].schema.empty_table()) for name in POSTED_TABLES}

    def _links(self, customers: Sequence[PostedCustomer]) -> list[pa.Table]:
        """Return the links that the book has of each customer."""
        known = sorted({one.customer_id for one in customers if one.is_of_book})
        last = max(one.as_of for one in customers)
        links = links_of(self.book, known, as_of=last)
        return [links_with(links, one.customer_id) if one.is_of_book else links.slice(0, 0) for one in customers]

    def _beside(self, twins: Sequence[Twin], customers: Sequence[PostedCustomer]) -> tuple[Feature, ...]:
        if not self._peered:
            return self._own
        own = {
            day: customer_totals(self.book, {one.customer_id for one in customers if one.as_of == day}, as_of=day)
            for day in {one.as_of for one in customers if one.is_of_book}
        }
        totals: dict[str, PeerTotals | None] = {}
        for twin, one in zip(twins, customers, strict=True):
            code = one.industry_code
            there, mine = own[one.as_of].get(one.customer_id, (None, None)) if one.is_of_book else (None, None)
            less = mine if there == code else None
            totals[twin.name] = self._industries(as_of=one.as_of).beside(code, less=less)
        return beside(self._own, totals)

    def _published_for(self, customers: Sequence[PostedCustomer]) -> pd.DataFrame:
        """Return what was published of each customer's industry, and of the economy."""
        rows = []
        for one in customers:
            figures = self._figures(one.as_of)
            code = one.industry_code
            rows.append(figures.loc[code if code in figures.index else ""])
        return pd.DataFrame(rows).reset_index(drop=True)

    def _figures_of(self, as_of: date) -> pd.DataFrame:
        """Return the features of the economy and of each industry on a day, by industry code; "" for any other."""
        if not self._published:
            return pd.DataFrame(index=pd.Index([""]))
        codes = [None, *sorted(set(self.book.read("industry")["industry_code"].to_pylist()))]
        ids = [str(place) for place in range(len(codes))]
        members = [
            {"customer_id": name, "industry_code": code, "known_on": FIRST_DAY}
            for name, code in zip(ids, codes, strict=True)
        ]
        tables = _with_keeper({"customers": _rows_of("customers", members)})
        with small_book(self.book, {name: rows for name, rows in tables.items() if self.book.has(name)}) as small:
            found = panel(small, days=[as_of], features=self._published).set_index("customer_id")
        return found.loc[ids].set_axis([code or "" for code in codes])[[one.name for one in self._published]]


def _with_keeper(tables: Tables) -> dict[str, pa.Table]:
    """Add a stand-in that was known on the first day, with an invoice and a facility."""
    days = dict.fromkeys(("issued_on", "due_on", "known_on"), FIRST_DAY)
    added = {
        "customers": {"customer_id": KEEPER, "known_on": FIRST_DAY},
        "invoices": {"invoice_id": KEEPER, "customer_id": KEEPER, "amount": 1, "currency": "", **days},
        "facilities": {"facility_id": KEEPER, "customer_id": KEEPER, "purpose": "standard", "known_on": FIRST_DAY},
    }
    return {
        **tables,
        **{
            name: pa.concat_tables([tables.get(name, TABLES[name].schema.empty_table()), _rows_of(name, [row])])
            for name, row in added.items()
        },
    }


def _rows_of(name: str, rows: Sequence[dict[str, object]]) -> pa.Table:
    schema = TABLES[name].schema
    return pa.Table.from_pylist([dict.fromkeys(schema.names) | row for row in rows], schema)
