"""Columns of a piece of the ledger as arrays, and the arithmetic that needs no day: exact, or refused."""

from collections.abc import Callable, Mapping
from functools import reduce
from math import prod
from typing import Any, NamedTuple

import ibis.expr.operations as ops
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Node = Any  # an expression of Ibis, whose operations are untyped
EXACT = 2**60  # a bound that leaves room for adding up a few of those below it


class Unsupported(Exception):  # noqa: N818 - not an error: the feature is computed another way
    """An expression is none that the ledger's engine reads; another engine computes it."""


class TooWide(Exception):  # noqa: N818 - not an error: the features are computed another way
    """Amounts are so large that a sum of them might not fit into 64 bits; a wider engine computes them."""


class Column(NamedTuple):
    """Values, days as whole numbers, and where they are known; ``None`` where all are."""

    data: Array
    known: Array | None


Columns = Mapping[str, Column]


def largest(values: Array) -> int:
    """Return the largest absolute value."""
    return max(abs(int(values.max(initial=0))), abs(int(values.min(initial=0))))


def bounded(*factors: int) -> int:
    """Return a product of bounds, or refuse it where a number below it might not fit into 64 bits.

    Raises
    ------
    TooWide
        If it might not.
    """
    bound = prod(max(1, factor) for factor in factors)
    if bound >= EXACT:
        raise TooWide
    return bound


def both_known(*columns: Column) -> Array | None:
    """Return where all columns are known."""
    masks = [column.known for column in columns if column.known is not None]
    return reduce(np.logical_and, masks) if masks else None


def holds(column: Column) -> Array:
    """Return where a condition is true; an unknown one is not."""
    return column.data if column.known is None else column.data & column.known


def fails(column: Column) -> Array:
    """Return where a condition is false; an unknown one is not."""
    return ~column.data if column.known is None else ~column.data & column.known


class Static:
    """Evaluates expressions in which no day of observation appears, each one once.

    Parameters
    ----------
    columns
        The columns by name.
    rows
        Number of rows.
    """

    def __init__(self, columns: Columns, rows: int) -> None:
        self.columns = columns
        self.rows = rows
        self._known: dict[ops.Node, Column] = {}

    def __call__(self, node: ops.Node) -> Column:
        """Return the values of an expression.

        Raises
        ------
        Unsupported
            If it is none of the house's arithmetic.
        TooWide
            If a product or a sum might not fit into 64 bits.
        """
        if node not in self._known:
            self._known[node] = self._evaluated(node)
        return self._known[node]

    def _evaluated(self, node: ops.Node) -> Column:
        for kind, evaluate in _EVALUATIONS.items():
            if isinstance(node, kind):
                return evaluate(self, node)
        raise Unsupported(type(node).__name__)


def check_static(node: Node) -> None:
    """Refuse an expression without the day of observation that :class:`Static` does not evaluate.

    Raises
    ------
    Unsupported
        If there is one.
    """
    if type(node) not in _EVALUATIONS:
        raise Unsupported(type(node).__name__)
    if not (node.dtype.is_integer() or node.dtype.is_boolean() or node.dtype.is_date() or node.dtype.is_null()):
        raise Unsupported(str(node.dtype))
    if isinstance(node, ops.Literal) and not isinstance(node.value, (bool, int, type(None))):
        raise Unsupported(str(node.dtype))
    for name, below in zip(node.argnames, node.args, strict=True):
        for argument in below if isinstance(below, tuple) else (below,):
            if isinstance(argument, ops.Value) and name != "part":  # the part of a day is a word, not a column
                check_static(argument)


def _field(static: Static, node: Node) -> Column:
    if node.name not in static.columns:
        raise Unsupported(node.name)
    return static.columns[node.name]


def _literal(static: Static, node: Node) -> Column:
    if node.value is None:
        return Column(np.zeros(static.rows, np.int64), np.zeros(static.rows, np.bool_))
    if not isinstance(node.value, (bool, int)):
        raise Unsupported(str(node.dtype))
    kind = np.bool_ if isinstance(node.value, bool) else np.int64
    return Column(np.broadcast_to(np.array(node.value, kind), static.rows), None)


def _cast(static: Static, node: Node) -> Column:
    inner = static(node.arg)
    if not (node.to.is_integer() or node.to == node.arg.dtype):
        raise Unsupported(str(node.to))
    return Column(inner.data.astype(np.int64), inner.known)


def _pair(combine: Callable[[Array, Array], Array], *, product: bool = False) -> Callable[[Static, Any], Column]:
    def evaluate(static: Static, node: Node) -> Column:
        left, right = static(node.left), static(node.right)
        if product:
            bounded(largest(left.data), largest(right.data))
        else:
            bounded(largest(left.data))
            bounded(largest(right.data))
        return Column(combine(left.data, right.data), both_known(left, right))

    return evaluate


def _compared(compare: Callable[[Array, Array], Array]) -> Callable[[Static, Any], Column]:
    def evaluate(static: Static, node: Node) -> Column:
        left, right = static(node.left), static(node.right)
        return Column(compare(left.data, right.data), both_known(left, right))

    return evaluate


def _days(static: Static, node: Node) -> Column:
    if node.part.value != "day":
        raise Unsupported(node.part.value)
    left, right = static(node.left), static(node.right)
    return Column(left.data.astype(np.int64) - right.data, both_known(left, right))


def _between(static: Static, node: Node) -> Column:
    value, low, high = static(node.arg), static(node.lower_bound), static(node.upper_bound)
    inside = (value.data >= low.data) & (value.data <= high.data)
    return Column(inside, both_known(value, low, high))


def _both(static: Static, node: Node) -> Column:
    left, right = static(node.left), static(node.right)
    no = fails(left) | fails(right)
    return _settled(holds(left) & holds(right), no)


def _either(static: Static, node: Node) -> Column:
    left, right = static(node.left), static(node.right)
    yes = holds(left) | holds(right)
    return _settled(yes, fails(left) & fails(right))


def _settled(yes: Array, no: Array) -> Column:
    known = yes | no
    return Column(yes, None if known.all() else known)


def _not(static: Static, node: Node) -> Column:
    inner = static(node.arg)
    return Column(~inner.data, inner.known)


def _negated(static: Static, node: Node) -> Column:
    inner = static(node.arg)
    return Column(-inner.data, inner.known)


def _missing(static: Static, node: Node) -> Column:
    known = static(node.arg).known
    return Column(np.zeros(static.rows, np.bool_) if known is None else ~known, None)


def _present(static: Static, node: Node) -> Column:
    known = static(node.arg).known
    return Column(np.ones(static.rows, np.bool_) if known is None else known, None)


def _chosen(static: Static, node: Node) -> Column:
    yes, this, that = holds(static(node.bool_expr)), static(node.true_expr), static(node.false_null_expr)
    return _where(yes, this, that)


def _where(yes: Array, this: Column, that: Column) -> Column:
    values = np.where(yes, this.data, that.data)
    if this.known is None and that.known is None:
        return Column(values, None)
    known = np.where(yes, True if this.known is None else this.known, True if that.known is None else that.known)
    return Column(values, known)


def _first_known(static: Static, node: Node) -> Column:
    found = static(node.arg[-1])
    for earlier in reversed(node.arg[:-1]):
        one = static(earlier)
        found = one if one.known is None else _where(one.known, one, found)
    return found


def _extreme(pick: Callable[[Array, Array], Array]) -> Callable[[Static, Any], Column]:
    def two(one: Column, other: Column) -> Column:
        picked = Column(pick(one.data, other.data), both_known(one, other))
        if picked.known is None:
            return picked
        # An unknown value does not count, as DuckDB has it.
        with_one = picked if one.known is None else _where(one.known, picked, other)
        return with_one if other.known is None else _where(other.known, with_one, one)

    def evaluate(static: Static, node: Node) -> Column:
        return reduce(two, [static(one) for one in node.arg])

    return evaluate


_EVALUATIONS: dict[type[ops.Node], Callable[[Static, Any], Column]] = {
    ops.Field: _field,
    ops.Literal: _literal,
    ops.Cast: _cast,
    ops.Add: _pair(np.add),
    ops.Subtract: _pair(np.subtract),
    ops.Multiply: _pair(np.multiply, product=True),
    ops.Negate: _negated,
    ops.DateDelta: _days,
    ops.Greatest: _extreme(np.maximum),
    ops.Least: _extreme(np.minimum),
    ops.Coalesce: _first_known,
    ops.IfElse: _chosen,
    ops.Between: _between,
    ops.And: _both,
    ops.Or: _either,
    ops.Not: _not,
    ops.IsNull: _missing,
    ops.NotNull: _present,
    ops.Greater: _compared(np.greater),
    ops.GreaterEqual: _compared(np.greater_equal),
    ops.Less: _compared(np.less),
    ops.LessEqual: _compared(np.less_equal),
    ops.Equals: _compared(np.equal),
    ops.NotEquals: _compared(np.not_equal),
}
