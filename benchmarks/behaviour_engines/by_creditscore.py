"""The feature engine itself."""

from collections.abc import Sequence
from datetime import date

import pyarrow as pa

from behaviour_engines.features import FEATURES
from creditscore.book import Book
from creditscore.features import Feature, OpenReceivables, Orders, Receivables, catalogue, panel

NAMED = tuple(feature for feature in catalogue() if feature.name in FEATURES)
ALL = tuple(feature for feature in catalogue() if feature.relation in {Receivables, OpenReceivables, Orders})


def behaviour(book: Book, days: Sequence[date]) -> pa.Table:
    """Return the 21 features of each customer on each day."""
    return _panel(book, days, NAMED)


def everything(book: Book, days: Sequence[date]) -> pa.Table:
    """Return all features of the catalogue that are made of invoices and payments."""
    return _panel(book, days, ALL)


def _panel(book: Book, days: Sequence[date], features: tuple[Feature, ...]) -> pa.Table:
    return pa.Table.from_pandas(panel(book, days=days, features=features), preserve_index=False)
