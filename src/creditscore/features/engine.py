"""From a book to feature rows: one query a relation, for one day, several days, or given observations."""

from collections.abc import Iterator, Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from creditscore.book import Book, Relations
from creditscore.domain import Progress, silent
from creditscore.features.catalogue import catalogue, distinct
from creditscore.features.definition import Feature
from creditscore.features.observations import checked, customers_by_day, first_known
from creditscore.features.relations import Facts, Relation, View

Rows = npt.NDArray[np.int64]
Values = dict[str, npt.NDArray[np.float64]]

OBSERVATIONS_AT_ONCE = 50_000


def snapshot(book: Book, *, as_of: date, features: Sequence[Feature] | None = None) -> pd.DataFrame:
    """Return one row for each customer known on ``as_of``: all features as of that day.

    Parameters
    ----------
    book
        The book.
    as_of
        Last day whose information may be used.
    features
        Features wanted; the whole catalogue by default.

    Returns
    -------
    pandas.DataFrame
        ``customer_id``, ``as_of``, then one float column a feature, missing where undefined; sorted by customer.

    Raises
    ------
    ParameterError
        If ``as_of`` lies before the book's first fact.
    """
    return panel(book, days=[as_of], features=features)


def panel(
    book: Book,
    *,
    days: Sequence[date],
    features: Sequence[Feature] | None = None,
    progress: Progress = silent,
) -> pd.DataFrame:
    """Return the snapshots of several days as one frame, sorted by customer and day.

    Work is shared: each fact's validity is found once, and one query evaluates a relation's features for many days.

    Parameters
    ----------
    book
        The book.
    days
        Days, each once, in any order.
    features
        Features wanted; the whole catalogue by default.
    progress
        Told after each query.

    Raises
    ------
    ParameterError
        If there is no day, a day twice, or a day before the book's first fact.
    """
    with book.relations() as relations:
        population = customers_by_day(first_known(relations), days=days, book=book)
        return _evaluate(relations, population, _wanted(features), progress=progress)


def observe(book: Book, observations: pd.DataFrame, *, features: Sequence[Feature] | None = None) -> pd.DataFrame:
    """Return the features of given customers on given days, such as the days of their applications.

    Parameters
    ----------
    book
        The book.
    observations
        ``customer_id`` and ``as_of``, each pair once; other columns are left aside.
    features
        Features wanted; the whole catalogue by default.

    Raises
    ------
    ParameterError
        If a column is missing, a pair appears twice, a customer is not known on its day, or a day lies before the
        book's first fact.
    """
    with book.relations() as relations:
        pairs = checked(observations, first_known(relations), book=book)
        return _evaluate(relations, pairs, _wanted(features), progress=silent)


def _wanted(features: Sequence[Feature] | None) -> tuple[Feature, ...]:
    return catalogue() if features is None else distinct(features)


def _evaluate(
    relations: Relations, pairs: pd.DataFrame, features: tuple[Feature, ...], *, progress: Progress
) -> pd.DataFrame:
    values: Values = {feature.name: np.full(len(pairs), np.nan) for feature in features}
    if len(pairs):
        facts = Facts(relations, pairs["as_of"].min().date(), pairs["as_of"].max().date())
        wanted = _by_relation(facts, features)
        chunks = list(_chunks(pairs))
        for number, rows in enumerate(chunks):
            view = View(facts, _observation_table(pairs, rows))
            for place, (kind, members) in enumerate(wanted.items(), start=1):
                _fill(values, rows, *_answer(view, kind, members))
                progress("features", number * len(wanted) + place, len(chunks) * len(wanted))
    return pd.DataFrame({"customer_id": pairs["customer_id"], "as_of": pairs["as_of"], **values})


def _by_relation(facts: Facts, features: tuple[Feature, ...]) -> dict[type[Relation], list[Feature]]:
    """Group the features by relation, without those whose tables the book lacks: they stay missing."""
    groups: dict[type[Relation], list[Feature]] = {}
    for feature in features:
        if facts.has(*feature.relation.needs):
            groups.setdefault(feature.relation, []).append(feature)
    return groups


def _chunks(pairs: pd.DataFrame) -> Iterator[Rows]:
    """Split the observations into runs of days, so that each query sees whole days and bounded memory."""
    by_day = np.argsort(pairs["as_of"].to_numpy(), kind="stable")
    pieces = max(1, -(-len(pairs) // OBSERVATIONS_AT_ONCE))
    for piece in np.array_split(by_day, pieces):
        yield np.sort(piece)


def _observation_table(pairs: pd.DataFrame, rows: Rows) -> ir.Table:
    return ibis.memtable(
        pa.table(
            {
                "row": pa.array(rows, pa.int64()),
                "customer_id": pa.array(pairs["customer_id"].to_numpy()[rows], pa.string()),
                "as_of": pa.array(pairs["as_of"].to_numpy()[rows].astype("datetime64[D]"), pa.date32()),
            }
        )
    )


def _answer(view: View, kind: type[Relation], members: list[Feature]) -> tuple[pa.Table, dict[str, float | None]]:
    """Evaluate the features of a relation: for each observation that sees a fact of it, and over no fact."""
    relation = kind.build(view)
    columns = {feature.name: feature(relation).cast("float64") for feature in members}
    fetch = view.facts.relations.fetch
    nothing = relation.over_nothing(columns)
    return fetch(relation.evaluate(columns)), {} if nothing is None else fetch(nothing).to_pylist()[0]


def _fill(values: Values, rows: Rows, found: pa.Table, nothing: dict[str, float | None]) -> None:
    for name, value in nothing.items():
        if value is not None:
            values[name][rows] = value
    seen = found["row"].to_numpy()
    for name in found.column_names:
        if name != "row":
            values[name][seen] = found[name].to_numpy()
