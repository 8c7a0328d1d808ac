"""Time series of the economy and of industries, in the vintage that was known."""

from collections.abc import Mapping
from functools import reduce
from operator import add
from typing import ClassVar, Self

import ibis
import ibis.expr.types as ir

from creditscore.book import TABLES, holds_on, with_validity
from creditscore.features.relations.base import Relation, View

MONTHS_IN_YEAR = 12
STALE_MONTHS = 36  # a series whose last period ended longer before the latest publication has no current level
REACH_MONTHS = STALE_MONTHS + 61  # how far back periods are read, which bounds the change that can be asked for
NEWS_MONTHS = MONTHS_IN_YEAR  # what follows a longer silence was expected of nobody


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


class Releases(TimeSeries):
    """One row a vintage, series and period, as published on the eve of the series' latest first figure.

    The *latest first figure* is the figure of the series' latest period in the day's vintage, as it was first
    published; its *eve* is the day before. So the levels and the changes of this relation are what was known just
    before the news.
    """

    def surprise(self, series: str, months: int) -> ir.FloatingScalar:
        """Return the latest first figure less what was expected on its eve.

        Expected is the level of the eve, moved on by the mean monthly change over the ``months`` months to it. Missing
        where a figure is, or where the level of the eve is of a period more than a year before that of the news.
        """
        row = self.table
        eve = (row.series == series) & (row.period_end_on == row.last_on)
        news = eve.ifelse(row.news_value, ibis.null("float64")).max()
        ahead = eve.ifelse(_month(row.news_on) - row.month, ibis.null("int64")).max()
        return news - (self.level(series) + self.change(series, months) * ahead / months)


class Macro(TimeSeries):
    """Series of the economy."""

    needs: ClassVar[tuple[str, ...]] = ("macro",)
    keys: ClassVar[tuple[str, ...]] = ("vintage_on",)

    @classmethod
    def build(cls, view: View) -> Self:
        """Join the observations to the vintages of the series."""
        vintages = _vintages(view, "macro")
        return cls(_series(view, "macro", vintages), _observed(view, "macro", vintages))


class MacroReleases(Releases):
    """Series of the economy on the eve of their latest first figures."""

    needs: ClassVar[tuple[str, ...]] = Macro.needs
    keys: ClassVar[tuple[str, ...]] = Macro.keys

    @classmethod
    def build(cls, view: View) -> Self:
        """Join the observations to the vintages of the series."""
        vintages = _vintages(view, "macro")
        return cls(_eves(view, "macro", vintages), _observed(view, "macro", vintages))


class Industry(TimeSeries):
    """Series of the customer's industry, in the industry code that was known of the customer."""

    needs: ClassVar[tuple[str, ...]] = ("customers", "industry")
    keys: ClassVar[tuple[str, ...]] = ("vintage_on", "industry_code")

    @classmethod
    def build(cls, view: View) -> Self:
        """Join the observations to the vintages of their industry's series."""
        vintages = _vintages(view, "industry")
        return cls(_series(view, "industry", vintages), _observed(view, "industry", vintages))


class IndustryReleases(Releases):
    """Series of the customer's industry on the eve of their latest first figures."""

    needs: ClassVar[tuple[str, ...]] = Industry.needs
    keys: ClassVar[tuple[str, ...]] = Industry.keys

    @classmethod
    def build(cls, view: View) -> Self:
        """Join the observations to the vintages of their industry's series."""
        vintages = _vintages(view, "industry")
        return cls(_eves(view, "industry", vintages), _observed(view, "industry", vintages))


def _observed(view: View, name: str, vintages: ir.Table) -> ir.Table:
    """Return the observations with the keys of their series."""
    if name == "macro":
        return view.observations.join(vintages, "as_of").select("row", "vintage_on")
    return view.known("customers").join(vintages, "as_of").select("row", "industry_code", "vintage_on")


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
    dated = seen.mutate(last_on=seen.period_end_on.max().over(group_by=["vintage_on", *_names(name)]))
    return dated.filter(_month(dated.last_on) > _month(dated.vintage_on) - STALE_MONTHS)


def _eves(view: View, name: str, vintages: ir.Table) -> ir.Table:
    """Return the figures that held on the eve of the latest first figure of their series, for each vintage."""
    news = _news(view, name, vintages)
    versions = view.facts.keep(f"{name}_versions", with_validity(view.facts.known(name), TABLES[name]))
    versions = versions.mutate(month=_month(versions.period_end_on))
    figures = versions.join(news, _names(name))
    held = figures.superseded_on.isnull() | (figures.superseded_on >= figures.first_on)
    eve = figures.filter((figures.known_on < figures.first_on) & held)
    eve = eve.filter(eve.month > _month(eve.news_on) - REACH_MONTHS)
    dated = eve.mutate(last_on=eve.period_end_on.max().over(group_by=["vintage_on", *_names(name)]))
    return dated.filter(_month(dated.last_on) >= _month(dated.news_on) - NEWS_MONTHS)


def _news(view: View, name: str, vintages: ir.Table) -> ir.Table:
    """Return the latest period of each series in each vintage, with its first figure and the day of it."""
    known, names = view.facts.known(name), _names(name)
    first = known.group_by(*names, "period_end_on").agg(
        first_on=known.known_on.min(), first_value=known.value.argmin(known.known_on)
    )
    first = view.facts.keep(f"{name}_first_figures", first)
    days = vintages.select("vintage_on").distinct()
    stale = _month(days.vintage_on) - STALE_MONTHS
    seen = first.join(days, (first.first_on <= days.vintage_on) & (_month(first.period_end_on) > stale))
    return seen.group_by("vintage_on", *names).agg(
        news_on=seen.period_end_on.max(),
        news_value=seen.first_value.argmax(seen.period_end_on),
        first_on=seen.first_on.argmax(seen.period_end_on),
    )


def _names(name: str) -> list[str]:
    """Return what names a series of the table."""
    return [key for key in TABLES[name].key if key != "period_end_on"]


def _month(day: ir.DateValue) -> ir.IntegerValue:
    return day.year() * MONTHS_IN_YEAR + day.month()
