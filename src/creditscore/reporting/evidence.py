"""What an accuracy report rests on: who was scored, what became of them, and which lights its reader has agreed to."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from creditscore.domain import Text, pd_column, text
from creditscore.errors import ContractError, some

SPLITS: Final = ("development", "calibration", "test")
COLUMNS: Final = (
    *("customer_id", "as_of", "split", "default_flag", "log_odds", "score", "grade", "colour"),
    *("exposure_amount", "pd_logistic", "pd_single", "industry_code", "region"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lights:
    """Thresholds between the verdicts: a convention of this report, not of any supervisor.

    Parameters
    ----------
    level
        Confidence level of the intervals.
    review_p_value, fail_p_value
        A test whose p-value is smaller asks for a review, or fails.
    fewest_defaults
        With fewer defaults a question stays open.
    weak_auc
        A lower AUC asks for a review even where it is surely above one half.
    understated_ratio
        The level fails where defaults exceed the expected by this factor, and surely so.
    """

    level: float = 0.95
    review_p_value: float = 0.05
    fail_p_value: float = 0.01
    fewest_defaults: int = 20
    weak_auc: float = 0.7
    understated_ratio: float = 1.25


LIGHTS: Final = Lights()


@dataclass(frozen=True, kw_only=True, eq=False)
class Evidence:
    """Scored customers and their outcomes.

    Parameters
    ----------
    frame
        The evaluation frame of a bundle.
    horizon_months
        Length of the outcome window.
    lights
        Thresholds between the verdicts.

    Raises
    ------
    ContractError
        If a column is missing.
    """

    frame: pd.DataFrame
    horizon_months: int
    lights: Lights = LIGHTS

    def __post_init__(self) -> None:
        gone = [name for name in (*COLUMNS, self.pd_name) if name not in self.frame.columns]
        if gone:
            raise ContractError(
                where="evaluation frame",
                found=f"It lacks {some(gone)}.",
                fix="Train the bundle again with this version.",
            )

    @property
    def pd_name(self) -> str:
        """Name of the column of the probability of default."""
        return pd_column(self.horizon_months)

    @cached_property
    def test(self) -> pd.DataFrame:
        """Out-of-time rows whose outcome is known."""
        return self.frame[(self.frame["split"] == "test") & self.frame["default_flag"].notna()]

    @cached_property
    def cohort(self) -> pd.DataFrame:
        """Each out-of-time customer once, when first observed.

        A customer observed at several month ends has outcome windows that overlap, so that one default counts several
        times. Intervals and tests take each customer once; what is left is close to independent.
        """
        return self.test.sort_values(["as_of", "customer_id"]).drop_duplicates("customer_id")

    @property
    def unseen(self) -> pd.DataFrame:
        """Customers of the cohort that have no row in development or calibration, where the bundle says so."""
        if "unseen_flag" not in self.cohort.columns:
            return self.cohort.iloc[:0]
        return self.cohort[self.cohort["unseen_flag"].astype(bool)]

    @property
    def cohort_defaults(self) -> int:
        """Number of defaults in the cohort."""
        return int(self.cohort["default_flag"].sum())

    @property
    def speaks(self) -> bool:
        """Whether the cohort has enough defaults, and others, to answer a question."""
        defaults = self.cohort_defaults
        return min(defaults, len(self.cohort) - defaults) >= self.lights.fewest_defaults

    @property
    def silence(self) -> Text:
        """Why a question stays open, as a sentence."""
        return text(
            "{defaults:,} of {customers:,} out-of-time customers defaulted; this needs at least {fewest} who did and "
            "as many who did not.",
            defaults=self.cohort_defaults,
            customers=len(self.cohort),
            fewest=self.lights.fewest_defaults,
        )


def flags(frame: pd.DataFrame) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Return the outcomes of a frame as an array."""
    return frame["default_flag"].to_numpy(dtype=np.float64)


def values(frame: pd.DataFrame, name: str) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Return a numeric column of a frame as an array."""
    return frame[name].to_numpy(dtype=np.float64)
