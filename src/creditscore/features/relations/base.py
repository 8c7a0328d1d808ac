"""Relations: the tables of the book as they were known on the days of the observations."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import ClassVar, Self

import ibis
import ibis.expr.types as ir
from ibis import _

from creditscore.book import TABLES, Relations, holds_on, receivables, with_validity
from creditscore.features.relations.arithmetic import days_between
from creditscore.features.relations.lineage import Function


class Facts:
    """The versions of all facts that some day in ``[first, last]`` can see; each is prepared once and kept.

    Parameters
    ----------
    relations
        The open book.
    first, last
        First and last day of the observations.
    """

    def __init__(self, relations: Relations, first: date, last: date) -> None:
        self.relations = relations
        self.first = first
        self.last = last
        self._kept: dict[str, ir.Table] = {}

    def has(self, *names: str) -> bool:
        """Tell whether the book has all these tables."""
        return all(self.relations.book.has(name) for name in names)

    def known(self, name: str) -> ir.Table:
        """Return all versions of a table's facts that were known by the last day."""
        return self.relations.table(name).filter(lambda row: row.known_on <= ibis.literal(self.last))

    def dated(self, known: ir.Table, name: str) -> ir.Table:
        """Add ``superseded_on`` to :meth:`known` facts and leave out the versions that the first day no longer sees."""
        versions = with_validity(known, TABLES[name])
        first = ibis.literal(self.first)
        return versions.filter(versions.superseded_on.isnull() | (versions.superseded_on > first))

    def versions(self, name: str) -> ir.Table:
        """Return the versions of a table that hold on some day of the window, with ``superseded_on``; found once."""
        return self._kept[name] if name in self._kept else self.keep(name, self.dated(self.known(name), name))

    @cached_property
    def receivables(self) -> ir.Table:
        """The spans of receivables that some day of the window can see, see :mod:`creditscore.book.spans`."""
        spans = receivables(self.relations)
        begun = spans.filter(spans.known_on <= ibis.literal(self.last))
        seen = begun.filter(begun.superseded_on.isnull() | (begun.superseded_on > ibis.literal(self.first)))
        return self.keep("receivables", seen) if self.relations.distributed else seen

    @cached_property
    def open_receivables(self) -> ir.Table:
        """The few of these spans in which something is owed; found once."""
        return self.keep("open_receivables", self.receivables.filter(_.amount > _.paid_amount))

    def numbered(self, pairs: ir.Table) -> ir.Table:
        """Add ``row`` to pairs of ``customer_id`` and ``as_of``, each there once: what tells one from the others.

        It is a number, or where rows lie on many machines, which do not count together, the pair itself; of a single
        day the customer alone, so that what lies with its customer need not be moved to be summed.
        """
        if not self.relations.distributed:
            return pairs.mutate(row=ibis.row_number().over(order_by=[pairs.as_of, pairs.customer_id]))
        customer = pairs.customer_id
        return pairs.mutate(row=customer if self.first == self.last else customer + pairs.as_of.cast("string"))

    def keep(self, name: str, table: ir.Table) -> ir.Table:
        """Evaluate a table at its first use and return the stored result, now and at each later use."""
        if name not in self._kept:
            self._kept[name] = self.relations.keep(name, table)
        return self._kept[name]


@dataclass(frozen=True, slots=True)
class View:
    """What a set of observations sees of the facts.

    Parameters
    ----------
    facts
        The facts.
    observations
        One row an observation: ``row`` (its number), ``customer_id`` and ``as_of``.
    totals
        Totals of relations that are known already, by ``row``, so that they need not be added up again.
    totals_of_all
        The same of every customer known on a day, observed or not, by ``customer_id`` and ``as_of``.
    """

    facts: Facts
    observations: ir.Table
    totals: Mapping[type["Relation"], ir.Table] = field(default_factory=dict)
    totals_of_all: Mapping[type["Relation"], ir.Table] = field(default_factory=dict)

    def known(self, name: str) -> ir.Table:
        """Return a table's facts about each observed customer that held on its ``as_of``."""
        return self.join(self.facts.versions(name))

    def join(self, versions: ir.Table) -> ir.Table:
        """Join versions of facts about customers to the observations on whose ``as_of`` they held."""
        joined = versions.join(self.observations, "customer_id")
        return joined.filter(holds_on(joined, joined.as_of))


class Relation:
    """A table of facts as each observation saw them; its columns are what features are made of.

    Parameters
    ----------
    table
        One row an observation and fact, with ``row``, the observation's number, and its ``as_of``.
    """

    needs: ClassVar[tuple[str, ...]] = ()

    def __init__(self, table: ir.Table) -> None:
        self.table = table

    @classmethod
    def build(cls, view: View) -> Self:
        """Build the relation that the observations see."""
        raise NotImplementedError

    @classmethod
    def sources(cls, function: Function) -> tuple[str, ...]:  # noqa: ARG003 - what tells columns apart needs it
        """Return what a function of the relation rests on: tables of the book, or columns of a table."""
        return cls.needs

    @property
    def as_of(self) -> ir.DateColumn:
        """Last day whose information may be used."""
        return self.table.as_of

    def days_since(self, day: ir.DateScalar) -> ir.IntegerScalar:
        """Return the days from a day of each group, such as its latest, to the group's ``as_of``."""
        return days_between(self.table.as_of.max(), day)

    def evaluate(self, columns: Mapping[str, ibis.Value]) -> ir.Table:
        """Return one row for each observation that sees a fact: ``row`` and the columns, all from one scan."""
        return self.table.group_by("row").agg(**columns)

    def over_nothing(self, columns: Mapping[str, ibis.Value]) -> ir.Table | None:
        """Return what the columns are for an observation that sees no fact: a count is 0, a mean is missing."""
        return self.table.limit(0).agg(**columns)


class RowRelation(Relation):
    """A relation with at most one row an observation: its features are columns, not sums."""

    def evaluate(self, columns: Mapping[str, ibis.Value]) -> ir.Table:
        """Return ``row`` and the columns."""
        return self.table.select("row", **columns)

    def over_nothing(self, columns: Mapping[str, ibis.Value]) -> ir.Table | None:  # noqa: ARG002 - the base's signature
        """Return nothing: without its row every column is missing."""
        return None
