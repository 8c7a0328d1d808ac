"""Snapshots that stay on a cluster: no row of them comes to this process."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from creditscore.book import Book, Spark
from creditscore.features.assembly import feature_rows, known_customers
from creditscore.features.catalogue import catalogue, distinct
from creditscore.features.definition import Feature
from creditscore.features.frame import KEYS
from creditscore.features.observations import check_days

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


@contextmanager
def distributed_panel(
    book: Book, *, days: Sequence[date], engine: Spark, features: Sequence[Feature] | None = None
) -> Iterator["DataFrame"]:
    """Give the snapshots of several days as a Spark data frame, in no order; it can be used until the block ends.

    Parameters
    ----------
    book
        The book.
    days
        Days, each once, in any order.
    engine
        The cluster.
    features
        Features wanted; the whole catalogue by default.

    Raises
    ------
    ParameterError
        If there is no day, a day twice, or a day before the book's first fact.
    """
    wanted = catalogue() if features is None else distinct(features)
    check_days(days, book)
    with engine.relations(book) as relations:
        pairs = known_customers(relations, days)
        yield relations.frame(feature_rows(relations, pairs, days=days, features=wanted))


def write_snapshot(
    book: Book, *, as_of: date, out: Path, engine: Spark, features: Sequence[Feature] | None = None
) -> None:
    """Write the snapshot of a day as a folder of Parquet files, straight from the executors.

    What the folder held before is replaced. Each file holds some of the customers, sorted; together they hold the rows
    that :func:`creditscore.features.snapshot` returns.

    Parameters
    ----------
    book
        The book.
    as_of
        Last day whose information may be used.
    out
        The folder, which the executors can write.
    engine
        The cluster.
    features
        Features wanted; the whole catalogue by default.

    Raises
    ------
    ParameterError
        If ``as_of`` lies before the book's first fact, or the folder holds other files.
    """
    with distributed_panel(book, days=[as_of], engine=engine, features=features) as rows:
        engine.write(rows, out, order=KEYS)
