"""From a book to feature rows: for one day, several days, or given observations."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from creditscore.book import Book, Engine
from creditscore.domain import Progress, silent
from creditscore.features.assembly import gathered
from creditscore.features.catalogue import catalogue, distinct
from creditscore.features.definition import Feature
from creditscore.features.evaluation import Values, evaluate, facts_of
from creditscore.features.observations import checked, customers_by_day, first_known
from creditscore.features.whole_days import evaluate_days


def snapshot(
    book: Book, *, as_of: date, features: Sequence[Feature] | None = None, engine: Engine | None = None
) -> pd.DataFrame:
    """Return one row for each customer known on ``as_of``: all features as of that day.

    Parameters
    ----------
    book
        The book.
    as_of
        Last day whose information may be used.
    features
        Features wanted; the whole catalogue by default.
    engine
        What computes; the book's own engine by default.

    Returns
    -------
    pandas.DataFrame
        ``customer_id``, ``as_of``, then one float column a feature, missing where undefined; sorted by customer.

    Raises
    ------
    ParameterError
        If ``as_of`` lies before the book's first fact.
    """
    return panel(book, days=[as_of], features=features, engine=engine)


def panel(
    book: Book,
    *,
    days: Sequence[date],
    features: Sequence[Feature] | None = None,
    progress: Progress = silent,
    engine: Engine | None = None,
) -> pd.DataFrame:
    """Return the snapshots of several days as one frame, sorted by customer and day.

    Work is shared: the ledger is read once, however many the days, and one query evaluates another relation's features
    for many of them.

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
    engine
        What computes; the book's own engine by default.

    Raises
    ------
    ParameterError
        If there is no day, a day twice, or a day before the book's first fact.
    """
    with book.relations(engine) as relations:
        wanted = _wanted(features)
        known = first_known(relations)
        pairs = customers_by_day(known, days=days, book=book)
        if relations.distributed and len(pairs):
            return gathered(relations, pairs, wanted)
        values = evaluate_days(relations, known, sorted(days), features=wanted, progress=progress)
        return _frame(pairs, values, wanted)


def observe(
    book: Book,
    observations: pd.DataFrame,
    *,
    features: Sequence[Feature] | None = None,
    engine: Engine | None = None,
) -> pd.DataFrame:
    """Return the features of given customers on given days, such as the days of their applications.

    Parameters
    ----------
    book
        The book.
    observations
        ``customer_id`` and ``as_of``, each pair once; other columns are left aside.
    features
        Features wanted; the whole catalogue by default.
    engine
        What computes; the book's own engine by default.

    Raises
    ------
    ParameterError
        If a column is missing, a pair appears twice, a customer is not known on its day, or a day lies before the
        book's first fact.
    """
    with book.relations(engine) as relations:
        wanted = _wanted(features)
        pairs = checked(observations, first_known(relations), book=book)
        if pairs.empty:
            return _frame(pairs, {feature.name: np.empty(0) for feature in wanted}, wanted)
        if relations.distributed:
            return gathered(relations, pairs, wanted)
        values = evaluate(facts_of(relations, pairs), pairs, wanted, totals={}, progress=silent)
        return _frame(pairs, values, wanted)


def _wanted(features: Sequence[Feature] | None) -> tuple[Feature, ...]:
    return catalogue() if features is None else distinct(features)


def _frame(pairs: pd.DataFrame, values: Values, features: Sequence[Feature]) -> pd.DataFrame:
    ordered = {feature.name: values[feature.name] for feature in features}
    return pd.DataFrame({"customer_id": pairs["customer_id"], "as_of": pairs["as_of"], **ordered})
