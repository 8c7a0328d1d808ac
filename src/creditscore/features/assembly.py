"""Feature rows as one expression, put together where the facts lie; for engines whose rows do not fit in one place."""

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from creditscore.book import Relations
from creditscore.features.definition import Feature
from creditscore.features.evaluation import by_relation
from creditscore.features.frame import KEYS
from creditscore.features.observations import STORED
from creditscore.features.relations import Facts, Relation, View


def known_customers(relations: Relations, days: Sequence[date]) -> ir.Table:
    """Return each customer on each of the days on which it is known: ``customer_id`` and ``as_of``."""
    customers = relations.table("customers")
    first = customers.group_by("customer_id").agg(first_on=customers.known_on.min())
    observed = ibis.memtable(pa.table({"as_of": pa.array(days, pa.date32())}))
    pairs = first.cross_join(observed)
    return pairs.filter(pairs.first_on <= pairs.as_of).select(*KEYS)


def feature_rows(
    relations: Relations, pairs: ir.Table, *, days: Sequence[date], features: Sequence[Feature]
) -> ir.Table:
    """Return ``customer_id``, ``as_of`` and one float column a feature, as an expression in no order.

    Parameters
    ----------
    relations
        The open book.
    pairs
        Observations: ``customer_id`` and ``as_of``, each pair once.
    days
        All days of the observations.
    features
        Features wanted.
    """
    facts = Facts(relations, min(days), max(days))
    table = facts.numbered(facts.keep("observations", pairs))
    view = View(facts, table)
    for kind, members in by_relation(facts, features).items():
        table = _beside(table, view, kind, members)
    absent = {feature.name: ibis.null("float64") for feature in features if feature.name not in table.columns}
    return table.mutate(**absent).select(*KEYS, *(feature.name for feature in features))


def _beside(table: ir.Table, view: View, kind: type[Relation], members: Sequence[Feature]) -> ir.Table:
    """Add the features of a relation to the observations, also to those that see no fact of it."""
    relation = kind.build(view)
    columns = {feature.name: feature(relation).cast("float64") for feature in members}
    seen = view.facts.keep(f"seen_{kind.__name__}", relation.evaluate(columns))
    joined = table.left_join(seen.mutate(seen_flag=True), "row")
    nothing = _over_nothing(relation, columns, view)
    found = {name: joined.seen_flag.ifelse(joined[name], nothing[name]) for name in columns}
    return joined.select(*table.columns, **found)


def _over_nothing(relation: Relation, columns: dict[str, ibis.Value], view: View) -> dict[str, ibis.Value]:
    expression = relation.over_nothing(columns)
    values = {} if expression is None else view.facts.relations.fetch(expression).to_pylist()[0]
    return {name: ibis.literal(values.get(name), "float64") for name in columns}


def gathered(relations: Relations, pairs: pd.DataFrame, features: Sequence[Feature]) -> pd.DataFrame:
    """Return the feature rows of observations, put together on the engine and then brought here."""
    days = [day.date() for day in pairs["as_of"].unique()]
    asked = pa.table(
        {
            "customer_id": pa.array(pairs["customer_id"].to_numpy(), pa.string()),
            "as_of": pa.array(pairs["as_of"].to_numpy().astype("datetime64[D]"), pa.date32()),
        }
    )
    found = relations.fetch(feature_rows(relations, ibis.memtable(asked), days=days, features=features))
    frame = found.sort_by([(key, "ascending") for key in KEYS]).to_pandas()
    return frame.astype({"customer_id": "str", "as_of": STORED})
