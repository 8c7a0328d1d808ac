"""Models: a monotone forest, its calibration, and the baselines it has to beat."""

from creditscore.models.baselines import BestSingleFeature, best_single_feature, logistic_baseline
from creditscore.models.calibrated import CalibratedForest
from creditscore.models.calibration import LogisticCalibration
from creditscore.models.forest import MonotoneForest

__all__ = [
    "BestSingleFeature",
    "CalibratedForest",
    "LogisticCalibration",
    "MonotoneForest",
    "best_single_feature",
    "logistic_baseline",
]
