"""The scores of a day as columns: a million customers in memory, and a row of them as a mapping."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

FLOATS = frozenset({"log_odds", "score", "limit_number", "headroom_number", "term_number"})
DAYS = frozenset({"as_of", "governed_since"})
TEXTS = frozenset(
    {"grade", "colour", "governed_colour", "action", "frozen_by"}
    | {f"{name}_rule" for name in ("limit", "headroom", "term")}
    | {f"reason_{place}" for place in (1, 2, 3)}
)
PROBABILITY = "pd_"  # what the name of a probability begins with, before its horizon


class Column(Protocol):
    """One column of many rows."""

    def add(self, values: Sequence[Any]) -> None:
        """Add the values of further rows."""

    def finish(self) -> None:
        """Join what was added; nothing is added afterwards."""

    def at(self, place: int) -> Any:  # noqa: ANN401 - each column has its own kind
        """Return the value of a row, ``None`` where it is missing."""


class FloatColumn:
    """Real numbers; missing ones are NaN inside."""

    def __init__(self) -> None:
        self._parts: list[npt.NDArray[np.float64]] = []
        self._values = np.empty(0)

    def add(self, values: Sequence[float | None]) -> None:
        """Add the values of further rows."""
        self._parts.append(np.array(values, dtype=np.float64))

    def finish(self) -> None:
        """Join what was added."""
        self._values, self._parts = _joined(self._parts, np.float64), []

    def at(self, place: int) -> float | None:
        """Return the value of a row."""
        value = float(self._values[place])
        return None if value != value else value  # noqa: PLR0124 - only NaN differs from itself


class IntegerColumn:
    """Whole numbers, exact, with a mark where one is missing."""

    def __init__(self) -> None:
        self._parts: list[npt.NDArray[np.int64]] = []
        self._marks: list[npt.NDArray[np.bool_]] = []
        self._values = np.empty(0, np.int64)
        self._missing: npt.NDArray[np.bool_] | None = None

    def add(self, values: Sequence[int | None]) -> None:
        """Add the values of further rows."""
        missing = np.array([value is None for value in values]) if None in values else np.zeros(len(values), np.bool_)
        self._marks.append(missing)
        self._parts.append(np.array([value or 0 for value in values] if missing.any() else values, dtype=np.int64))

    def finish(self) -> None:
        """Join what was added."""
        self._values, self._parts = _joined(self._parts, np.int64), []
        missing, self._marks = _joined(self._marks, np.bool_), []
        self._missing = missing if missing.any() else None

    def at(self, place: int) -> int | None:
        """Return the value of a row."""
        return None if self._missing is not None and self._missing[place] else int(self._values[place])


class CodedColumn:
    """Values of which there are few different ones, such as colours and days: a number a row."""

    def __init__(self) -> None:
        self._known: dict[Any, int] = {}
        self._parts: list[npt.NDArray[np.int32]] = []
        self._values: list[Any] = []
        self._codes = np.empty(0, np.int32)

    def add(self, values: Sequence[Any]) -> None:
        """Add the values of further rows."""
        known = self._known
        self._parts.append(np.array([known.setdefault(value, len(known)) for value in values], dtype=np.int32))

    def finish(self) -> None:
        """Join what was added, in as few bytes a row as there are different values."""
        kind = np.uint8 if len(self._known) <= np.iinfo(np.uint8).max else np.int32
        self._codes = _joined(self._parts, np.int32).astype(kind)
        self._values, self._parts = list(self._known), []

    def at(self, place: int) -> Any:  # noqa: ANN401 - texts or days
        """Return the value of a row."""
        return self._values[self._codes[place]]


class ServedScores:
    """The scores of a day, found by customer.

    Parameters
    ----------
    names
        Names of the columns, ``customer_id`` among them.
    batches
        Rows in any order, each with a value for every name; each customer once.

    Examples
    --------
    >>> scores = ServedScores(("customer_id", "score", "grade"), [[("C2", 60.0, "D"), ("C1", None, "A")]])
    >>> scores.row("C1")
    {'customer_id': 'C1', 'score': None, 'grade': 'A'}
    >>> scores.row("C3") is None, len(scores)
    (True, 2)
    """

    def __init__(self, names: Sequence[str], batches: Iterable[Sequence[Sequence[Any]]]) -> None:
        columns: dict[str, Column] = {name: _column_of(name) for name in names if name != "customer_id"}
        ids: list[bytes] = []
        for batch in batches:
            for name, values in zip(names, zip(*batch, strict=True), strict=True):
                if name == "customer_id":
                    ids.extend(value.encode() for value in values)
                else:
                    columns[name].add(values)
        for column in columns.values():
            column.finish()
        self._columns: Mapping[str, Column] = columns
        # A variable length in one array costs the length of the longest; ids are short and alike.
        found = np.array(ids, dtype=bytes)
        self._order = np.argsort(found, kind="stable").astype(np.int32)
        self._ids = found[self._order]

    def __len__(self) -> int:
        return len(self._ids)

    def place(self, customer_id: str) -> int | None:
        """Return the place of a customer's row, ``None`` where it has none."""
        if "\0" in customer_id:  # which the array of ids could not tell from its end
            return None
        wanted = customer_id.encode("utf-8", "surrogatepass")
        found = int(self._ids.searchsorted(wanted))
        if found == len(self._ids) or self._ids[found] != wanted:
            return None
        return int(self._order[found])

    def row(self, customer_id: str) -> dict[str, Any] | None:
        """Return a customer's row by name of column, ``None`` where it has none."""
        place = self.place(customer_id)
        return None if place is None else self.row_at(customer_id, place)

    def row_at(self, customer_id: str, place: int) -> dict[str, Any]:
        """Return the row of a customer whose place is known."""
        return {"customer_id": customer_id, **{name: column.at(place) for name, column in self._columns.items()}}

    def where_present(self, name: str) -> list[str]:
        """Return the customers, by id, that have a value in a column."""
        column = self._columns[name]
        ids = (one.decode() for one in self._ids)
        return [one for one, place in zip(ids, self._order, strict=True) if column.at(int(place)) is not None]


def _column_of(name: str) -> Column:
    if name in FLOATS or name.startswith(PROBABILITY):
        return FloatColumn()
    return CodedColumn() if name in DAYS or name in TEXTS else IntegerColumn()


def _joined(parts: Sequence[npt.NDArray[Any]], kind: npt.DTypeLike) -> npt.NDArray[Any]:
    return np.concatenate(parts) if parts else np.empty(0, kind)
