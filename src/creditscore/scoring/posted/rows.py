"""Snapshot rows of customers whose facts are given: made by the engine of the daily run, beside what the book knows."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache, partial

import pandas as pd
import pyarrow as pa

from creditscore.book import TABLES, Book
from creditscore.features import Feature, Peers, panel
from creditscore.features.beside import OtherCustomers, beside, industry_totals
from creditscore.scoring.bundle import Bundle
from creditscore.scoring.customer_facts import facts_around, links_of, links_with
from creditscore.scoring.defaulted import with_default_flag
from creditscore.scoring.posted.customers import POSTED_TABLES, PostedCustomer, profile_on
from creditscore.scoring.posted.figures import OTHER, PUBLISHED, published_figures
from creditscore.scoring.posted.keeper import kept
from creditscore.scoring.rows import KEYS
from creditscore.scoring.snapshots import daily_features
from creditscore.scoring.twins import Twin, small_book, tables_of

DAYS_KEPT = 16
STORED = "datetime64[ms]"


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
        self._names = [feature.name for feature in features]
        self._published = tuple(one for one in features if one.relation in PUBLISHED)
        self._own = tuple(one for one in features if one.relation not in PUBLISHED)
        self._industries = lru_cache(maxsize=DAYS_KEPT)(partial(industry_totals, book))
        self._figures = lru_cache(maxsize=DAYS_KEPT)(partial(published_figures, book, self._published))

    def rows(self, customers: Sequence[PostedCustomer]) -> pd.DataFrame:
        """Return a row for each customer, in their order: keys, features, exposure and ``in_default_flag``.

        Each row is made as if it were the only one: customers meet the book, and never one another.

        Parameters
        ----------
        customers
            At least one; their facts keep the rules of the book, see :func:`judged_customers`.

        Raises
        ------
        ParameterError
            If a customer is not known on its day, or the day lies before 1900.
        """
        codes = [one.industry_code for one in customers]
        twins = self._twins(customers)
        links = {twin.customer_id: twin.own["links"] for twin in twins}
        known = {one.customer_id for one in customers if one.is_of_book}
        around = facts_around(self.book, links, besides=known, as_of=_last(customers))
        features = self._beside(customers, twins, codes, around["customers"])
        with small_book(self.book, kept(self.book, tables_of(twins, around))) as small:
            keys = {"customer_id": [twin.name for twin in twins], "as_of": [one.as_of for one in customers]}
            wanted = pd.DataFrame(keys).astype({"as_of": STORED})
            everyone = panel(small, days=sorted({one.as_of for one in customers}), features=features)
            own = wanted.merge(everyone, on=list(KEYS), how="left", validate="one_to_one")
            whole = pd.concat([own, self._published_for(customers, codes)], axis="columns")[[*KEYS, *self._names]]
            days = [with_default_flag(small, self.bundle, day) for _, day in whole.groupby("as_of")]
        return pd.concat(days).sort_index().assign(customer_id=[one.customer_id for one in customers])

    def _twins(self, customers: Sequence[PostedCustomer]) -> list[Twin]:
        """Return the customers under names of their own, with the links that the book has of them."""
        known = sorted({one.customer_id for one in customers if one.is_of_book})
        links = links_of(self.book, known, as_of=_last(customers))
        own = [links_with(links, one.customer_id) if one.is_of_book else links.slice(0, 0) for one in customers]
        return [
            Twin(one.customer_id, place, {**_whole(one), "links": own[place]}) for place, one in enumerate(customers)
        ]

    def _beside(
        self, customers: Sequence[PostedCustomer], twins: Sequence[Twin], codes: Sequence[str | None], known: pa.Table
    ) -> tuple[Feature, ...]:
        """Return the features to be computed of the customers, with the sums of their peers in the book."""
        if all(one.relation is not Peers for one in self._own):
            return self._own
        others: dict[str, OtherCustomers] = {}
        for one, twin, code in zip(customers, twins, codes, strict=True):
            totals = self._industries(as_of=one.as_of).of(code)
            there = profile_on(known, one.customer_id, one.as_of) if one.is_of_book else None
            is_counted = there is not None and there["industry_code"] == code
            others[twin.name] = OtherCustomers(totals, without=one.customer_id if is_counted else None)
        return beside(self._own, others)

    def _published_for(self, customers: Sequence[PostedCustomer], codes: Sequence[str | None]) -> pd.DataFrame:
        """Return what was published of each customer's industry, and of the economy."""
        if not self._published:
            return pd.DataFrame(index=range(len(customers)))
        figures = {day: self._figures(as_of=day) for day in {one.as_of for one in customers}}
        rows = [
            figures[one.as_of].loc[code if code in figures[one.as_of].index else OTHER]
            for one, code in zip(customers, codes, strict=True)
        ]
        return pd.DataFrame(rows).reset_index(drop=True)


def _whole(customer: PostedCustomer) -> dict[str, pa.Table]:
    """Return all tables of a customer, those empty of which nothing is given."""
    return {name: customer.facts.get(name, TABLES[name].schema.empty_table()) for name in POSTED_TABLES}


def _last(customers: Sequence[PostedCustomer]) -> date:
    return max(one.as_of for one in customers)
