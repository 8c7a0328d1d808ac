"""The business cycle, its industries, and what statistics tell of both: late, noisy, then revised."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from creditscore.book.simulation.columns import Real, Small, Whole, moved, table, words
from creditscore.book.simulation.parameters import EconomyParameters
from creditscore.book.simulation.portfolio import Portfolio

INDUSTRIES = ("A01", "C13", "C17", "C26", "C30", "C34", "C39", "E47", "F51", "G54", "I65", "L72")
STEADY = 1
USUAL = 1
REVISED_AFTER = 61  # days from the first figure to the revised one


@dataclass(frozen=True, slots=True)
class Series:
    """How one series follows the regime (or, in an industry, its state).

    Parameters
    ----------
    levels
        Where the series tends to in each regime or state.
    momentum
        Correlation with the month before.
    noise
        Standard deviation of a month's surprise.
    lag_days
        Days from the end of the month to the first figure.
    error
        Standard deviation of the first figure's error; where it is 0 the series is never revised.
    """

    levels: tuple[float, ...]
    momentum: float
    noise: float
    lag_days: int
    error: float


MACRO = {
    "credit_spread": Series((0.9, 1.3, 1.9, 3.0), 0.75, 0.12, 14, 0.0),
    "interest_rate": Series((4.2, 3.6, 3.1, 2.4), 0.92, 0.06, 14, 0.0),
    "output_gap": Series((1.6, 0.2, -1.0, -3.0), 0.70, 0.30, 28, 0.40),
    "pmi": Series((53.0, 50.8, 49.3, 46.5), 0.55, 0.60, 15, 0.30),
    "ppi": Series((4.5, 1.5, -0.8, -3.5), 0.85, 0.35, 18, 0.25),
}
INDUSTRY = {
    "orders": Series((106.0, 100.0, 92.0), 0.50, 2.20, 25, 1.50),
    "prosperity": Series((122.0, 110.0, 97.0), 0.70, 1.60, 21, 1.00),
}


@dataclass(frozen=True, slots=True)
class Economy:
    """Path of the economy, from ``history_months`` before the portfolio's first month.

    Parameters
    ----------
    regimes
        Regime of each month; 0 is the best.
    states
        State of each industry in each month, months x industries; 0 is the best.
    macro, industry
        The tables of the book.
    """

    regimes: Small
    states: Small
    macro: pa.Table
    industry: pa.Table


def draw_economy(portfolio: Portfolio, parameters: EconomyParameters, rng: np.random.Generator) -> Economy:
    """Draw the regimes, the states of the industries and the series that tell of them."""
    months = parameters.history_months + portfolio.months
    regimes = _regimes(months, parameters, rng)
    states = _states(regimes, parameters, rng)
    starts = portfolio.month_starts(before=parameters.history_months)
    ends, last = starts[1:] - 1, int(starts[-1]) - 1
    return Economy(
        regimes,
        states,
        macro=_macro(regimes, ends, last=last, rng=rng),
        industry=_industry(states, ends, last=last, rng=rng),
    )


def _regimes(months: int, parameters: EconomyParameters, rng: np.random.Generator) -> Small:
    cumulative = np.cumsum(parameters.regime_moves, axis=1)
    path = np.full(months, STEADY, dtype=np.int8)
    for month, uniform in enumerate(rng.random(months - 1), start=1):
        path[month] = moved(cumulative[path[month - 1]][None], np.array([uniform]))[0]
    return path


def _states(regimes: Small, parameters: EconomyParameters, rng: np.random.Generator) -> Small:
    cumulative = np.cumsum(parameters.industry_moves, axis=2)
    path = np.full((len(regimes), len(INDUSTRIES)), USUAL, dtype=np.int8)
    for month in range(1, len(regimes)):
        path[month] = moved(cumulative[regimes[month], path[month - 1]], rng.random(len(INDUSTRIES)))
    return path


def _follow(targets: Real, series: Series, rng: np.random.Generator) -> Real:
    """Return values that tend to their targets: ``x' = m x + (1 - m) target + noise``."""
    surprise = series.noise * rng.standard_normal(targets.shape)
    values = np.empty_like(targets)
    values[0] = targets[0] + surprise[0]
    for month in range(1, len(targets)):
        values[month] = series.momentum * values[month - 1] + (1 - series.momentum) * targets[month] + surprise[month]
    return values


def _vintages(values: Real, ends: Whole, series: Series, rng: np.random.Generator) -> tuple[Whole, Real, Whole]:
    """Return month, value and known day of the first figures and, where the series has an error, the revised ones."""
    months = np.arange(len(values), dtype=np.int64)
    first = np.round(values + series.error * rng.standard_normal(len(values)), 2)
    known = ends + series.lag_days
    if series.error == 0:
        return months, np.round(values, 2), known
    return np.r_[months, months], np.r_[first, np.round(values, 2)], np.r_[known, known + REVISED_AFTER]


def _macro(regimes: Small, ends: Whole, *, last: int, rng: np.random.Generator) -> pa.Table:
    parts = []
    for place, series in enumerate(MACRO.values()):
        month, value, known = _vintages(_follow(np.array(series.levels)[regimes], series, rng), ends, series, rng)
        parts.append((np.full(len(month), place), month, value, known))
    name, month, value, known = (np.concatenate(column) for column in zip(*parts, strict=True))
    seen = known <= last
    return table(
        "macro",
        {
            "series": words(tuple(MACRO), name[seen]),
            "period_end_on": ends[month[seen]],
            "value": value[seen],
            "known_on": known[seen],
        },
    )


def _industry(states: Small, ends: Whole, *, last: int, rng: np.random.Generator) -> pa.Table:
    parts = []
    for place, series in enumerate(INDUSTRY.values()):
        values = _follow(np.array(series.levels)[states], series, rng)
        for industry in range(len(INDUSTRIES)):
            month, value, known = _vintages(values[:, industry], ends, series, rng)
            parts.append((np.full(len(month), industry), np.full(len(month), place), month, value, known))
    code, name, month, value, known = (np.concatenate(column) for column in zip(*parts, strict=True))
    seen = known <= last
    return table(
        "industry",
        {
            "industry_code": words(INDUSTRIES, code[seen]),
            "series": words(tuple(INDUSTRY), name[seen]),
            "period_end_on": ends[month[seen]],
            "value": value[seen],
            "known_on": known[seen],
        },
    )
