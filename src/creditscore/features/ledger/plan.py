"""From features to a plan: which sums and extremes of the ledger they need, and what is made of them in the end."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa

from creditscore.book.spans import SPAN_COLUMNS
from creditscore.book.tables import INVOICES
from creditscore.features.definition import Feature
from creditscore.features.ledger.columns import Node, Unsupported
from creditscore.features.ledger.times import AS_OF, boundaries
from creditscore.features.relations.base import Relation
from creditscore.features.relations.orders import Orders
from creditscore.features.relations.receivables import Receivables

LEDGER = (Receivables, Orders)
TOTALS = "totals"
KEY = "row"


class Kind(StrEnum):
    """What is kept of the values of many rows."""

    SUM = "sum"
    LARGEST = "largest"
    SMALLEST = "smallest"


@dataclass(frozen=True, slots=True)
class Total:
    """A sum or an extreme over the rows of the ledger that one customer has on one day.

    Parameters
    ----------
    name
        Name of its column.
    kind
        Sum, largest or smallest.
    value
        What is added up or compared, an expression over one row.
    day_flag
        Whether the result is a day.
    """

    name: str
    kind: Kind
    value: ops.Node
    day_flag: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """The totals that features need, each once, and the features as expressions over them.

    Parameters
    ----------
    totals
        The totals.
    finals
        For each feature or other output its expression over a table of totals with one row a customer and day.
    """

    totals: tuple[Total, ...] = ()
    finals: dict[str, ops.Node] = field(default_factory=dict)

    @classmethod
    def of(cls, wanted: dict[str, tuple[type[Relation], Any]]) -> tuple[Self, list[str]]:
        """Plan outputs by name, each a relation and a function of it; and tell the names of those that are not read.

        An output is read when its reductions are sums (0 over nothing), largest or smallest values of integers or days,
        and the day of observation appears in them only in windows.
        """
        known: dict[ops.Node, Total] = {}
        finals, left = {}, []
        for name, (relation, function) in wanted.items():
            node = function(relation(_rows())).op()
            try:
                found = list(_reductions(node))
                fresh = {reduction: total for reduction, total in found if reduction not in known}
                boundaries([total.value for total in fresh.values()])
            except Unsupported:
                left.append(name)
                continue
            for reduction, total in fresh.items():
                known[reduction] = _named(total, f"t{len(known)}")
            finals[name] = node
        table = _table(known.values())
        replaced = {reduction: table[total.name].op() for reduction, total in known.items()}
        day = {_latest_day(): table[AS_OF].op()}
        return cls(tuple(known.values()), {name: node.replace(replaced | day) for name, node in finals.items()}), left

    @property
    def sql(self) -> str:
        """The features as a query over the totals, in DuckDB's SQL; one row for each row of the totals."""
        table = _table(self.totals)
        columns = {name: node.to_expr().cast("float64") for name, node in self.finals.items()}
        return str(ibis.to_sql(table.select(KEY, **columns), dialect="duckdb"))

    def total_of(self, output: str) -> str | None:
        """Return the name of the sum that an output is by itself; ``None`` where it is more, or not read."""
        node = self.finals.get(output)
        return node.name if isinstance(node, ops.Field) and self._is_sum(node.name) else None

    def only(self, outputs: Iterable[str]) -> Self:
        """Return a plan of the same totals that ends in some of the outputs."""
        return type(self)(self.totals, {name: self.finals[name] for name in self.finals if name in set(outputs)})

    def _is_sum(self, name: str) -> bool:
        return any(total.name == name and total.kind is Kind.SUM for total in self.totals)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the ledger that the totals read."""
        fields = {one.name for total in self.totals for one in total.value.find(ops.Field)}
        return tuple(name for name in SPAN_COLUMNS if name in fields)

    @property
    def boundaries(self) -> dict[str, set[int]]:
        """For each day column of the ledger, how many days after it some total turns."""
        return boundaries([total.value for total in self.totals])


def _rows() -> ir.Table:
    kinds = {one.name: ibis.dtype(_IBIS[one.kind.arrow]) for one in INVOICES.columns if one.name in SPAN_COLUMNS}
    paid = {"paid_amount": "int64", "paid_by_due_amount": "int64", "last_paid_on": "date", "payment_count": "int64"}
    return ibis.table({**kinds, **paid, KEY: "int64", AS_OF: "date"}, name="spans")


_IBIS = {pa.string(): "string", pa.date32(): "date", pa.int64(): "int64", pa.bool_(): "boolean"}


def _table(totals: Iterable[Total]) -> ir.Table:
    columns = {total.name: "date" if total.day_flag else "int64" for total in totals}
    return ibis.table({KEY: "int64", AS_OF: "date", **columns}, name=TOTALS)


def _latest_day() -> ops.Node:
    return _rows()[AS_OF].max().op()


def _named(total: Total, name: str) -> Total:
    return Total(name, total.kind, total.value, total.day_flag)


def _reductions(node: Node) -> Iterator[tuple[ops.Node, Total]]:
    """Give each outermost reduction below an expression, once."""
    if node == _latest_day():
        return
    total = _total(node)
    if total is not None:
        yield node, total
        return
    if isinstance(node, (ops.Reduction, ops.Field)):
        raise Unsupported(type(node).__name__)
    for below in node.__children__:
        yield from _reductions(below)


def _total(node: Node) -> Total | None:
    if isinstance(node, ops.Coalesce) and len(node.arg) == 2 and _is_zero(node.arg[1]):  # noqa: PLR2004 - sum or 0
        inner = node.arg[0]
        if isinstance(inner, ops.Sum) and inner.where is None and inner.arg.dtype.is_integer():
            return Total("", Kind.SUM, inner.arg, day_flag=False)
    for kind, reduction in ((Kind.LARGEST, ops.Max), (Kind.SMALLEST, ops.Min)):
        if isinstance(node, reduction) and node.where is None and _ordered(node.arg):
            return Total("", kind, node.arg, day_flag=node.arg.dtype.is_date())
    return None


def _ordered(node: Node) -> bool:
    return bool(node.dtype.is_integer() or node.dtype.is_date()) and not _is_bare_day(node)


def _is_bare_day(node: ops.Node) -> bool:
    return isinstance(node, ops.Field) and node.name == AS_OF


def _is_zero(node: Node) -> bool:
    return isinstance(node, ops.Literal) and node.value == 0


def features_of_ledger(features: Sequence[Feature]) -> dict[str, tuple[type[Relation], Any]]:
    """Return the features of receivables and orders as outputs to plan."""
    return {one.name: (one.relation, one) for one in features if one.relation in LEDGER}
