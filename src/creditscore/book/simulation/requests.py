"""The truth of what did not happen: the probability of default if a request were granted."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from creditscore.book.simulation.columns import Real, customer_keys
from creditscore.book.simulation.parameters import DEFAULTS, StrainParameters
from creditscore.book.simulation.portfolio import EPOCH, Portfolio
from creditscore.book.simulation.run import draw_world
from creditscore.book.simulation.truth import foresee, standing, true_probability
from creditscore.domain import Purpose, pd_column
from creditscore.errors import ParameterError

SCENARIOS = (Purpose.BULK_PURCHASE, Purpose.TERM_EXTENSION)


def truth_under_requests(
    portfolio: Portfolio, *, purpose: Purpose, units: Sequence[int], days: Sequence[date]
) -> pd.DataFrame:
    """Return the true probability of default of each customer if a request were granted at a month's end.

    The portfolio's world is drawn anew, the same to the last bit, so that no file of it is needed. What is granted adds
    its strain at once, on top of all that happened; what other requests may come later is in the probability as ever.

    Parameters
    ----------
    portfolio
        The portfolio that was simulated.
    purpose
        A bulk purchase or a longer term.
    units
        Sizes asked about: months of the customer's usual turnover, or months of 30 days by which the term is longer.
        0 stands for no request, and gives the truth that the simulation writes.
    days
        Month ends of the portfolio.

    Returns
    -------
    pandas.DataFrame
        ``customer_id``, ``as_of``, ``units`` and ``pd_12m``, sorted, of the customers that have come and have
        not defaulted.

    Raises
    ------
    ParameterError
        If the purpose is no scenario, a size is negative, or a day is no month's end of the portfolio.
    """
    strain = _strain_of(purpose, DEFAULTS.strain)
    if min(units) < 0:
        raise ParameterError(where="units", found=f"One is {min(units)}.", fix="Give 0 or more.")
    world = draw_world(portfolio)
    contagion = world.network.contagion
    prospects = foresee(world.chains, DEFAULTS.hazard, most_units=int(contagion.units.max(initial=1)))
    parts = []
    for day in days:
        month = _month_of(portfolio, day)
        state, alive = standing(world.customers, world.lives, world.economy, month=month)
        for size in units:
            truth = true_probability(prospects, state, alive, contagion, month=month, strain=strain * size)
            parts.append(_rows(truth, alive.nonzero()[0], day, size))
    return pd.concat(parts).sort_values(["customer_id", "as_of", "units"], ignore_index=True)


def _strain_of(purpose: Purpose, parameters: StrainParameters) -> int:
    """Return the units of strain that one unit of the request adds."""
    if purpose not in SCENARIOS:
        raise ParameterError(
            where="purpose", found=f"{str(purpose)!r} is no scenario.", fix=f"Use {' or '.join(SCENARIOS)}."
        )
    return parameters.bulk_strain if purpose == Purpose.BULK_PURCHASE else parameters.extension_strain


def _month_of(portfolio: Portfolio, day: date) -> int:
    ends = portfolio.month_starts()[1:] - 1
    place = int(np.searchsorted(ends, (day - EPOCH).days))
    if place == len(ends) or ends[place] != (day - EPOCH).days:
        raise ParameterError(where="days", found=f"{day} is no month's end of the portfolio.", fix="Give month ends.")
    return place


def _rows(truth: Real, customer: np.ndarray, day: date, units: int) -> pd.DataFrame:
    rows = pd.DataFrame(
        {"customer_id": customer_keys(customer).to_pylist(), "units": units, pd_column(12): truth[customer]}
    )
    rows.insert(1, "as_of", pd.Series(pd.Timestamp(day), index=rows.index, dtype="datetime64[ms]"))
    return rows
