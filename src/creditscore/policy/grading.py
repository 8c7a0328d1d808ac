"""How risky an applicant is in each of three dimensions: industry, years of cooperation, historical payback."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from creditscore.errors import PolicyError, some

RankArray = npt.NDArray[np.intp]


class RiskLevel(StrEnum):
    """Level of risk in one dimension, lowest first; its place in this order is its rank, as for colours."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


LOWEST_FIRST = tuple(RiskLevel)
LOW, MEDIUM, HIGH = range(3)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndustryRisks:
    """Risk of each industry: codes of high and of low risk, and what all others are.

    A code stands for itself and for the finer ones that begin with it, as ``C30`` for ``C3011``; of several that fit,
    the longest decides.

    Parameters
    ----------
    high, low
        Codes of industries.
    other
        Level of all other codes and of customers whose code is unknown.

    Examples
    --------
    >>> risks = IndustryRisks(high=("E", "C30"), low=("E48",), other=RiskLevel.MEDIUM)
    >>> [str(risks.of(code)) for code in ("E47", "E4813", "C3011", "F51", None)]
    ['high', 'low', 'high', 'medium', 'medium']
    """

    high: tuple[str, ...]
    low: tuple[str, ...]
    other: RiskLevel

    def __post_init__(self) -> None:
        codes = [*self.high, *self.low]
        twice = [code for code in dict.fromkeys(codes) if codes.count(code) > 1]
        if twice or "" in codes:
            raise PolicyError(
                where="IndustryRisks",
                found=f"{some(twice)} stands more than once." if twice else "A code is empty.",
                fix="Give each code once, under the level that holds.",
            )

    def of(self, industry_code: str | None) -> RiskLevel:
        """Return the level of one industry; ``None`` or empty where the code is unknown."""
        return LOWEST_FIRST[int(self.ranks([industry_code or ""])[0])]

    def ranks(self, industry_codes: Sequence[str] | npt.NDArray[np.str_]) -> RankArray:
        """Return the rank of each industry's level: 0 low, 1 medium, 2 high; an unknown code is empty."""
        codes, place = np.unique(np.asarray(industry_codes, dtype=np.str_), return_inverse=True)
        return np.array([self._rank(str(code)) for code in codes], dtype=np.intp)[place]

    def _rank(self, code: str) -> int:
        known = [(len(listed), HIGH) for listed in self.high if code.startswith(listed)]
        known += [(len(listed), LOW) for listed in self.low if code.startswith(listed)]
        return max(known)[1] if known else LOWEST_FIRST.index(self.other)


@dataclass(frozen=True, slots=True, kw_only=True)
class CooperationYears:
    """Years of cooperation: more than ``low_risk_above`` is low risk, less than ``high_risk_below`` high risk.

    An unknown number of years is high risk: a relation that nobody can date has not proven anything.

    Parameters
    ----------
    low_risk_above
        Low risk is above this, and not at it.
    high_risk_below
        High risk is below this, and not at it.
    """

    low_risk_above: float
    high_risk_below: float

    def __post_init__(self) -> None:
        if not 0 <= self.high_risk_below <= self.low_risk_above:
            raise PolicyError(
                where="CooperationYears",
                found=f"high risk below {self.high_risk_below:g}, low risk above {self.low_risk_above:g} years.",
                fix="Let low risk need at least the years at which high risk ends.",
            )

    def of(self, years: float | None) -> RiskLevel:
        """Return the level of so many years; ``None`` or NaN where they are unknown."""
        return _one(self.ranks, years)

    def ranks(self, years: npt.ArrayLike) -> RankArray:
        """Return the rank of each number of years: 0 low, 1 medium, 2 high or missing."""
        given = np.asarray(years, dtype=np.float64)
        return np.where(given > self.low_risk_above, LOW, np.where(given >= self.high_risk_below, MEDIUM, HIGH))


@dataclass(frozen=True, slots=True, kw_only=True)
class PaybackRatio:
    """Historical payback: ``low_risk_from`` or more is low risk, less than ``high_risk_below`` high risk.

    An unknown ratio is high risk: nothing has fallen due yet, or nobody recorded that it was paid.

    Parameters
    ----------
    low_risk_from
        Low risk is this share of 1 or more.
    high_risk_below
        High risk is below this share of 1, and not at it.
    """

    low_risk_from: float
    high_risk_below: float

    def __post_init__(self) -> None:
        if not 0 <= self.high_risk_below <= self.low_risk_from <= 1:
            raise PolicyError(
                where="PaybackRatio",
                found=f"high risk below {self.high_risk_below:g}, low risk from {self.low_risk_from:g}.",
                fix="Give shares of 1 of which low risk has the larger.",
            )

    def of(self, ratio: float | None) -> RiskLevel:
        """Return the level of a ratio; ``None`` or NaN where it is unknown."""
        return _one(self.ranks, ratio)

    def ranks(self, ratios: npt.ArrayLike) -> RankArray:
        """Return the rank of each ratio: 0 low, 1 medium, 2 high or missing."""
        given = np.asarray(ratios, dtype=np.float64)
        return np.where(given >= self.low_risk_from, LOW, np.where(given >= self.high_risk_below, MEDIUM, HIGH))


def _one(ranks: Callable[[npt.ArrayLike], RankArray], value: float | None) -> RiskLevel:
    return LOWEST_FIRST[int(ranks([np.nan if value is None else value])[0])]
