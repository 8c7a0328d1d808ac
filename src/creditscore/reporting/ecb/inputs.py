"""Plain counts that the tests of the ECB's instructions are computed from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from creditscore.errors import ParameterError

Counts = npt.NDArray[np.int64]
# Where a customer may be that holds no grade any more.
OUTSIDE: Final = ("defaults_count", "moved_customers_count", "ended_relations_count")
CURRENT: Final = ("grade", "mean_pd", "customer_count", "default_count", "exposure_amount")
INITIAL: Final = ("grade", "customer_count", "default_count")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Migrations:
    """Where the customers of each grade were a year later.

    Parameters
    ----------
    counts
        K x (K + 3): a row for each grade at the start, best first; columns are the grades at the end, then defaults,
        customers moved to another model, and ended relations.
    period
        From which day to which, in words.
    """

    counts: Counts
    period: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EcbInputs:
    """All that the workbook is computed from; what cannot be known is the sentence that says why.

    Parameters
    ----------
    overview
        Model, scope, populations and days: what is told before any test.
    current
        One row for each grade of the master scale, best first: ``grade``, ``mean_pd`` (the applied PD),
        ``customer_count`` (performing customers at the start of the year), ``default_count`` and ``exposure_amount``.
    initial
        The same at the initial validation: ``grade``, ``customer_count``, ``default_count``.
    initial_auc
        AUC on grades at the initial validation.
    migrations
        Migrations of a year.

    Raises
    ------
    ParameterError
        If a column is missing, or the populations differ in their grades.
    """

    overview: Mapping[str, str]
    current: pd.DataFrame
    initial: pd.DataFrame | str
    initial_auc: float | str
    migrations: Migrations | str

    def __post_init__(self) -> None:
        _check("current", self.current, CURRENT)
        if isinstance(self.initial, pd.DataFrame):
            _check("initial", self.initial, INITIAL)
            if list(self.initial["grade"]) != self.grades:
                _refuse("initial", "Its grades are not those of the current population.")
        if isinstance(self.migrations, Migrations):
            wanted = (len(self.grades), len(self.grades) + len(OUTSIDE))
            if self.migrations.counts.shape != wanted:
                _refuse("migrations", f"Their shape is {self.migrations.counts.shape} instead of {wanted}.")

    @property
    def grades(self) -> list[str]:
        """The grades, best first."""
        return [str(grade) for grade in self.current["grade"]]


def _check(where: str, frame: pd.DataFrame, columns: tuple[str, ...]) -> None:
    gone = [name for name in columns if name not in frame.columns]
    if gone:
        _refuse(where, f"It lacks {', '.join(gone)}.")


def _refuse(where: str, found: str) -> None:
    raise ParameterError(where=where, found=found, fix="Give one row for each grade of the master scale, best first.")
