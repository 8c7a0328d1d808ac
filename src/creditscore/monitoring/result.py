"""What a comparison of two snapshots found."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from creditscore.monitoring.limits import DriftLimits
from creditscore.validation import Psi

FEATURE_COLUMNS = (
    *("feature", "family", "unit", "reason_code", "method", "distance", "psi", "psi_expected", "psi_p_value"),
    *("missing_reference_ratio", "missing_current_ratio", "missing_difference_ratio", "missing_p_value"),
    *("alarm_flag", "alarm_reason"),
)
COLOUR_COLUMNS = ("colour", "reference_ratio", "current_ratio")


@dataclass(frozen=True, slots=True)
class ScoreDrift:
    """Drift of the score itself; means are of the present scores, ``alarm_reason`` is empty if it did not move."""

    psi: Psi
    method: str
    distance: float
    reference_mean: float
    current_mean: float
    alarm_reason: str


@dataclass(frozen=True, slots=True)
class GradeDrift:
    """Drift between grades: the index with its classes, safest first; ``alarm_reason`` is empty if it did not move."""

    psi: Psi
    alarm_reason: str


@dataclass(frozen=True, slots=True, eq=False)
class DriftResult:
    """What moved between a reference and the current snapshot.

    Parameters
    ----------
    reference_count, current_count
        Customers on either side.
    features
        One row a feature, in the order given: name, family, unit and reason code; Evidently's distance and the method
        that gave it (NaN where a side has no value); credit index, what sampling alone would give, its p-value; missing
        shares and the p-value of their difference; whether it raised an alarm and why.
    feature_psi
        The index of each feature with its bins, by name.
    score, grade
        Drift of the score and between grades; None where a side has none.
    colours
        One row a colour, best first; ratios are NaN for a side without colours.
    limits
        What the alarms were judged by.
    detail
        Evidently's own HTML page, where it was asked for.
    """

    reference_count: int
    current_count: int
    features: pd.DataFrame
    feature_psi: Mapping[str, Psi]
    score: ScoreDrift | None
    grade: GradeDrift | None
    colours: pd.DataFrame
    limits: DriftLimits
    detail: Path | None

    @property
    def grade_psi(self) -> float:
        """Population stability index of the grades, NaN where a side has none."""
        return self.grade.psi.value if self.grade else float("nan")

    @property
    def alarms(self) -> tuple[str, ...]:
        """What raised an alarm: features in their order, then ``score`` and ``grade``."""
        named = self.features.loc[self.features["alarm_flag"], "feature"].tolist()
        whole = (("score", self.score), ("grade", self.grade))
        return (*named, *(name for name, found in whole if found is not None and found.alarm_reason))
