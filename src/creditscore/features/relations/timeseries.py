"""Time series of the economy and of industries, in the vintage that was known."""

from collections.abc import Mapping
from functools import reduce
from operator import add
from typing import ClassVar, Self

import ibis
import ibis.expr.types as ir

from creditscore.book import holds_on
from creditscore.features.relations.base import Relation, View

MONTHS_IN_YEAR = 12
STALE_MONTHS = 36  # a series whose last period ended longer before the latest publication has no current level
REACH_MONTHS = STALE_MONTHS + 61  # how far back periods are read, which bounds the change that can be asked for


class TimeSeries(Relation):
    """One row a vintage, series and period; a vintage is a day on which some figure of the table was published.

    Observations are joined to the vintage that held on their ``as_of``, so a series is read once a vintage, however
    many observations see it.
    """

    keys: ClassVar[tuple[str, ...]]

    def __init__(self, table: ir.Table, observations: ir.Table) -> None:
        super().__init__(table)
        self.observations = observations

    def evaluate(self, columns: Mapping[str, ibis.Value]) -> ir.Table:
        """Return ``row`` and the columns, evaluated once for each vintage."""
        found = self.table.group_by(*self.keys).agg(**columns)
        return self.observations.join(found, list(self.keys)).select("row", *columns)

    def over_nothing(self, columns: Mapping[str, ibis.Value]) -> ir.Table | None:  # noqa: ARG002 - the base's signature
        """Return nothing: without a vintage every column is missing."""
        return None

    def level(self, series: str) -> ir.FloatingScalar:
        """Return the value of the latest period; missing where the series is unknown or stale."""
        row = self.table
        latest = (row.series == series) & (row.period_end_on == row.last_on)
        return latest.ifelse(row.value, ibis.null("float64")).max()

    def before(self, series: str, months: int) -> ir.FloatingScalar:
        """Return the value ``months`` months before the latest period, in the same vintage; 60 at most."""
        row = self.table
        earlier = (row.series == series) & (row.month <= _month(row.last_on) - months)
        return row.value.argmax(row.period_end_on, where=earlier)

    def change(self, series: str, months: int) -> ir.FloatingScalar:
        """Return the level less the value ``months`` months before, in the same vintage."""
        return self.level(series) - self.before(series, months)

    def growth(self, series: str, months: int) -> ir.FloatingScalar:
        """Return the level over the value ``months`` months before, less 1; missing where that was 0."""
        return self.level(series) / self.before(series, months).nullif(0.0) - 1.0

    def mean(self, series: str, months: int) -> ir.FloatingScalar:
        """Return the mean over the ``months`` months to the latest, in the same vintage; missing where none is as old.

        A month without a figure counts with the latest one before it. The months are added in their order, whatever
        the engine does, so equal figures give equal bits.
        """
        return reduce(add, (self.before(series, back) for back in range(months))) / months


class Macro(TimeSeries):
    """Series of the economy."""

    needs: ClassVar[tuple[str, ...]] = ("macro",)
    keys: ClassVar[tuple[str, ...]] = ("vintage_on",)

    @classmethod
    def build(cls, view: View) -> Self:
        """Join the observations to the vintages of the series."""
        vintages = _vintages(view, "macro")
        observed = view.observations.join(vintages, "as_of").select("row", "vintage_on")
        return cls(_series(view, "macro", vintages), observed)


class Industry(TimeSeries):
    """Series of the customer's industry, in the industry code that was known of the customer."""

    needs: ClassVar[tuple[str, ...]] = ("customers", "industry")
    keys: ClassVar[tuple[str, ...]] = ("vintage_on", "industry_code")

    @classmethod
    def build(cls, view: View) -> Self:
        """Join the observations to the vintages of their industry's series."""
        vintages = _vintages(view, "industry")
        observed = view.known("customers").join(vintages, "as_of").select("row", "industry_code", "vintage_on")
        return cls(_series(view, "industry", vintages), observed)


def _vintages(view: View, name: str) -> ir.Table:
    """Return each observed day with the last day on which a figure was published."""
    days = view.observations.select("as_of").distinct()
    published = view.facts.versions(name).select(vintage_on="known_on").distinct()
    seen = days.join(published, published.vintage_on <= days.as_of)
    return seen.group_by("as_of").agg(vintage_on=seen.vintage_on.max())


def _series(view: View, name: str, vintages: ir.Table) -> ir.Table:
    figures = view.facts.versions(name)
    figures = figures.mutate(month=_month(figures.period_end_on))
    days = vintages.select("vintage_on").distinct()
    reach = _month(days.vintage_on) - REACH_MONTHS
    seen = figures.join(days, holds_on(figures, days.vintage_on) & (figures.month > reach))
    group = ["vintage_on", "series", *(["industry_code"] if "industry_code" in seen.columns else [])]
    dated = seen.mutate(last_on=seen.period_end_on.max().over(group_by=group))
    return dated.filter(_month(dated.last_on) > _month(dated.vintage_on) - STALE_MONTHS)


def _month(day: ir.DateValue) -> ir.IntegerValue:
    return day.year() * MONTHS_IN_YEAR + day.month()
