"""Observation plans: which customers are looked at on which days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import pandas as pd
import pyarrow.compute as pc

from creditscore.book import Book
from creditscore.domain import Progress, add_months, month_ends, silent
from creditscore.errors import ParameterError
from creditscore.features import Feature, observe, panel

KEYS = ["customer_id", "as_of"]
DAY = "datetime64[ms]"
APPLICATION_KEYS = {"facilities": "facility_id", "invoices": "invoice_id"}


class ObservationPlan(Protocol):
    """Says which pairs of customer and day are observed, and gets their features."""

    def pairs(self, book: Book) -> pd.DataFrame:
        """Return the columns ``customer_id`` and ``as_of``, sorted, each pair once."""

    def features(
        self, book: Book, pairs: pd.DataFrame, *, features: Sequence[Feature], progress: Progress = silent
    ) -> pd.DataFrame:
        """Return the features of ``pairs``, sorted by customer and day."""


@dataclass(frozen=True, slots=True)
class MonthEnds:
    """A panel: every customer known on a month end, on each month end in ``[first, last]``.

    Parameters
    ----------
    first
        Earliest day; where ``None``, ``history_months`` after the book learned of its first invoice, or of its first
        facility if it has no invoice: before the ledger begins, behaviour cannot be seen.
    last
        Latest day; where ``None``, the last day on which the book learned of an invoice or a facility.
    history_months
        Months of ledger that the first observation looks back on, 0 or more; without any, every customer of the first
        months looks like a newcomer.
    """

    first: date | None = None
    last: date | None = None
    history_months: int = 3

    def __post_init__(self) -> None:
        if self.history_months < 0:
            raise ParameterError(
                where="MonthEnds.history_months", found=f"It is {self.history_months}.", fix="Give 0 or more."
            )

    def days(self, book: Book) -> list[date]:
        """Return the month ends, ascending.

        Raises
        ------
        ParameterError
            If there is no month end between the bounds.
        """
        first = self.first or add_months(_begins(book), self.history_months)
        last = self.last or book.known_days()[1]
        if days := month_ends(first, last):
            return days
        raise ParameterError(
            where="MonthEnds",
            found=f"There is no month end between {first} and {last}.",
            fix="Widen the bounds or ingest more months.",
        )

    def pairs(self, book: Book) -> pd.DataFrame:
        """Return one observation for each customer and each month end on which the customer was known."""
        known = _first_known(book, "customers", "customer_id")
        days = pd.DataFrame({"as_of": pd.Series(self.days(book), dtype=DAY)})
        crossed = known.merge(days, how="cross")
        return _tidy(crossed.loc[crossed["known_on"] <= crossed["as_of"], KEYS])

    def features(
        self, book: Book, pairs: pd.DataFrame, *, features: Sequence[Feature], progress: Progress = silent
    ) -> pd.DataFrame:
        """Return the features of ``pairs``; the days share their scans."""
        days = [day.date() for day in sorted(pairs["as_of"].unique())]
        whole = panel(book, days=days, features=features, progress=progress)
        return pairs[KEYS].merge(whole.astype({"as_of": DAY}), on=KEYS, how="inner", validate="1:1")


@dataclass(frozen=True, slots=True)
class ApplicationDates:
    """One observation for each customer and day on which an application of the customer reached us.

    An application is the first version of a fact: later versions, such as a limit granted weeks after it was asked for,
    are no new applications.

    Parameters
    ----------
    table
        Table that holds the applications: ``"facilities"`` or ``"invoices"``.

    Raises
    ------
    ParameterError
        If the table is another one.
    """

    table: str = "facilities"

    def __post_init__(self) -> None:
        if self.table not in APPLICATION_KEYS:
            raise ParameterError(
                where="ApplicationDates.table",
                found=f"{self.table!r} holds no applications.",
                fix=f"Use {' or '.join(APPLICATION_KEYS)}.",
            )

    def pairs(self, book: Book) -> pd.DataFrame:
        """Return one observation for each customer and day of an application."""
        first = _first_known(book, self.table, APPLICATION_KEYS[self.table])
        return _tidy(first.rename(columns={"known_on": "as_of"})[KEYS])

    def features(
        self, book: Book, pairs: pd.DataFrame, *, features: Sequence[Feature], progress: Progress = silent
    ) -> pd.DataFrame:
        """Return the features of ``pairs``, each as of its own day."""
        progress("features", 0, len(pairs))
        observed = observe(book, pairs[KEYS], features=features).astype({"as_of": DAY})
        progress("features", len(pairs), len(pairs))
        return observed


def _begins(book: Book) -> date:
    """Return the day on which the book learned of its first invoice, or of its first facility if it has no invoice."""
    firsts = [pc.min(book.read(name)["known_on"]).as_py() for name in ("invoices", "facilities")]
    return next((day for day in firsts if day is not None), book.known_days()[0])


def _first_known(book: Book, table: str, key: str) -> pd.DataFrame:
    """Return the first version of each fact: ``customer_id`` and the day it became known."""
    columns = list(dict.fromkeys([key, "customer_id", "known_on"]))
    facts = book.read(table).select(columns).to_pandas().astype({"known_on": DAY})
    return facts.sort_values(["known_on", key]).drop_duplicates(key)[["customer_id", "known_on"]]


def _tidy(pairs: pd.DataFrame) -> pd.DataFrame:
    return pairs.drop_duplicates().sort_values(KEYS, ignore_index=True)
