"""Spans of days: when a condition holds for each row of the ledger."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

import ibis.expr.operations as ops
import numpy as np
import numpy.typing as npt

from creditscore.features.ledger.columns import Column, Node, Static, Unsupported, fails, holds

Days = npt.NDArray[np.int32]
EARLIEST, LATEST = np.int32(-(2**30)), np.int32(2**30)
AS_OF = "as_of"


class Span(NamedTuple):
    """For each row the first day on which something holds, and the first after it on which it no longer does."""

    first: Days
    end: Days


Times = list[Span]  # disjoint for each row; nowhere where empty


def within(one: Times, other: Times) -> Times:
    """Return when both hold."""
    return [
        Span(np.maximum(left.first, right.first), np.minimum(left.end, right.end)) for left in one for right in other
    ]


def outside(times: Times) -> Times:
    """Return when something does not hold."""
    rest: Times = [ALWAYS]
    for span in times:
        empty = span.first >= span.end
        before = Span(np.broadcast_to(EARLIEST, span.first.shape), np.where(empty, LATEST, span.first))
        after = Span(np.where(empty, LATEST, span.end), np.broadcast_to(LATEST, span.end.shape))
        rest = within(rest, [before, after])
    return rest


def either(one: Times, other: Times) -> Times:
    """Return when one or the other holds, each day once."""
    return [*one, *within(other, outside(one))]


def where(rows: npt.NDArray[np.bool_]) -> Times:
    """Return always for the rows given, never for the others."""
    return [Span(np.where(rows, EARLIEST, LATEST), np.where(rows, LATEST, EARLIEST))]


ALWAYS = Span(np.array([EARLIEST], np.int32), np.array([LATEST], np.int32))


@lru_cache(maxsize=1 << 16)
def depends_on_day(node: ops.Node) -> bool:
    """Tell whether the day of observation appears in an expression."""
    return any(field.name == AS_OF for field in node.find(ops.Field))


class Conditions:
    """Evaluates conditions to the days on which they are true, or false; unknown is neither.

    Parameters
    ----------
    static
        What does not depend on the day.
    """

    def __init__(self, static: Static) -> None:
        self.static = static
        self._true: dict[ops.Node, Times] = {}

    def true(self, node: ops.Node) -> Times:
        """Return when a condition is true.

        Raises
        ------
        Unsupported
            If the day appears elsewhere than in a window: ``as_of`` less a day of the row, compared with constants.
        """
        if node not in self._true:
            self._true[node] = self._truth(node)
        return self._true[node]

    def false(self, node: ops.Node) -> Times:
        """Return when a condition is false."""
        if not depends_on_day(node):
            return where(fails(self.static(node)))
        if isinstance(node, ops.Not):
            return self.true(node.arg)
        if isinstance(node, ops.And):
            return either(self.false(node.left), self.false(node.right))
        if isinstance(node, ops.Or):
            return within(self.false(node.left), self.false(node.right))
        day, low, high = self._window(node)
        return within(outside([_shifted(day, low, high)]), _known(day))

    def _truth(self, node: ops.Node) -> Times:
        if not depends_on_day(node):
            return where(holds(self.static(node)))
        if isinstance(node, ops.Not):
            return self.false(node.arg)
        if isinstance(node, ops.And):
            return within(self.true(node.left), self.true(node.right))
        if isinstance(node, ops.Or):
            return either(self.true(node.left), self.true(node.right))
        day, low, high = self._window(node)
        return within([_shifted(day, low, high)], _known(day))

    def _window(self, node: ops.Node) -> tuple[Column, int | None, int | None]:
        day, low, high = window_of(node)
        return self.static(day), low, high


def window_of(node: Node) -> tuple[ops.Node, int | None, int | None]:
    """Read a window: the day of the row, and between how many days after it ``as_of`` must lie, both included.

    Raises
    ------
    Unsupported
        If the condition is no window.
    """
    if isinstance(node, ops.Between):
        return _day_of(node.arg), _whole(node.lower_bound), _whole(node.upper_bound)
    for kind, bounds in _BOUNDS.items():
        if isinstance(node, kind):
            return _compared(node, bounds)
    raise Unsupported(type(node).__name__)


Bounds = Callable[[int], tuple[int | None, int | None]]
_BOUNDS: dict[type[ops.Node], Bounds] = {
    ops.Greater: lambda age: (age + 1, None),
    ops.GreaterEqual: lambda age: (age, None),
    ops.Less: lambda age: (None, age - 1),
    ops.LessEqual: lambda age: (None, age),
    ops.Equals: lambda age: (age, age),
}
_MIRRORED: dict[type[ops.Node], type[ops.Node]] = {
    ops.Greater: ops.Less,
    ops.GreaterEqual: ops.LessEqual,
    ops.Less: ops.Greater,
    ops.LessEqual: ops.GreaterEqual,
    ops.Equals: ops.Equals,
}


def _compared(node: Node, bounds: Bounds) -> tuple[ops.Node, int | None, int | None]:
    if _is_day(node.left):
        return (node.right, *bounds(0))
    if _is_day(node.right):
        return (node.left, *_BOUNDS[_MIRRORED[type(node)]](0))
    if isinstance(node.right, ops.Literal):
        return (_day_of(node.left), *bounds(_whole(node.right)))
    return (_day_of(node.right), *_BOUNDS[_MIRRORED[type(node)]](_whole(node.left)))


def _day_of(node: Node) -> ops.Node:
    while isinstance(node, ops.Cast) and node.to.is_integer():
        node = node.arg
    if not (isinstance(node, ops.DateDelta) and node.part.value == "day" and _is_day(node.left)):
        raise Unsupported(type(node).__name__)
    if depends_on_day(node.right):
        raise Unsupported("as_of on both sides")
    return node.right


def _is_day(node: ops.Node) -> bool:
    return isinstance(node, ops.Field) and node.name == AS_OF


def _whole(node: ops.Node) -> int:
    if isinstance(node, ops.Literal) and isinstance(node.value, int):
        return int(node.value)
    raise Unsupported(type(node).__name__)


def _shifted(day: Column, low: int | None, high: int | None) -> Span:
    days = day.data.astype(np.int32)
    first = np.broadcast_to(EARLIEST, days.shape) if low is None else days + np.int32(low)
    end = np.broadcast_to(LATEST, days.shape) if high is None else days + np.int32(high + 1)
    return Span(first, end)


def _known(day: Column) -> Times:
    return [ALWAYS] if day.known is None else where(day.known)


def boundaries(nodes: Sequence[ops.Node]) -> dict[str, set[int]]:
    """Return, for each day column of the rows, how many days after it some window of the expressions turns.

    Raises
    ------
    Unsupported
        If a window does not begin at a column of the rows.
    """
    found: dict[str, set[int]] = {}
    for node in nodes:
        for condition in node.find((ops.Between, *_BOUNDS)):
            if depends_on_day(condition):
                day, low, high = window_of(condition)
                if not isinstance(day, ops.Field):
                    raise Unsupported(type(day).__name__)
                turns = [*([] if low is None else [low]), *([] if high is None else [high + 1])]
                found.setdefault(day.name, set()).update(turns)
    return found
