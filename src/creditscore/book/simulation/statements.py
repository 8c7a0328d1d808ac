"""Financial statements: what quality looks like in yearly and half-yearly figures, a quarter of a year late."""

from datetime import date

import numpy as np
import pyarrow as pa

from creditscore.book.simulation.columns import Real, Whole, chance, customer_keys, table, words
from creditscore.book.simulation.customers import Customers
from creditscore.book.simulation.parameters import StatementParameters
from creditscore.book.simulation.portfolio import EPOCH

ITEMS = (
    "cash",
    "current_assets",
    "current_liabilities",
    "ebit",
    "equity",
    "inventory",
    "net_profit",
    "retained_earnings",
    "revenue",
    "total_assets",
    "total_liabilities",
)
YEARS_BEFORE = 2
HALF_YEAR = (6, 30)
PUBLISHED = (90, 121)  # days after the end of the period


def statements_table(
    customers: Customers,
    quality: Real,
    calendar: tuple[Whole, Whole],
    *,
    parameters: StatementParameters,
    rng: np.random.Generator,
) -> pa.Table:
    """Return the statements known on the last day.

    Parameters
    ----------
    customers
        All customers.
    quality
        Value of quality, customers x months.
    calendar
        First day of each month, and the day of default of each customer.
    parameters
        Who reports, and how noisily.
    rng
        Random numbers.
    """
    starts, default_on = calendar
    ends = _period_ends(starts)
    reports = rng.random(len(customers)) < parameters.reporting
    half = np.array([(EPOCH.toordinal() + int(day)) for day in ends])
    half_yearly = np.array([date.fromordinal(int(day)).month == HALF_YEAR[0] for day in half])
    wanted = reports[:, None] & (~half_yearly | (customers.size > parameters.half_yearly)[:, None])
    wanted &= (customers.founded_on[:, None] < ends - 180) & (ends < default_on[:, None])
    customer, period = np.nonzero(wanted)
    known = ends[period] + rng.integers(*PUBLISHED, len(period))
    known = np.maximum(known, customers.onboarded_on[customer])
    seen = (known <= starts[-1] - 1) & (known < default_on[customer])
    customer, period, known = customer[seen], period[seen], known[seen]
    month = np.clip(np.searchsorted(starts, ends[period], side="right") - 1, 0, len(starts) - 2)
    health = quality[customer, month] + parameters.noise * rng.standard_normal(len(customer))
    share = np.where(half_yearly[period], 0.5, 1.0)
    values = _values(customers.size[customer], health, share, rng)
    rows, items = len(customer), len(ITEMS)
    return table(
        "statements",
        {
            "customer_id": customer_keys(np.repeat(customer, items)),
            "period_end_on": np.repeat(ends[period], items),
            "item": words(ITEMS, np.tile(np.arange(items), rows)),
            "value": np.stack([values[item] for item in ITEMS], axis=1).ravel(),
            "known_on": np.repeat(known, items),
        },
    )


def _period_ends(starts: Whole) -> Whole:
    """Return the ends of years, from two before the window, and of the half-years, ascending."""
    first, last = (date.fromordinal(EPOCH.toordinal() + int(day)) for day in (starts[0], starts[-1] - 1))
    days = [
        date(year, *month_day)
        for year in range(first.year - YEARS_BEFORE, last.year + 1)
        for month_day in (HALF_YEAR, (12, 31))
    ]
    return np.array([(day - EPOCH).days for day in days if day <= last], dtype=np.int64)


def _values(size: Real, health: Real, share: Real, rng: np.random.Generator) -> dict[str, Real]:
    """Return the items, in yuan; the balance sheet balances and flows cover ``share`` of a year."""

    def noise() -> Real:
        return rng.standard_normal(len(size))

    assets = 2e7 * np.exp(1.1 * size + 0.3 * noise())
    liabilities = assets * (0.15 + 0.9 * chance(0.25 - 0.75 * health + 0.1 * noise()))
    current_assets = assets * chance(0.3 + 0.4 * noise())
    current_liabilities = liabilities * chance(0.9 - 0.2 * health + 0.3 * noise())
    revenue = share * assets * np.exp(0.10 * health + 0.3 * noise())
    ebit = revenue * (0.045 + 0.040 * health + 0.008 * noise())
    net_profit = 0.75 * (ebit - 0.05 * share * liabilities)
    equity = assets - liabilities
    values = {
        "cash": current_assets * chance(-1.3 + 0.5 * health + 0.2 * noise()),
        "current_assets": current_assets,
        "current_liabilities": current_liabilities,
        "ebit": ebit,
        "equity": equity,
        "inventory": 0.6 * current_assets * chance(-0.4 - 0.2 * health + 0.4 * noise()),
        "net_profit": net_profit,
        "retained_earnings": equity * 0.5 + 2.0 * net_profit,
        "revenue": revenue,
        "total_assets": assets,
        "total_liabilities": liabilities,
    }
    return {item: np.round(value, 2) for item, value in values.items()}
