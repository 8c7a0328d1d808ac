"""The model that a bundle carries: what ranks, its calibration, and the names of its features."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from creditscore.errors import ParameterError
from creditscore.models.calibration import Calibration
from creditscore.models.checks import Floats, checked_matrix
from creditscore.models.ranker import Ranker, carried_over
from creditscore.models.shelf import read_model, write_model

WHERE = "CalibratedModel"


class CalibratedModel:
    """A ranker whose log-odds of default within ``horizon_months`` are calibrated.

    Parameters
    ----------
    ranker
        What ranks: the ``ranker_`` of a fitted estimator, or a :class:`creditscore.models.Blend` of several.
    calibration
        A fitted calibration of its rates.
    feature_names
        Name of each column of ``X``, in order.
    horizon_months
        Length of the outcome window of the labels, in months.

    Raises
    ------
    ParameterError
        If there is not one name for each feature of the ranker, a name comes twice, or the horizon is below 1.
    """

    def __init__(
        self,
        ranker: Ranker,
        calibration: Calibration,
        feature_names: Sequence[str],
        horizon_months: int,
    ) -> None:
        names = tuple(feature_names)
        if len(names) != ranker.features or len(set(names)) != len(names):
            raise ParameterError(
                where=WHERE,
                found=f"{len(set(names))} different names for {ranker.features} features.",
                fix="Name each feature of the model once, in order.",
            )
        if horizon_months < 1:
            raise ParameterError(where=WHERE, found=f"horizon_months is {horizon_months}.", fix="Give 1 or more.")
        self.ranker = ranker
        self.calibration = calibration
        self.feature_names = names
        self.horizon_months = horizon_months

    def default_rate(self, X: ArrayLike, *, threads: int = 1) -> Floats:
        """Return the default rate (n,) that is not calibrated yet."""
        return self.ranker.default_rate(self._checked(X), threads=threads)

    def log_odds(self, X: ArrayLike, *, threads: int = 1) -> Floats:
        """Return the log-odds of default ``ln(pd / (1 - pd))`` (n,); higher is riskier.

        Raises
        ------
        ParameterError
            If ``X`` is not a matrix (n, k) of finite or missing values of the model's k features.
        """
        return self.calibration.log_odds(self.default_rate(X, threads=threads))

    def default_probability(self, X: ArrayLike, *, threads: int = 1) -> Floats:
        """Return the probability of default (n,) within ``horizon_months``."""
        return expit(self.log_odds(X, threads=threads))

    def contributions(self, X: ArrayLike) -> Floats:
        """Return each feature's push toward default (n, k), in log-odds; below 0 it pushes away.

        Exact Shapley attributions of what the trees add up, brought to calibrated log-odds by one factor a row, so that
        signs and order stay and a row's pushes add up to its log-odds less :attr:`start`.
        """
        shares, start = self.ranker.attributions(self._checked(X))
        return carried_over(shares, start, to=self._calibrated)[0]

    @property
    def start(self) -> float:
        """Log-odds that every row's pushes start from: those of the average rate of development."""
        _, start = self.ranker.attributions(np.empty((0, self.ranker.features)))
        return float(self._calibrated(np.array([start]))[0])

    def save(self, folder: Path) -> None:
        """Write ``model.json`` and ``trees_1.npz``, ``trees_2.npz`` ... into ``folder``; text and arrays, no pickle."""
        write_model(
            folder,
            ranker=self.ranker,
            calibration=self.calibration,
            feature_names=self.feature_names,
            horizon_months=self.horizon_months,
        )

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what :meth:`save` wrote; every prediction is the same to the last bit.

        Raises
        ------
        BundleError
            If a file is missing, is not what :meth:`save` writes, or the files do not fit together.
        """
        return read_model(folder, make=cls)

    def _calibrated(self, total: Floats) -> Floats:
        return self.calibration.log_odds(self.ranker.rate_of(total))

    def _checked(self, X: ArrayLike) -> Floats:
        return checked_matrix(WHERE, X, features=self.ranker.features)
