"""Totals of several relations side by side, one row an observation."""

from collections.abc import Collection, Mapping

import ibis
import ibis.expr.types as ir

from creditscore.features.relations.base import Relation, View
from creditscore.features.relations.lineage import Function

Totals = Mapping[type[Relation], Mapping[str, Function]]


def with_totals(table: ir.Table, view: View, totals: Totals) -> ir.Table:
    """Join integers that are totalled from relations to a table with one row an observation of the view.

    Parameters
    ----------
    table
        One row an observation, with its ``row``.
    view
        The observations; totals that it knows already are taken from it.
    totals
        For each relation the totals wanted by name. One is 0 where an observation sees no fact, and missing where the
        book lacks the relation's tables.
    """
    for kind, wanted in totals.items():
        table = _with(table, kind, view, wanted)
    return table


def sources_of(names: Collection[str], totals: Totals) -> tuple[str, ...]:
    """Return what some of the totals rest on, each once."""
    used = [(kind, own) for kind, wanted in totals.items() for name, own in wanted.items() if name in names]
    return tuple(dict.fromkeys(source for kind, function in used for source in kind.sources(function)))


def _with(table: ir.Table, kind: type[Relation], view: View, wanted: Mapping[str, Function]) -> ir.Table:
    if not view.facts.has(*kind.needs):
        return table.mutate(**{name: ibis.null("int64") for name in wanted})
    known = view.totals.get(kind)
    found = known if known is not None and set(wanted) <= set(known.columns) else _added_up(kind, view, wanted)
    joined = table.left_join(found.select("row", *wanted), "row")
    return joined.select(*table.columns, **{name: joined[name].fill_null(0) for name in wanted})


def _added_up(kind: type[Relation], view: View, wanted: Mapping[str, Function]) -> ir.Table:
    relation = kind.build(view)
    return relation.evaluate({name: function(relation).cast("int64") for name, function in wanted.items()})
