"""Who is observed when: the customers that a book knows on given days."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from creditscore.book import Book, Relations
from creditscore.errors import ContractError, ParameterError, some

STORED = "datetime64[ms]"


def first_known(relations: Relations) -> pd.Series:
    """Return the day on which each customer first became known, by customer, sorted.

    Raises
    ------
    ContractError
        If the book has no customers.
    """
    if not relations.book.has("customers"):
        raise ContractError(
            where=f"book {relations.book.folder.name!r}",
            found="It has no customers.",
            fix="Ingest a list of customers, or let a mapping derive it from the ledger.",
        )
    customers = relations.table("customers")
    found = relations.fetch(customers.group_by("customer_id").agg(first_on=customers.known_on.min()))
    days = pd.Series(
        found["first_on"].to_numpy().astype(STORED), index=pd.Index(found["customer_id"].to_pylist(), dtype="str")
    )
    return days.sort_index()


def customers_by_day(known: pd.Series, *, days: Sequence[date], book: Book) -> pd.DataFrame:
    """Return each customer on each of the days on which it is known, sorted by customer and day."""
    check_days(days, book)
    ordered = np.array(sorted(days), STORED)
    alive = known.to_numpy()[:, None] <= ordered[None, :]
    customer, day = np.nonzero(alive)
    return pd.DataFrame({"customer_id": known.index[customer], "as_of": ordered[day]})


def check_days(days: Sequence[date], book: Book) -> None:
    """Refuse to look at no day, at a day twice, or at a day before the book's first fact."""
    if not days or len(set(days)) < len(days):
        raise ParameterError(
            where="panel",
            found=f"{len(days)} days are given, {len(set(days))} of them different.",
            fix="Give at least one day, and each day once.",
        )
    _not_before_first_fact(min(days), book)


def checked(observations: pd.DataFrame, known: pd.Series, *, book: Book) -> pd.DataFrame:
    """Return the observations sorted by customer and day, or refuse them."""
    lacking = [name for name in ("customer_id", "as_of") if name not in observations.columns]
    if lacking:
        raise ParameterError(
            where="observations", found=f"The column {some(lacking)} is missing.", fix="Give customer_id and as_of."
        )
    pairs = observations[["customer_id", "as_of"]].astype({"customer_id": "str", "as_of": STORED})
    pairs = pairs.sort_values(["customer_id", "as_of"], ignore_index=True)
    if pairs.empty:
        return pairs
    _not_twice(pairs)
    _not_unknown(pairs, known)
    _not_before_first_fact(pairs["as_of"].min().date(), book)
    return pairs


def _not_twice(pairs: pd.DataFrame) -> None:
    repeated = pairs.loc[pairs.duplicated(), "customer_id"]
    if len(repeated):
        raise ParameterError(
            where="observations",
            found=f"{len(repeated)} observations appear twice, of customer {some(repeated.unique())}.",
            fix="Give each customer and day once.",
        )


def _not_unknown(pairs: pd.DataFrame, known: pd.Series) -> None:
    first = known.reindex(pairs["customer_id"]).to_numpy()
    unknown = pairs.loc[~(first <= pairs["as_of"].to_numpy()), "customer_id"]
    if len(unknown):
        raise ParameterError(
            where="observations",
            found=f"{len(unknown)} customers are not known on their day: {some(unknown.unique())}.",
            fix="Observe a customer only from the day it became known.",
        )


def _not_before_first_fact(day: date, book: Book) -> None:
    first, _ = book.known_days()
    if day < first:
        raise ParameterError(
            where=f"book {book.folder.name!r}",
            found=f"The first fact became known on {first}, after {day}.",
            fix="Choose a later day.",
        )
