"""What all calibrations of rates share: the floor, the checks, and the rates as log-odds."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logit
from sklearn.base import BaseEstimator

from creditscore.errors import ParameterError
from creditscore.models.calibration.fields import HALF
from creditscore.models.checks import Floats, checked_labels


class RateCalibration(BaseEstimator, ABC):
    """A calibration that sees each rate as log-odds, clipped so that 0 and 1 are finite.

    Parameters
    ----------
    floor
        Rates are clipped to ``[floor, 1 - floor]`` before the log-odds: a forest may say 0 where none of its leaves
        saw a default, and one basis point is as little as a portfolio of thousands can tell from 0.
    """

    kind: ClassVar[str]
    both_classes: ClassVar[bool] = True

    def __init__(self, *, floor: float = 1e-4) -> None:
        self.floor = floor

    def fit(
        self,
        rates: ArrayLike,
        y: ArrayLike,
        *,
        groups: ArrayLike | None = None,  # noqa: ARG002 - all rows weigh alike
        days: ArrayLike | None = None,  # noqa: ARG002 - and in any order
    ) -> Self:
        """Learn from the model's rates (n,) and the labels (n,) of the calibration period.

        Parameters
        ----------
        rates
            Default rates in [0, 1].
        y
            1 for a default, 0 for none.
        groups, days
            Customer and day of each row. This family weighs all rows alike and needs neither; all calibrations are
            called alike.

        Raises
        ------
        ParameterError
            If the floor, a rate or a label is out of range, all rates are equal, or the period cannot teach this family
            anything: labels of one class, rates that separate the classes or rank them backwards.
        """
        x = self._forest_log_odds(rates)
        labels = checked_labels(self._where, y, rows=len(x), both=self.both_classes)
        self._refuse_equal(x)
        self._learn(x, labels)
        return self

    def log_odds(self, rates: ArrayLike) -> Floats:
        """Return the calibrated log-odds of default (n,) of the model's rates (n,)."""
        return self._at(self._forest_log_odds(rates))

    @abstractmethod
    def to_record(self) -> dict[str, Any]:
        """Return what was learned as plain JSON values; :func:`calibration_of` reads them to the same bits."""

    @classmethod
    @abstractmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Return the fitted calibration that wrote the record, after checking every field."""

    @abstractmethod
    def _learn(self, x: Floats, y: Floats) -> None:
        """Set the fitted attributes from clipped log-odds and labels."""

    @abstractmethod
    def _at(self, x: Floats) -> Floats:
        """Return the calibrated log-odds at clipped log-odds."""

    @property
    def _where(self) -> str:
        return type(self).__name__

    def _forest_log_odds(self, rates: ArrayLike) -> Floats:
        if not 0 < self.floor < HALF:
            raise ParameterError(
                where=self._where, found=f"floor is {self.floor}.", fix="Give a number between 0 and 0.5."
            )
        return logit(np.clip(checked_rates(self._where, rates), self.floor, 1 - self.floor))

    def _refuse_equal(self, x: Floats) -> None:
        if np.ptp(x) == 0:
            raise ParameterError(
                where=self._where, found="All rates are equal.", fix="Fit the forest on features that tell cases apart."
            )


def checked_rates(where: str, rates: ArrayLike) -> Floats:
    """Return rates as float64 (n,), each in [0, 1].

    Raises
    ------
    ParameterError
        If they are not, or there is none to learn from.
    """
    given = np.asarray(rates, dtype=np.float64)
    if given.ndim != 1 or not ((given >= 0) & (given <= 1)).all():
        raise ParameterError(
            where=where, found="The rates are not numbers between 0 and 1.", fix="Give one default rate a row."
        )
    return given
