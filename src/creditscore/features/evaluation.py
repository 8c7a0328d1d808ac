"""The general way to feature values: one query a relation, for any observations, on the engine of the relations."""

from collections.abc import Iterator, Mapping, Sequence

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from creditscore.book import Relations
from creditscore.domain import Progress
from creditscore.features.definition import Feature
from creditscore.features.relations import Facts, Relation, View

Rows = npt.NDArray[np.int64]
Values = dict[str, npt.NDArray[np.float64]]
KnownTotals = Mapping[type[Relation], Mapping[str, npt.NDArray[np.int64]]]

OBSERVATIONS_AT_ONCE = 100_000


def evaluate(
    facts: Facts,
    pairs: pd.DataFrame,
    features: Sequence[Feature],
    *,
    totals: KnownTotals,
    progress: Progress,
) -> Values:
    """Return the values of features for observations, missing where undefined.

    Parameters
    ----------
    facts
        The facts that the days of the observations see.
    pairs
        ``customer_id`` and ``as_of``.
    features
        Features wanted.
    totals
        Totals of relations that are known already, by name, one value a pair; the pairs are then all customers known on
        their days.
    progress
        Told after each query.
    """
    values: Values = {feature.name: np.full(len(pairs), np.nan) for feature in features}
    wanted = by_relation(facts, features)
    chunks = list(_chunks(pairs))
    everyone = np.arange(len(pairs))
    of_all = _total_tables(totals, _pair_columns(pairs, everyone), everyone)
    for number, rows in enumerate(chunks):
        known = _total_tables(totals, {"row": pa.array(rows, pa.int64())}, rows)
        view = View(facts, _observation_table(pairs, rows), known, of_all)
        for place, (kind, members) in enumerate(wanted.items(), start=1):
            _fill(values, rows, *_answer(view, kind, members))
            progress("features", number * len(wanted) + place, len(chunks) * len(wanted))
    return values


def facts_of(relations: Relations, pairs: pd.DataFrame) -> Facts:
    """Return the facts that observations, one at least, see."""
    return Facts(relations, pairs["as_of"].min().date(), pairs["as_of"].max().date())


def by_relation(facts: Facts, features: Sequence[Feature]) -> dict[type[Relation], list[Feature]]:
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
    return ibis.memtable(pa.table({"row": pa.array(rows, pa.int64()), **_pair_columns(pairs, rows)}))


def _pair_columns(pairs: pd.DataFrame, rows: Rows) -> dict[str, pa.Array]:
    return {
        "customer_id": pa.array(pairs["customer_id"].to_numpy()[rows], pa.string()),
        "as_of": pa.array(pairs["as_of"].to_numpy()[rows].astype("datetime64[D]"), pa.date32()),
    }


def _total_tables(totals: KnownTotals, keys: dict[str, pa.Array], rows: Rows) -> dict[type[Relation], ir.Table]:
    return {
        kind: ibis.memtable(pa.table(keys | {name: pa.array(column[rows]) for name, column in own.items()}))
        for kind, own in totals.items()
    }


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
