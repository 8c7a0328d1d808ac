"""What remedies come to, as plain types."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from creditscore.domain import Colour

Additions = Mapping[str, pa.Table]  # hypothetical rows by table, all known on the day itself


class Remedy(StrEnum):
    """A remedy of the catalogue."""

    COLLECT_OVER_90D = "collect_over_90d"
    COLLECT_OVER_60D = "collect_over_60d"
    COLLECT_OVER_30D = "collect_over_30d"
    COLLECT_OVERDUE = "collect_overdue"
    COLLECT_HALF = "collect_half"
    COLLECT_ALL = "collect_all"
    COLLECT_OLDEST = "collect_oldest"  # as much as the next colour needs
    SETTLE_DISPUTES = "settle_disputes"
    RELEASE_GUARANTEES = "release_guarantees"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the score would be."""

    score: float
    log_odds: float
    colour: Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterfactual:
    """What the score would be after one remedy; found by scoring again, not by reading the model.

    Parameters
    ----------
    remedy
        The remedy.
    amount
        What it moves, in minor units: money to collect, the balance in dispute, the guarantees.
    count
        Invoices or guarantees that it touches.
    before, after
        The score without and with it.
    """

    remedy: Remedy
    amount: int
    count: int
    before: Outcome
    after: Outcome

    @property
    def gain(self) -> float:
        """Points of the score that it brings."""
        return self.after.score - self.before.score
