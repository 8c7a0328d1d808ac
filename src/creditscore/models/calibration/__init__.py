"""Calibration: from a model's default rate to a probability of default that later periods bear out."""

from creditscore.models.calibration.best import BestCalibration, candidate_scores
from creditscore.models.calibration.beta import BetaCalibration
from creditscore.models.calibration.central_tendency import CentralTendency, to_long_run
from creditscore.models.calibration.isotonic import IsotonicCalibration
from creditscore.models.calibration.level import LevelCalibration
from creditscore.models.calibration.logistic import LogisticCalibration
from creditscore.models.calibration.low_default import LowDefaultCalibration
from creditscore.models.calibration.protocol import Calibration
from creditscore.models.calibration.prudent import most_prudent_rates
from creditscore.models.calibration.reader import calibration_of
from creditscore.models.calibration.scores import CandidateScore

__all__ = [
    "BestCalibration",
    "BetaCalibration",
    "Calibration",
    "CandidateScore",
    "CentralTendency",
    "IsotonicCalibration",
    "LevelCalibration",
    "LogisticCalibration",
    "LowDefaultCalibration",
    "calibration_of",
    "candidate_scores",
    "most_prudent_rates",
    "to_long_run",
]
