"""Totals of the ledger: sums and extremes of its rows, for each customer on each day of observation."""

from collections.abc import Iterable, Iterator

import ibis.expr.operations as ops
import numpy as np

from creditscore.features.ledger.columns import EXACT, Array, Column, Node, Static, Unsupported, bounded, largest
from creditscore.features.ledger.kernels import NOTHING, Whole, add, lift, places
from creditscore.features.ledger.plan import Kind, Plan, Total
from creditscore.features.ledger.rows import Rows
from creditscore.features.ledger.times import ALWAYS, Conditions, Days, Times, depends_on_day, outside, within

Totals = dict[str, Whole]  # by name, each of shape (customers, days)
Piece = tuple[Times, Column]  # when a value counts, and the value
Places = tuple[Days, Days, Days]  # rows, and the range of days on which each counts


def totals_of(plan: Plan, pieces: Iterable[Rows], *, customers: int, days: Days) -> Totals:
    """Add up the rows of the ledger for each customer and day.

    Whole numbers are added up, so the result is exact and the same in any order of the rows. The smallest value is kept
    as the largest of its negative; the largest of no value is :data:`~creditscore.features.ledger.kernels.NOTHING`.

    Raises
    ------
    TooWide
        If a sum might not fit into 64 bits.
    """
    found = {total.name: nothing(total, (customers, len(days))) for total in plan.totals}
    reached = dict.fromkeys(found, 0)
    for rows in pieces:
        adder = Adder(rows, days)
        for total in plan.totals:
            sums = found[total.name]
            reached[total.name] += adder.take(total, sums)
            if reached[total.name] >= EXACT:  # a bound for all customers; look how far the largest really is
                reached[total.name] = largest(sums)
                bounded(reached[total.name])
    return found


def nothing(total: Total, shape: int | tuple[int, int]) -> Whole:
    """Return a total over no rows."""
    return np.full(shape, 0 if total.kind is Kind.SUM else NOTHING)


class Adder:
    """Takes the rows of one piece into the totals; what several totals need is worked out once."""

    def __init__(self, rows: Rows, days: Days) -> None:
        self.rows = rows
        self.days = days
        self.most = int(np.bincount(rows.customer).max(initial=1))
        self.static = Static(rows.columns, len(rows))
        self.conditions = Conditions(self.static)
        self._placed: dict[int, tuple[Times, list[Places]]] = {}
        self._whole: dict[int, tuple[Column, Whole]] = {}

    def take(self, total: Total, into: Whole) -> int:
        """Take the rows into one total; return by how much a sum of one customer may have moved at most.

        Raises
        ------
        TooWide
            If that might not fit into 64 bits.
        """
        reach = 0
        for times, column in self._pieces(total.value, total.kind):
            values = self._values(column)
            if total.kind is Kind.SUM:
                reach += bounded(largest(values), self.most)
            signed = -values if total.kind is Kind.SMALLEST else values
            collect = add if total.kind is Kind.SUM else lift
            for chosen in self._places(times):
                if column.known is not None:
                    chosen = _only(chosen, column.known)  # noqa: PLW2901 - the same rows, fewer of them
                collect(into, *chosen, self.rows.customer, signed)
        return reach

    def _pieces(self, node: Node, kind: Kind) -> Iterator[Piece]:
        """Give the parts of a value that differ by day, and when each counts."""
        if not depends_on_day(node):
            yield self._always(), self.static(node)
            return
        if not isinstance(node, ops.IfElse):
            raise Unsupported(type(node).__name__)
        yes = self._when(node.bool_expr)
        if not _counts_nothing(node.true_expr, kind):
            yield from self._narrowed(yes, node.true_expr, kind)
        if not _counts_nothing(node.false_null_expr, kind):
            yield from self._narrowed(outside(yes), node.false_null_expr, kind)

    def _narrowed(self, times: Times, node: ops.Node, kind: Kind) -> Iterator[Piece]:
        for inner, column in self._pieces(node, kind):
            yield (times if inner is self._always() else within(times, inner)), column

    def _when(self, condition: ops.Node) -> Times:
        return self.conditions.true(condition)

    def _always(self) -> Times:
        return _ALWAYS

    def _values(self, column: Column) -> Whole:
        if id(column) not in self._whole:
            whole = np.require(column.data, np.int64, ["C", "W"])
            self._whole[id(column)] = column, whole  # keeps the column too, so that its id stays its own
        return self._whole[id(column)][1]

    def _places(self, times: Times) -> list[Places]:
        if id(times) not in self._placed:
            rows = self.rows
            found = [
                places(*map(_plain, span), rows.known_on, rows.superseded_on, rows.customer, self.days)
                for span in times
            ]
            self._placed[id(times)] = times, found
        return self._placed[id(times)][1]


_ALWAYS: Times = [ALWAYS]


def _plain(days: Days) -> Days:
    return np.require(days, np.int32, ["C", "W"])


def _only(chosen: Places, known: Array) -> Places:
    rows, starts, stops = chosen
    kept = known[rows]
    return rows[kept], starts[kept], stops[kept]


def _counts_nothing(node: Node, kind: Kind) -> bool:
    return isinstance(node, ops.Literal) and (node.value is None or (kind is Kind.SUM and node.value == 0))
