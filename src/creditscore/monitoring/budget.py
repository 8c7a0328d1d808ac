"""How often the watch may cry wolf, and what is too little to speak of."""

import math
from dataclasses import dataclass, field

from creditscore.errors import ParameterError

QUIET_DAYS = 7
LEAST_EFFECT_POINTS = 0.5  # what the score itself may move from one day to the next before that matters


@dataclass(frozen=True, slots=True, kw_only=True)
class Floors:
    """Changes that do not matter, however sure; conventions of this house, not laws.

    Parameters
    ----------
    value
        Shift of a feature or of the grades, in standard deviations of the reference after ranking.
    share
        Change of the share of missing values, or of a colour.
    score
        Change of the mean score, in points.
    """

    value: float
    share: float
    score: float

    def __post_init__(self) -> None:
        """Refuse a floor below 0."""
        if min(self.value, self.share, self.score) < 0:
            raise ParameterError(where="Floors", found="One lies below 0.", fix="Give 0 or more.")


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmBudget:
    """Expected false alarms that a month may bring for the whole book, and what is too little to speak of.

    The expected number of false alarms is at most the sum of the chances of every check of every day, however much
    checks and days depend on one another: an expectation adds up. So each check of a day gets an equal part of the
    budget, ``false_alarms_per_month / (days_per_month * checks)``.

    Parameters
    ----------
    false_alarms_per_month
        Expected false alarms, above 0.
    days_per_month
        Days on which the watch runs.
    quiet_days
        Scored days without a sign after which an alarm is closed.
    fewest
        Fewest customers with a value, on either side, of a segment that is watched.
    least_effect_points
        Effect on the mean score, in points, of all features of one source that moved; one below it is written, shown
        and reported as a notice, and is no alarm. A number of policy: at 0 every notice is an alarm.
    development, last_month, day_before
        What is too little to speak of: a book always differs somewhat from the one that was learned from.

    Examples
    --------
    >>> budget = AlarmBudget()
    >>> round(budget.threshold(1000), 3)
    4.698
    >>> AlarmBudget(false_alarms_per_month=0)
    Traceback (most recent call last):
    creditscore.errors.ParameterError: AlarmBudget: 0 false alarms a month, 31 days. Give a budget above 0 and at \
least one day.
    """

    false_alarms_per_month: float = 1.0
    days_per_month: int = 31
    quiet_days: int = QUIET_DAYS
    fewest: int = 100
    least_effect_points: float = LEAST_EFFECT_POINTS
    development: Floors = field(default_factory=lambda: Floors(value=0.25, share=0.05, score=3.0))
    last_month: Floors = field(default_factory=lambda: Floors(value=0.1, share=0.02, score=1.0))
    day_before: Floors = field(default_factory=lambda: Floors(value=0.05, share=0.01, score=0.5))

    def __post_init__(self) -> None:
        """Refuse a budget that allows nothing."""
        if not self.least_effect_points >= 0:
            raise ParameterError(
                where="AlarmBudget", found=f"The least effect is {self.least_effect_points:g}.", fix="Give 0 or more."
            )
        if not (self.false_alarms_per_month > 0 and self.days_per_month >= 1):
            raise ParameterError(
                where="AlarmBudget",
                found=f"{self.false_alarms_per_month:g} false alarms a month, {self.days_per_month} days.",
                fix="Give a budget above 0 and at least one day.",
            )

    def level(self, checks: int) -> float:
        """Return the chance of a false alarm that each of a day's checks may take."""
        return min(self.false_alarms_per_month / (self.days_per_month * max(checks, 1)), 1.0)

    def threshold(self, checks: int) -> float:
        """Return the least statistic of an alarm: the ``x`` at which ``2 exp(-x^2 / 2)`` meets the level of a check."""
        return math.sqrt(2 * math.log(2 / self.level(checks)))
