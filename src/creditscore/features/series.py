"""Features of time series: made by naming a series, so that a recipe can use the series that its book has."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import ibis

from creditscore.domain import Family, Reason, Risk, Unit
from creditscore.errors import ParameterError
from creditscore.features.definition import Feature
from creditscore.features.relations import (
    Industry,
    IndustryReleases,
    Macro,
    MacroReleases,
    Releases,
    TimeSeries,
)

LONGEST_MONTHS = 60
KNOWN = "in the vintage known on ``as_of``; missing when it is unknown or ended three years before"


@dataclass(frozen=True, slots=True)
class SeriesReader:
    """What is read of a time series.

    Parameters
    ----------
    series
        Name of the series in the book.
    months
        Months over which the change or the mean is taken; 0 for the level.
    relative
        Whether the change is a growth rate rather than a difference.
    averaged
        Whether the mean is taken rather than the change.
    """

    relations: ClassVar[dict[str, type[TimeSeries]]] = {Family.MACRO: Macro, Family.INDUSTRY: Industry}

    series: str
    months: int = 0
    relative: bool = False
    averaged: bool = False

    def __call__(self, relation: TimeSeries) -> ibis.Value:
        """Return the column."""
        if not self.months:
            return relation.level(self.series)
        if self.averaged:
            return relation.mean(self.series, self.months)
        change: Callable[[str, int], Any] = relation.growth if self.relative else relation.change
        return change(self.series, self.months)

    @property
    def unit(self) -> Unit:
        """Unit of the column."""
        return Unit.RATIO if self.relative else Unit.LEVEL

    @property
    def suffix(self) -> str:
        """What the name of the feature says after the series."""
        if not self.months:
            return "level"
        return f"{'mean' if self.averaged else 'growth' if self.relative else 'change'}_{self.months}m"

    @property
    def description(self) -> str:
        """What the feature measures and when it is missing."""
        if not self.months:
            return f"Latest value of {self.series}, {KNOWN}."
        if self.averaged:
            return f"Mean of {self.series} over the {self.months} months to its latest value, {KNOWN}."
        what = "Growth" if self.relative else "Change"
        return f"{what} of {self.series} over the {self.months} months to its latest value, {KNOWN}."


@dataclass(frozen=True, slots=True)
class SurpriseReader:
    """What was new in the latest figure of a time series.

    Parameters
    ----------
    series
        Name of the series in the book.
    months
        Months over which the mean change is taken that was expected to go on.
    """

    relations: ClassVar[dict[str, type[TimeSeries]]] = {
        Family.MACRO: MacroReleases,
        Family.INDUSTRY: IndustryReleases,
    }

    series: str
    months: int

    def __call__(self, relation: Releases) -> ibis.Value:
        """Return the column."""
        return relation.surprise(self.series, self.months)

    @property
    def unit(self) -> Unit:
        """Unit of the column."""
        return Unit.LEVEL

    @property
    def suffix(self) -> str:
        """What the name of the feature says after the series."""
        return f"surprise_{self.months}m"

    @property
    def description(self) -> str:
        """What the feature measures and when it is missing."""
        return (
            f"Latest figure of {self.series} as first published, less what the vintage of the day before led one to "
            f"expect: its last value, moved on by its mean monthly change over the {self.months} months to it; missing "
            "when one is unknown."
        )


Reader = SeriesReader | SurpriseReader


def macro_level(series: str, *, risk: str, reason: Reason) -> Feature:
    """Return the feature that is the latest known value of a series of the economy.

    Examples
    --------
    >>> rate = macro_level("UNRATE", risk="rises", reason=Reason("Z01", en="High unemployment", zh="失业率偏高"))
    >>> rate.name, rate.unit.value
    ('macro_unrate_level', 'level')
    """
    return series_feature(Family.MACRO, SeriesReader(series), risk=risk, reason=reason)


def macro_change(series: str, *, months: int, risk: str, reason: Reason, relative: bool = False) -> Feature:
    """Return the feature that is the change of a series of the economy, within one vintage.

    Parameters
    ----------
    series
        Name of the series in the book.
    months
        Months from the earlier value to the latest, 1 to 60.
    risk, reason
        Direction of risk, and the reason to tell.
    relative
        Whether to return the growth rate, a ratio, rather than the difference in the units of the series.

    Raises
    ------
    ParameterError
        If ``months`` lies outside 1 to 60.

    Examples
    --------
    >>> reason = Reason("Z02", en="Production falls", zh="工业生产下降")
    >>> macro_change("INDPRO", months=12, risk="falls", reason=reason, relative=True).name
    'macro_indpro_growth_12m'
    """
    reader = replace(_over(series, months), relative=relative)
    return series_feature(Family.MACRO, reader, risk=risk, reason=reason)


def macro_surprise(series: str, *, months: int = 12, risk: str, reason: Reason) -> Feature:
    """Return the feature that is the surprise in the latest figure of a series of the economy.

    The latest figure, as it was first published, is compared with what the vintage of the day before led one to expect:
    the last value that it held, moved on by its mean monthly change over the months to it, a random walk with drift.
    What was revised since does not count, for it was not known then. Where the period of the figure ends more than a
    year after that of the last value, nobody expected anything, and the surprise is missing.

    Parameters
    ----------
    series
        Name of the series in the book.
    months
        Months over which the mean change is taken, 1 to 60.
    risk, reason
        Direction of risk, and the reason to tell.

    Raises
    ------
    ParameterError
        If ``months`` lies outside 1 to 60.

    Examples
    --------
    >>> reason = Reason("Z04", en="Orders disappoint", zh="订单不及预期")
    >>> macro_surprise("AMDMNO", risk="falls", reason=reason).name
    'macro_amdmno_surprise_12m'
    """
    reader = SurpriseReader(series, _over(series, months).months)
    return series_feature(Family.MACRO, reader, risk=risk, reason=reason)


def industry_level(series: str, *, risk: str, reason: Reason) -> Feature:
    """Return the feature that is the latest known value of a series of the customer's industry."""
    return series_feature(Family.INDUSTRY, SeriesReader(series), risk=risk, reason=reason)


def industry_change(series: str, *, months: int, risk: str, reason: Reason, relative: bool = False) -> Feature:
    """Return the feature that is the change of a series of the customer's industry; see :func:`macro_change`."""
    reader = replace(_over(series, months), relative=relative)
    return series_feature(Family.INDUSTRY, reader, risk=risk, reason=reason)


def industry_surprise(series: str, *, months: int = 12, risk: str, reason: Reason) -> Feature:
    """Return the feature that is the surprise in a series of the customer's industry; see :func:`macro_surprise`."""
    reader = SurpriseReader(series, _over(series, months).months)
    return series_feature(Family.INDUSTRY, reader, risk=risk, reason=reason)


def industry_mean(series: str, *, months: int, risk: str, reason: Reason) -> Feature:
    """Return the feature that is the mean of a series of the customer's industry over the last months, in one vintage.

    It is for series that are changes already, such as monthly returns, whose latest value says little by itself.

    Parameters
    ----------
    series
        Name of the series in the book.
    months
        Months to the latest period, 1 to 60; a month without a figure counts with the one before it.
    risk, reason
        Direction of risk, and the reason to tell.

    Raises
    ------
    ParameterError
        If ``months`` lies outside 1 to 60.

    Examples
    --------
    >>> reason = Reason("Z03", en="The industry's shares fall", zh="行业股价下跌")
    >>> industry_mean("return", months=12, risk="falls", reason=reason).name
    'industry_return_mean_12m'
    """
    reader = replace(_over(series, months), averaged=True)
    return series_feature(Family.INDUSTRY, reader, risk=risk, reason=reason)


def series_feature(family: Family, reader: Reader, *, risk: str, reason: Reason) -> Feature:
    """Return the feature of the family that reads a series, named after what it reads."""
    return Feature(
        name=f"{family}_{re.sub('[^a-z0-9]+', '_', reader.series.lower()).strip('_')}_{reader.suffix}",
        family=family,
        unit=reader.unit,
        risk=Risk(risk),
        reason=reason,
        description=reader.description,
        relation=reader.relations[family],
        function=reader,
    )


def _over(series: str, months: int) -> SeriesReader:
    if not 1 <= months <= LONGEST_MONTHS:
        raise ParameterError(where=f"series {series}", found=f"months is {months}.", fix=f"Give 1 to {LONGEST_MONTHS}.")
    return SeriesReader(series, months)
