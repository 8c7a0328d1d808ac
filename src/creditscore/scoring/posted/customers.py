"""A customer whose facts are given, and what is wrong with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from creditscore.book import TABLES, BrokenFact, judged
from creditscore.errors import ParameterError
from creditscore.scoring.customer_facts import OF_CUSTOMERS, Tables
from creditscore.scoring.twins import Twin, tables_of

POSTED_TABLES = tuple(name for name in TABLES if name in {*OF_CUSTOMERS, "payments"})


@dataclass(frozen=True, kw_only=True)
class PostedCustomer:
    """A customer, and all that is known of itself.

    Parameters
    ----------
    customer_id, as_of
        The customer and the day.
    facts
        Its rows of :data:`POSTED_TABLES`, its ``customers`` among them, in the columns of the book. Those that became
        known after the day are not used.
    is_of_book
        Whether it is the book's customer of this id, whose links are its own and who is not its own peer.
    """

    customer_id: str
    as_of: date
    facts: Tables
    is_of_book: bool = True

    @cached_property
    def profile(self) -> Mapping[str, Any] | None:
        """Its master data as known on the day; ``None`` where it is not known yet."""
        return profile_on(self.facts["customers"], self.customer_id, self.as_of)

    @property
    def industry_code(self) -> str | None:
        """Its industry as known on the day.

        Raises
        ------
        ParameterError
            If the customer is not known on the day.
        """
        if self.profile is None:
            raise ParameterError(
                where="posted facts",
                found=f"A customer is not known on {self.as_of}.",
                fix="Give master data that was known on the day.",
            )
        code: str | None = self.profile["industry_code"]
        return code


def profile_on(customers: pa.Table, customer_id: str, as_of: date) -> Mapping[str, Any] | None:
    """Return a customer's row of the table of customers that holds on a day; ``None`` where there is none yet."""
    known = pc.less_equal(customers["known_on"], pa.scalar(as_of))
    rows = customers.filter(pc.and_(pc.equal(customers["customer_id"], customer_id), known)).sort_by("known_on")
    return rows.slice(len(rows) - 1).to_pylist()[0] if len(rows) else None


def judged_customers(customers: Sequence[PostedCustomer]) -> list[tuple[PostedCustomer, tuple[BrokenFact, ...]]]:
    """Judge the facts of customers as ingest does, each customer's by themselves.

    Returns
    -------
    list
        Each customer with the facts that a book would take in, and the rows of its facts that broke a rule.
    """
    found = judged(tables_of([Twin(one.customer_id, place, one.facts) for place, one in enumerate(customers)], {}))
    starts = {name: np.cumsum([0, *(len(one.facts.get(name, ())) for one in customers)]) for name in found.kept}
    broken: list[list[BrokenFact]] = [[] for _ in customers]
    for row in found.broken:
        place = int(np.searchsorted(starts[row.table], row.row, side="right")) - 1
        broken[place].append(replace(row, row=row.row - int(starts[row.table][place])))
    parts = {name: np.split(mask, starts[name][1:-1]) for name, mask in found.kept.items()}
    kept = [
        {name: rows.filter(pa.array(parts[name][place])) for name, rows in one.facts.items()}
        for place, one in enumerate(customers)
    ]
    return [
        (replace(one, facts=facts), tuple(wrong)) for one, facts, wrong in zip(customers, kept, broken, strict=True)
    ]
