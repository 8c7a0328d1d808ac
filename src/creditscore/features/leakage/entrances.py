"""The four ways to the features of a day, and which of them differ in a bit from the truth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from creditscore.book import Book
from creditscore.features.daily import TooWide, snapshot_by_state
from creditscore.features.definition import Feature
from creditscore.features.engine import observe, panel, snapshot
from creditscore.features.leakage.perturbing import LAG_DAYS

CUSTOMER = "customer_id"
BEFORE_DAYS = 31
AFTER_DAYS = LAG_DAYS + 15  # all of a perturbation is known by then

Movers = dict[str, "pd.Index[str]"]


@dataclass(frozen=True, slots=True)
class Moment:
    """The day that is looked at, and the days around it.

    Parameters
    ----------
    as_of
        The day.
    first
        First day of the book.
    """

    as_of: date
    first: date

    @property
    def before(self) -> date:
        """A day before it, or the book's first."""
        return max(self.as_of - timedelta(days=BEFORE_DAYS), self.first)

    @property
    def after(self) -> date:
        """A day on which all that is learned later is known."""
        return self.as_of + timedelta(days=AFTER_DAYS)


class Entrance(Protocol):
    """A way to the features of a day."""

    def __call__(self, book: Book, moment: Moment, features: Sequence[Feature]) -> pd.DataFrame:
        """Return the features of ``moment.as_of``, and perhaps of other days."""


def as_snapshot(book: Book, moment: Moment, features: Sequence[Feature]) -> pd.DataFrame:
    """Return the snapshot of the day."""
    return snapshot(book, as_of=moment.as_of, features=features)


def as_panel(book: Book, moment: Moment, features: Sequence[Feature]) -> pd.DataFrame:
    """Return a panel of the day, one before and one after it."""
    days = sorted({moment.before, moment.as_of, moment.after})
    return panel(book, days=days, features=features)


def as_observations(book: Book, moment: Moment, features: Sequence[Feature]) -> pd.DataFrame:
    """Return all customers observed on the day, and every second one of them after it too."""
    people = snapshot(book, as_of=moment.as_of, features=())[CUSTOMER]
    pairs = [pd.DataFrame({CUSTOMER: people, "as_of": moment.as_of})]
    pairs.append(pd.DataFrame({CUSTOMER: people[::2], "as_of": moment.after}))
    return observe(book, pd.concat(pairs), features=features)


def as_daily_run(book: Book, moment: Moment, features: Sequence[Feature]) -> pd.DataFrame:
    """Return the snapshot of the day as the daily run has it: the state of an earlier day, advanced.

    The daily run goes by the plain snapshot too where there is no ledger, or amounts are too large for a state.
    """
    if not book.has("invoices"):
        return as_snapshot(book, moment, features)
    with TemporaryDirectory(prefix="creditscore-state-") as folder:
        try:
            for day in (moment.before, moment.as_of):
                found = snapshot_by_state(book, as_of=day, folder=Path(folder), features=features)
        except TooWide:
            return as_snapshot(book, moment, features)
        return found.snapshot


ENTRANCES: Mapping[str, Entrance] = MappingProxyType(
    {"snapshot": as_snapshot, "panel": as_panel, "observe": as_observations, "daily": as_daily_run}
)


def on_the_day(frame: pd.DataFrame, moment: Moment) -> pd.DataFrame:
    """Return the rows of the day, by customer."""
    day = frame[frame["as_of"] == pd.Timestamp(moment.as_of)]
    return day.drop(columns="as_of").set_index(CUSTOMER)


def movers(truth: pd.DataFrame, found: pd.DataFrame) -> Movers:
    """Return the customers whose value differs in a bit, by feature; all missing values are one.

    Customers who are in one frame only are listed under ``customer_id``.
    """
    both = truth.index.intersection(found.index)
    differ = _bits(truth.loc[both]) != _bits(found.loc[both, truth.columns])
    by_feature = {name: both[differ[:, place]] for place, name in enumerate(truth.columns)}
    strangers = truth.index.symmetric_difference(found.index)
    return {name: index for name, index in {CUSTOMER: strangers, **by_feature}.items() if len(index)}


def _bits(frame: pd.DataFrame) -> npt.NDArray[np.int64]:
    values = frame.to_numpy(np.float64).reshape(frame.shape)
    return np.where(np.isnan(values), np.nan, values).view(np.int64)
