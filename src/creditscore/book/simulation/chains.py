"""The Markov chains of the latent state and the hazard of default that it sets.

The state of a customer at a month's end is (quality, strain, regime of the economy, state of its industry), all
discrete. A month moves regime, industry, quality and strain in this order; the new state sets the hazard of the month.
"""

from dataclasses import dataclass
from functools import reduce

import numpy as np

from creditscore.book.simulation.columns import Real, chance, log_odds
from creditscore.book.simulation.parameters import Parameters, QualityParameters, StrainParameters


@dataclass(frozen=True, slots=True)
class Requests:
    """Chances of requests at each quality.

    Parameters
    ----------
    bulk, extension
        Probability of a request within a month.
    bulk_grant, extension_grant
        Probability that it is granted.
    """

    bulk: Real
    extension: Real
    bulk_grant: Real
    extension_grant: Real


@dataclass(frozen=True, slots=True)
class Chains:
    """All laws of motion, as tables.

    Parameters
    ----------
    levels
        Quality of each grade, a standard normal's points.
    quality
        Monthly moves of quality, regime x from x to.
    strain
        Monthly moves of strain, quality x from x to; a neighbour's default comes on top.
    regime
        Monthly moves of the regime, from x to.
    industry
        Monthly moves of an industry's state, regime x from x to.
    requests
        Chances of requests.
    events
        Probability of each kind of event, kind x quality x strain at the start of the month.
    hazard
        Log-odds of default within the month without the customer's offset, quality x strain x regime x industry.
    """

    levels: Real
    quality: Real
    strain: Real
    regime: Real
    industry: Real
    requests: Requests
    events: Real
    hazard: Real


def build_chains(parameters: Parameters) -> Chains:
    """Tabulate the laws of motion and the hazard."""
    levels = quality_levels(parameters.quality)
    requests = _requests(levels, parameters.strain)
    events = _events(levels, parameters.strain)
    return Chains(
        levels=levels,
        quality=_quality_moves(parameters.quality),
        strain=_strain_moves(requests, events, parameters.strain),
        regime=np.array(parameters.economy.regime_moves),
        industry=np.array(parameters.economy.industry_moves),
        requests=requests,
        events=events,
        hazard=_hazard(levels, parameters),
    )


def quality_levels(parameters: QualityParameters) -> Real:
    """Return the grades' values: mean 0 and standard deviation 1 under the binomial law of the chain.

    >>> quality_levels(QualityParameters(grades=5)).tolist()
    [-2.0, -1.0, 0.0, 1.0, 2.0]
    """
    traits = parameters.grades - 1
    return (2.0 * np.arange(traits + 1) - traits) / np.sqrt(traits)


def _quality_moves(parameters: QualityParameters) -> Real:
    """Return Rouwenhorst's chain [1]_ with a slip by one grade whose chance depends on the regime.

    A grade counts the good ones among ``grades - 1`` traits; each keeps its value with probability
    ``(1 + persistence) / 2``.

    References
    ----------
    .. [1] K. A. Kopecky and R. M. H. Suen (2010), Review of Economic Dynamics 13(3), doi:10.1016/j.red.2010.02.002
    """
    traits, keep = parameters.grades - 1, (1 + parameters.persistence) / 2
    moves = np.stack(
        [np.convolve(binomial(good, keep), binomial(traits - good, 1 - keep)) for good in range(traits + 1)]
    )
    slipped = np.c_[moves[:, 1:], np.zeros(traits + 1)]
    slipped[:, 0] += moves[:, 0]
    return np.stack([(1 - slip) * moves + slip * slipped for slip in parameters.slip])


def binomial(trials: int, probability: float) -> Real:
    """Return the binomial law as a table.

    >>> binomial(2, 0.5).tolist()
    [0.25, 0.5, 0.25]
    """
    law = np.array([1.0])
    for _ in range(trials):
        law = np.convolve(law, [1 - probability, probability])
    return law


def _requests(levels: Real, parameters: StrainParameters) -> Requests:
    return Requests(
        bulk=chance(log_odds(parameters.bulk_rate) + parameters.bulk_slope * levels),
        extension=chance(log_odds(parameters.extension_rate) + parameters.extension_slope * levels),
        bulk_grant=chance(parameters.bulk_grant[0] + parameters.bulk_grant[1] * levels),
        extension_grant=chance(parameters.extension_grant[0] + parameters.extension_grant[1] * levels),
    )


def _events(levels: Real, parameters: StrainParameters) -> Real:
    rates = log_odds(np.array(parameters.event_rates))[:, None, None]
    slopes = np.array(parameters.event_slopes)[:, None, None]
    per_unit = np.array(parameters.event_strain)[:, None, None]
    units = np.arange(parameters.highest + 1)
    return chance(rates + slopes * levels[:, None] + per_unit * units)


def _strain_moves(requests: Requests, events: Real, parameters: StrainParameters) -> Real:
    """Return the law of ``min(highest, units that stay + units that requests and events add)``."""
    grades, states = events.shape[1:]
    bulk, extension = requests.bulk * requests.bulk_grant, requests.extension * requests.extension_grant
    moves = np.zeros((grades, states, states))
    for grade in range(grades):
        asked = np.convolve(
            _added(bulk[grade], parameters.bulk_units, each=parameters.bulk_strain),
            _added(extension[grade], parameters.extension_units, each=parameters.extension_strain),
        )
        for units in range(states):
            happened = [
                _added(rate, (*(0.0,) * (step - 1), 1.0))
                for rate, step in zip(events[:, grade, units], parameters.event_units, strict=True)
                if step
            ]
            law: Real = reduce(np.convolve, happened, np.convolve(asked, binomial(units, parameters.stay)))
            kept = law[:states].copy()
            kept[-1] += law[states:].sum()
            moves[grade, units, : len(kept)] = kept
    return moves


def _added(probability: float, units: tuple[float, ...], *, each: int = 1) -> Real:
    """Return the law of the strain added: none, or 1, 2, ... units with the given shares, ``each`` strain a unit."""
    law = np.zeros(1 + each * len(units))
    law[0], law[each::each] = 1 - probability, probability * np.array(units)
    return law


def _hazard(levels: Real, parameters: Parameters) -> Real:
    hazard = parameters.hazard
    units = np.arange(parameters.strain.highest + 1)
    table: Real = (
        hazard.intercept
        + hazard.quality * levels[:, None, None, None]
        + hazard.strain * units[:, None, None]
        + np.array(hazard.regime)[:, None]
        + np.array(hazard.industry_state)
    )
    return table
