"""What was new in the figures that features read: a new period, or a revision of what was known."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pyarrow.compute as pc
import pyarrow.dataset as ds

from creditscore.book import Book
from creditscore.domain import Family
from creditscore.scoring.changes.parts import News
from creditscore.scoring.contract import FeatureContract

TABLE = {Family.MACRO: "macro", Family.INDUSTRY: "industry"}


def news_between(
    book: Book, contract: Sequence[FeatureContract], *, customer_id: str, days: tuple[date, date]
) -> dict[str, News]:
    """Tell for each feature that reads a named series what was published of it between two days.

    Parameters
    ----------
    book
        The book.
    contract
        Features of a bundle.
    customer_id
        The customer, whose industry counts.
    days
        The earlier and the later day; in the other order the same is told.

    Returns
    -------
    dict
        By the name of the feature; features of which nothing was published, or that read no series, are left out.
    """
    first, last = sorted(days)
    industries = [_industry(book, customer_id, day) for day in (first, last)]
    told = {}
    for entry, series in _reading(book, contract):
        conditions = pc.field("series") == series
        if entry.family is Family.INDUSTRY:
            if industries[0] is None or industries[0] != industries[1]:
                continue  # another industry's figures are no news of this one
            conditions &= pc.field("industry_code") == industries[0]
        found = _news(book, TABLE[entry.family], conditions, first, last)
        if found is not None:
            told[entry.name] = found
    return told


def _reading(book: Book, contract: Sequence[FeatureContract]) -> Iterator[tuple[FeatureContract, str]]:
    for entry in contract:
        series = entry.record.get("reads", {}).get("series")
        if series is not None and book.has(TABLE[entry.family]):
            yield entry, series


def _news(book: Book, table: str, conditions: pc.Expression, first: date, last: date) -> News | None:
    """Compare the last period known on each day; figures published between without a later period are revisions."""
    figures = _rows(book, table, conditions & (pc.field("known_on") <= pc.scalar(last)))
    fresh = figures.filter(pc.field("known_on") > pc.scalar(first))
    if not len(fresh):
        return None
    known = figures.filter(pc.field("known_on") <= pc.scalar(first))
    latest = pc.max(known["period_end_on"]).as_py()
    newest = pc.max(fresh["period_end_on"]).as_py()
    return News.NEW_PERIOD if latest is None or newest > latest else News.REVISION


def _industry(book: Book, customer_id: str, day: date) -> str | None:
    about = (pc.field("customer_id") == customer_id) & (pc.field("known_on") <= pc.scalar(day))
    versions = _rows(book, "customers", about).sort_by("known_on")
    return versions["industry_code"][-1].as_py() if len(versions) else None


def _rows(book: Book, table: str, conditions: pc.Expression) -> Any:  # noqa: ANN401 - pyarrow has no types
    return ds.dataset(book.path(table), format="parquet").to_table(filter=conditions)
