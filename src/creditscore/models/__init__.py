"""Models: a monotone forest, its calibration, the baselines it has to beat, and scenario models on top of it."""

from creditscore.models.baselines import BestSingleFeature, best_single_feature, logistic_baseline
from creditscore.models.calibrated import CalibratedForest
from creditscore.models.calibration import LogisticCalibration
from creditscore.models.forest import MonotoneForest
from creditscore.models.scenario import ScenarioModel
from creditscore.models.support import Support

__all__ = [
    "BestSingleFeature",
    "CalibratedForest",
    "LogisticCalibration",
    "MonotoneForest",
    "ScenarioModel",
    "Support",
    "best_single_feature",
    "logistic_baseline",
]
