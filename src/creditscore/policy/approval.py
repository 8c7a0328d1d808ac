"""How applications are graded, and who decides on them."""

from dataclasses import dataclass

from creditscore.errors import PolicyError


@dataclass(frozen=True, slots=True, kw_only=True)
class CooperationYears:
    """Years of cooperation: more than ``low_risk_above`` is low risk, less than ``high_risk_below`` high risk."""

    low_risk_above: float
    high_risk_below: float

    def __post_init__(self) -> None:
        if not 0 <= self.high_risk_below <= self.low_risk_above:
            raise PolicyError(
                where="CooperationYears",
                found=f"high risk below {self.high_risk_below:g}, low risk above {self.low_risk_above:g} years.",
                fix="Let low risk need at least the years at which high risk ends.",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class PaybackRatio:
    """Historical payback: ``low_risk_from`` or more is low risk, less than ``high_risk_below`` high risk."""

    low_risk_from: float
    high_risk_below: float

    def __post_init__(self) -> None:
        if not 0 <= self.high_risk_below <= self.low_risk_from <= 1:
            raise PolicyError(
                where="PaybackRatio",
                found=f"high risk below {self.high_risk_below:g}, low risk from {self.low_risk_from:g}.",
                fix="Give shares of 1 of which low risk has the larger.",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class GreenChannel:
    """Low risk is approved automatically within so many working days."""

    working_days: int

    def __post_init__(self) -> None:
        _at_least_one("GreenChannel", working_days=self.working_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Committee:
    """High risk goes to the credit committee.

    Parameters
    ----------
    max_levels
        Most levels of approval.
    dispute_working_days
        Working days within which a dispute is ruled.
    """

    max_levels: int
    dispute_working_days: int

    def __post_init__(self) -> None:
        _at_least_one("Committee", max_levels=self.max_levels, dispute_working_days=self.dispute_working_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """The three dimensions by which an application is graded, and the two ways to a decision."""

    industry_risks: tuple[str, ...]
    cooperation_years: CooperationYears
    payback_ratio: PaybackRatio
    green_channel: GreenChannel
    committee: Committee

    def __post_init__(self) -> None:
        if not self.industry_risks or len(set(self.industry_risks)) < len(self.industry_risks):
            raise PolicyError(
                where="Approval",
                found="industry_risks is empty or repeats a level.",
                fix="List each level once, highest risk first.",
            )


def _at_least_one(where: str, **counts: int) -> None:
    low = [name for name, count in counts.items() if count < 1]
    if low:
        raise PolicyError(where=where, found=f"{low[0]} is {counts[low[0]]}.", fix="Give 1 or more.")
