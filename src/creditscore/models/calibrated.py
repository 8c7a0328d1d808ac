"""The model that a bundle carries: a forest, its calibration, and the names of its features."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from creditscore.errors import BundleError, ParameterError
from creditscore.models.calibration import LogisticCalibration
from creditscore.models.checks import Floats
from creditscore.models.forest import MonotoneForest

WHERE = "CalibratedForest"
MODEL_FILE = "model.txt"
CALIBRATION_FILE = "calibration.json"
NUMBERS = ("slope", "intercept", "floor")


class CalibratedForest:
    """A forest whose log-odds of default within ``horizon_months`` are calibrated.

    Parameters
    ----------
    forest
        A fitted forest.
    calibration
        A fitted calibration of its rates.
    feature_names
        Name of each column of ``X``, in order.
    horizon_months
        Length of the outcome window of the labels, in months.

    Raises
    ------
    ParameterError
        If there is not one name for each feature of the forest, a name comes twice, or the horizon is below 1.
    """

    def __init__(
        self,
        forest: MonotoneForest,
        calibration: LogisticCalibration,
        feature_names: Sequence[str],
        horizon_months: int,
    ) -> None:
        names = tuple(feature_names)
        if len(names) != forest.n_features_in_ or len(set(names)) != len(names):
            raise ParameterError(
                where=WHERE,
                found=f"{len(set(names))} different names for {forest.n_features_in_} features.",
                fix="Name each feature of the forest once, in order.",
            )
        if horizon_months < 1:
            raise ParameterError(where=WHERE, found=f"horizon_months is {horizon_months}.", fix="Give 1 or more.")
        self.forest = forest
        self.calibration = calibration
        self.feature_names = names
        self.horizon_months = horizon_months

    def default_rate(self, X: ArrayLike) -> Floats:
        """Return the default rate (n,) that is not calibrated yet."""
        return self.forest.default_rate(X)

    def log_odds(self, X: ArrayLike) -> Floats:
        """Return the log-odds of default ``ln(pd / (1 - pd))`` (n,); higher is riskier.

        Raises
        ------
        ParameterError
            If ``X`` is not a matrix (n, k) of finite or missing values of the model's k features.
        """
        return self.calibration.log_odds(self.default_rate(X))

    def default_probability(self, X: ArrayLike) -> Floats:
        """Return the probability of default (n,) within ``horizon_months``."""
        return expit(self.log_odds(X))

    def contributions(self, X: ArrayLike) -> Floats:
        """Return each feature's push toward default (n, k), in log-odds; below 0 it pushes away.

        Exact Shapley attributions of the forest's default rate, brought to log-odds by one positive factor a row, so
        that signs and order stay and a row's pushes add up to its log-odds less those of the forest's average rate.
        """
        shares, average = self.forest.attributions(X)
        start = self.calibration.log_odds([average])
        rise = shares.sum(axis=1)
        rate = np.clip(average + rise, 0.0, 1.0)
        slope_here = self.calibration.slope_ / np.clip(rate * (1 - rate), self.calibration.floor, None)
        even = np.abs(rise) < 1e-9  # noqa: PLR2004 - there the quotient of differences is the derivative
        factor = np.where(even, slope_here, (self.calibration.log_odds(rate) - start) / np.where(even, 1.0, rise))
        return shares * factor[:, None]

    def save(self, folder: Path) -> None:
        """Write ``model.txt`` (LightGBM's text) and ``calibration.json`` into ``folder``; no pickle."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MODEL_FILE).write_text(self.forest.to_text(), "utf-8")
        content = {
            "slope": self.calibration.slope_,
            "intercept": self.calibration.intercept_,
            "floor": self.calibration.floor,
            "horizon_months": self.horizon_months,
            "feature_names": list(self.feature_names),
            "stand_ins": [None if np.isnan(value) else float(value) for value in self.forest.stand_ins_],
        }
        (folder / CALIBRATION_FILE).write_text(json.dumps(content, indent=2) + "\n", "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what :meth:`save` wrote; every prediction is the same to the last bit.

        Raises
        ------
        BundleError
            If a file is missing, is not what :meth:`save` writes, or the two do not fit together.
        """
        content = _calibration_content(folder / CALIBRATION_FILE)
        model = folder / MODEL_FILE
        if not model.is_file():
            raise _broken(f"{MODEL_FILE} is missing.")
        calibration = LogisticCalibration(floor=content["floor"])
        calibration.slope_, calibration.intercept_ = content["slope"], content["intercept"]
        stand_ins = [np.nan if value is None else value for value in content["stand_ins"]]
        try:
            forest = MonotoneForest.from_text(model.read_text("utf-8"), stand_ins=stand_ins)
            return cls(
                forest,
                calibration,
                feature_names=content["feature_names"],
                horizon_months=content["horizon_months"],
            )
        except (ParameterError, UnicodeDecodeError) as cause:
            raise _broken(f"{MODEL_FILE} and {CALIBRATION_FILE} do not make a model.") from cause


def _calibration_content(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise _broken(f"{CALIBRATION_FILE} is missing.")
    try:
        content = json.loads(path.read_text("utf-8"))
        sound = (
            all(np.isfinite(float(content[name])) for name in NUMBERS)
            and content["slope"] > 0
            and int(content["horizon_months"]) >= 1
            and {str(name) for name in content["feature_names"]} == set(content["feature_names"])
            and len(content["stand_ins"]) == len(content["feature_names"])
        )
    except (KeyError, TypeError, ValueError) as cause:
        raise _broken(f"{CALIBRATION_FILE} is not what save writes.") from cause
    if not sound:
        raise _broken(f"{CALIBRATION_FILE} holds a number out of range or lists that do not fit together.")
    return dict(content)


def _broken(found: str) -> BundleError:
    return BundleError(where="model", found=found, fix="Take the bundle's folder again from where it was trained.")
