"""Which customers a caller may see: those of its business units, by region and industry."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from creditscore.domain import Workspace
from creditscore.errors import ParameterError

if TYPE_CHECKING:
    from creditscore_serving.access.caller import Caller

DIMENSIONS = ("region", "industry_code")
MOST_CALLERS = 64  # sets of units whose customers are kept marked; each costs a byte a customer
Marks = npt.NDArray[np.bool_]


class Units(frozenset[tuple[str, frozenset[str]]]):
    """What a caller is limited to, as pairs of a dimension and its values: within every dimension that is named.

    Examples
    --------
    >>> units = Units.parse(["region=East", "region=North", "industry_code=C39"])
    >>> units.hold({"region": "North", "industry_code": "C39"})
    True
    >>> units.hold({"region": "North", "industry_code": None})
    False
    >>> Units.parse(["colour=red"])
    Traceback (most recent call last):
    creditscore.errors.ParameterError: unit: It is no region and no industry. Write region=NAME or industry_code=CODE.
    """

    __slots__ = ()

    @classmethod
    def of(cls, values: Mapping[str, Iterable[str]]) -> Self:
        """Return the units with these values in each dimension; no value in a dimension means no customer.

        Raises
        ------
        ParameterError
            If a dimension is unknown.
        """
        if not set(values) <= set(DIMENSIONS):
            raise ParameterError(
                where="unit",
                found="It is no region and no industry.",
                fix="Write region=NAME or industry_code=CODE.",
            )
        return cls((name, frozenset(several)) for name, several in values.items())

    @classmethod
    def parse(cls, texts: Sequence[str]) -> Self | None:
        """Read ``region=East`` and the like; ``None``, which is no limit, where there are none."""
        found: dict[str, set[str]] = {}
        for text in texts:
            name, _, value = text.partition("=")
            found.setdefault(name.strip() if value.strip() else "", set()).add(value.strip())
        return cls.of(found) if found else None

    def as_text(self) -> str:
        """Return them as JSON, in one order."""
        return json.dumps({name: sorted(values) for name, values in sorted(self)}, ensure_ascii=False)

    def as_texts(self) -> list[str]:
        """Return them as they are written for a command."""
        return [f"{name}={value}" for name, values in sorted(self) for value in sorted(values)]

    def hold(self, customer: Mapping[str, Any]) -> bool:
        """Tell whether a customer with a region and an industry is within."""
        return all(customer.get(name) in values for name, values in self)


def visible(caller: "Caller", customers: pd.DataFrame) -> Marks:
    """Mark the rows of a frame with columns ``region`` and ``industry_code`` that a caller may see."""
    marks = np.ones(len(customers), dtype=bool)
    for name, values in caller.units or ():
        marks &= customers[name].isin(list(values)).to_numpy(dtype=bool)
    return marks


def visible_segments(caller: "Caller", rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the rows of a ledger by segment (``dimension``, ``value``) that tell of a caller's customers alone.

    A caller limited in one dimension gets the segments of it that are its own; the total, and the segments of another
    dimension, hold other customers too. A caller limited in both dimensions gets none.
    """
    if caller.units is None:
        return list(rows)
    if len(caller.units) != 1:
        return []
    ((dimension, values),) = caller.units
    return [row for row in rows if row["dimension"] == dimension and row["value"] in values]


class UnitTable:
    """The region and the industry of every customer on a day, in arrays made for a million customers.

    Parameters
    ----------
    customers
        ``customer_id``, ``region`` and ``industry_code``; missing where unknown, which is within no unit.

    Examples
    --------
    >>> from creditscore_serving.access.caller import Caller
    >>> rows = {"customer_id": ["C2", "C1"], "region": ["East", None], "industry_code": ["A", "A"]}
    >>> table = UnitTable(pd.DataFrame(rows))
    >>> east = Caller("erp", units=Units.parse(["region=East"]))
    >>> table.visible(east, ["C1", "C2", "C3"]).tolist()
    [False, True, False]
    >>> table.sees(east, "C2")
    True
    """

    def __init__(self, customers: pd.DataFrame) -> None:
        ids = np.array([_bytes(one) for one in customers["customer_id"]], dtype=bytes)
        order = np.argsort(ids)
        self._ids = ids[order]
        self._codes = {name: _coded(customers[name], order) for name in DIMENSIONS}
        self._marks: dict[Units, Marks] = {}

    @classmethod
    def on(cls, workspace: Workspace, as_of: date) -> Self:
        """Read the units of a workspace's book as they were known on a day."""
        from creditscore.accounts import segments  # noqa: PLC0415 - brings Ibis, which only a serving process needs
        from creditscore.book import Book  # noqa: PLC0415 - as above

        return cls(segments(Book.open(workspace.book), as_of))

    def sees(self, caller: "Caller", customer_id: str) -> bool:
        """Tell whether a caller may see a customer; one that the table does not know, a limited caller may not."""
        if caller.units is None:
            return True
        wanted = _bytes(customer_id)
        place = int(self._ids.searchsorted(wanted))
        is_known = place < len(self._ids) and self._ids[place] == wanted
        return bool(is_known and self._marked(caller.units)[place])

    def visible(self, caller: "Caller", customer_ids: Sequence[str]) -> Marks:
        """Mark those of many customers that a caller may see, as :meth:`sees` does."""
        if caller.units is None:
            return np.ones(len(customer_ids), dtype=bool)
        if not len(self._ids):
            return np.zeros(len(customer_ids), dtype=bool)
        wanted = np.array([_bytes(one) for one in customer_ids], dtype=bytes)
        places = np.minimum(self._ids.searchsorted(wanted), len(self._ids) - 1)
        marks: Marks = (self._ids[places] == wanted) & self._marked(caller.units)[places]
        return marks

    def seen(self, caller: "Caller", customer_ids: Sequence[str]) -> list[str]:
        """Return those of many customers that a caller may see, in their order."""
        marks = self.visible(caller, customer_ids)
        return [one for one, mark in zip(customer_ids, marks, strict=True) if mark]

    def _marked(self, units: Units) -> Marks:
        """Return which of all customers lie within some units, found once."""
        marks = self._marks.get(units)
        if marks is None:
            marks = np.ones(len(self._ids), dtype=bool)
            for name, values in units:
                codes, names = self._codes[name]
                marks &= np.append(np.isin(names, list(values)), [False])[codes]
            if len(self._marks) >= MOST_CALLERS:
                self._marks.clear()
            self._marks[units] = marks
        return marks


def _bytes(customer_id: str) -> bytes:
    return customer_id.encode("utf-8", "surrogatepass")  # JSON may hold half a character; nobody is called so


def _coded(column: pd.Series, order: npt.NDArray[np.intp]) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.str_]]:
    """Return a number for each customer, -1 where missing, and what the numbers stand for."""
    codes, names = pd.factorize(column)
    return codes[order].astype(np.int32), np.asarray(names, dtype=str)
