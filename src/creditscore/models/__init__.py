"""Models: what ranks customers by risk, its calibration, its certificate, and the baselines it has to beat."""

from creditscore.models.baselines import BestSingleFeature, best_single_feature, logistic_baseline
from creditscore.models.boosted import BoostedTrees
from creditscore.models.calibrated import CalibratedModel
from creditscore.models.calibration import (
    BestCalibration,
    BetaCalibration,
    Calibration,
    CandidateScore,
    CentralTendency,
    IsotonicCalibration,
    LevelCalibration,
    LogisticCalibration,
    LowDefaultCalibration,
    calibration_of,
    candidate_scores,
    most_prudent_rates,
    to_long_run,
)
from creditscore.models.certificate import FeatureCertificate, certify
from creditscore.models.estimator import RankingEstimator
from creditscore.models.forest import MonotoneForest
from creditscore.models.ranker import Blend, Ranker, TreeRanker, blended_rate, components
from creditscore.models.ratios import RatioFeatures
from creditscore.models.scenario import ScenarioModel
from creditscore.models.scorecard import Scorecard
from creditscore.models.support import Support
from creditscore.models.trees import Trees, trees_of_lightgbm, trees_of_sklearn

__all__ = [
    "BestCalibration",
    "BestSingleFeature",
    "BetaCalibration",
    "Blend",
    "BoostedTrees",
    "CalibratedModel",
    "Calibration",
    "CandidateScore",
    "CentralTendency",
    "FeatureCertificate",
    "IsotonicCalibration",
    "LevelCalibration",
    "LogisticCalibration",
    "LowDefaultCalibration",
    "MonotoneForest",
    "Ranker",
    "RankingEstimator",
    "RatioFeatures",
    "ScenarioModel",
    "Scorecard",
    "Support",
    "TreeRanker",
    "Trees",
    "best_single_feature",
    "blended_rate",
    "calibration_of",
    "candidate_scores",
    "certify",
    "components",
    "logistic_baseline",
    "most_prudent_rates",
    "to_long_run",
    "trees_of_lightgbm",
    "trees_of_sklearn",
]
