"""All that a day's decisions need of the book, read at once."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date

import pandas as pd

from creditscore.accounts.customers import histories, segments
from creditscore.accounts.limits import limits_in_force
from creditscore.accounts.links import affiliations
from creditscore.accounts.receivables import open_receivables
from creditscore.book import Book


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """The customers' accounts as of a day.

    Parameters
    ----------
    limits
        As :func:`limits_in_force` returns them.
    receivables
        As :func:`open_receivables` returns them.
    affiliations
        As :func:`affiliations` returns them.
    segments
        As :func:`segments` returns them.
    histories
        As :func:`histories` returns them.
    """

    limits: pd.DataFrame
    receivables: pd.DataFrame
    affiliations: pd.DataFrame
    segments: pd.DataFrame
    histories: pd.DataFrame

    @property
    def applicants(self) -> pd.DataFrame:
        """What an application is judged by: one row a customer with its industry, its history, its limit and term."""
        known = self.segments[["customer_id", "industry_code"]]
        return known.merge(self.histories, on="customer_id", how="left").merge(
            self.limits, on="customer_id", how="left"
        )

    @property
    def hash(self) -> str:
        """SHA-256 over the names of the columns and every value, in the frames' order; the same in any process."""
        digest = hashlib.sha256()
        for field in fields(self):
            frame = getattr(self, field.name)
            digest.update("\n".join((field.name, *frame.columns)).encode())
            digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().astype("<u8").tobytes())
        return digest.hexdigest()


def accounts_of(book: Book, as_of: date, *, link_kinds: Collection[str]) -> Accounts:
    """Read the accounts of all customers.

    Parameters
    ----------
    book
        The book.
    as_of
        Last day whose information is used.
    link_kinds
        Kinds of links wanted.
    """
    return Accounts(
        limits=limits_in_force(book, as_of),
        receivables=open_receivables(book, as_of),
        affiliations=affiliations(book, as_of, kinds=link_kinds),
        segments=segments(book, as_of),
        histories=histories(book, as_of),
    )
