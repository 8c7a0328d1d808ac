"""Who the customers are: what never changes about them."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from creditscore.book.simulation.columns import Real, Whole, customer_keys, keys, table, words
from creditscore.book.simulation.economy import INDUSTRIES
from creditscore.book.simulation.parameters import HazardParameters, Parameters
from creditscore.book.simulation.portfolio import Portfolio

DAYS_OF_YEAR = 365.25
TYPICAL_LOG_AGE = 1.9  # mean of log(1 + age in years) at onboarding
REGIONS = (
    "Anhui", "Beijing", "Chongqing", "Fujian", "Guangdong", "Hebei", "Henan", "Hubei", "Hunan", "Jiangsu",
    "Liaoning", "Shaanxi", "Shandong", "Shanghai", "Sichuan", "Tianjin", "Zhejiang",
)  # fmt: skip
ONSETS = (
    "Bel",
    "Cor",
    "Dan",
    "Fen",
    "Gal",
    "Hul",
    "Jor",
    "Kam",
    "Lun",
    "Mer",
    "Nav",
    "Pol",
    "Quo",
    "Sel",
    "Tav",
    "Vor",
)
MIDDLES = ("a", "ani", "e", "ero", "i", "ila", "o", "ota", "u", "uri")
ENDINGS = ("bex", "dor", "fin", "gan", "lex", "mont", "nor", "quil", "rix", "sun", "tek", "von", "wen", "zhu")
TRADES = (
    "Agriculture", "Foods", "Textiles", "Chemicals", "Minerals", "Machinery",
    "Electronics", "Construction", "Trading", "Logistics", "Software", "Leasing",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Customers:
    """What never changes about each customer; one entry a customer.

    Parameters
    ----------
    industry
        Place in ``INDUSTRIES``.
    region
        Place in ``REGIONS``.
    size
        Log size in standard deviations.
    founded_on, onboarded_on
        Days from 1970-01-01.
    onboarded_month
        Month of the window in which the customer came; -1 if before it.
    capital
        Registered capital in fen.
    offset
        The customer's own part of the log-odds of default.
    """

    industry: Whole
    region: Whole
    size: Real
    founded_on: Whole
    onboarded_on: Whole
    onboarded_month: Whole
    capital: Whole
    offset: Real

    def __len__(self) -> int:
        return len(self.size)


def draw_customers(portfolio: Portfolio, parameters: Parameters, rng: np.random.Generator) -> Customers:
    """Draw the customers; a share of them is onboarded within the window."""
    count = portfolio.customers
    starts = portfolio.month_starts()
    size = rng.standard_normal(count)
    industry = rng.choice(len(INDUSTRIES), count, p=_shares(len(INDUSTRIES)))
    later = rng.random(count) < parameters.onboarded_later
    within = rng.integers(starts[0], starts[-1], count)
    before = starts[0] - 1 - np.floor(DAYS_OF_YEAR * rng.gamma(1.6, 2.2, count)).astype(np.int64)
    onboarded_on = np.where(later, within, before)
    age = np.clip(rng.gamma(2.0, 3.5, count), 0.25, 60.0)
    capital = 1_000_000.0 * np.exp(1.1 * size + 0.6 * rng.standard_normal(count))
    return Customers(
        industry=industry,
        region=rng.choice(len(REGIONS), count),
        size=size,
        founded_on=onboarded_on - np.floor(DAYS_OF_YEAR * age).astype(np.int64),
        onboarded_on=onboarded_on,
        onboarded_month=np.searchsorted(starts, onboarded_on, side="right") - 1,
        capital=np.maximum(np.round(capital, -4), 10_000).astype(np.int64) * 100,
        offset=_offset(size, age, industry, parameters.hazard),
    )


def _shares(count: int) -> Real:
    weights = np.linspace(1.5, 0.5, count)
    return weights / weights.sum()


def _offset(size: Real, age: Real, industry: Whole, hazard: HazardParameters) -> Real:
    """Return the log-odds of default that come from size, age at onboarding and sector."""
    sector = hazard.sector_spread * np.cos(np.pi * np.arange(len(INDUSTRIES)) / (len(INDUSTRIES) - 1))
    years = np.log1p(age) - TYPICAL_LOG_AGE
    raw = hazard.size * size + hazard.age * years + sector[industry]
    return np.clip(raw, -hazard.offset_bound, hazard.offset_bound)


def customers_table(customers: Customers, group: Whole, *, last: int, rng: np.random.Generator) -> pa.Table:
    """Return the table of the customers that are known on the last day; ``group`` -1 is none."""
    numbers = np.arange(len(customers), dtype=np.int64)
    seen = customers.onboarded_on <= last
    full = {
        "customer_id": customer_keys(numbers),
        "name": _names(customers, rng),
        "registration_number": keys("91", (110_000 + customers.region * 10_000, 6), (numbers * 7919 % 10**10, 10)),
        "industry_code": words(INDUSTRIES, customers.industry),
        "region": words(REGIONS, customers.region),
        "founded_on": customers.founded_on,
        "onboarded_on": customers.onboarded_on,
        "registered_capital_amount": customers.capital,
        "group_id": pc.if_else(pa.array(group >= 0), keys("G", (np.maximum(group, 0) + 1, 6)), None),
        "known_on": customers.onboarded_on,
    }
    return table("customers", full).filter(pa.array(seen))


def _names(customers: Customers, rng: np.random.Generator) -> pa.Array:
    parts = [words(choice, rng.integers(0, len(choice), len(customers))) for choice in (ONSETS, MIDDLES, ENDINGS)]
    stems = pc.binary_join_element_wise(*parts, "")
    places, trades = words(REGIONS, customers.region), words(TRADES, customers.industry)
    return pc.binary_join_element_wise(places, stems, trades, "Co., Ltd.", " ")
