"""The shipped recipe: a monotone random forest of the default within 12 months, on a panel of month ends.

Boosted trees and a scorecard are judged beside it; if a blend with the boosted trees ranks later rows better, the blend
decides.

Copy this file, change what you want to try, and run ``creditscore train my_recipe.py``.
"""

from creditscore.features import catalogue
from creditscore.models import BestCalibration, BoostedTrees, MonotoneForest, Scorecard
from creditscore.outcomes import DefaultDefinition
from creditscore_training.gates import Gates
from creditscore_training.observations import MonthEnds
from creditscore_training.recipe import Recipe
from creditscore_training.splits import Periods

RECIPE = Recipe(
    name="trade_credit",
    features=catalogue(),
    definition=DefaultDefinition(version="2024-1", days_past_due=90, material_amount=100_000, horizon_months=12),
    observations=MonthEnds(history_months=12),  # the features look back on a year, so let there be one
    periods=Periods(development_share=0.55, calibration_share=0.20, unseen_share=0.20),
    # On a busy machine a second thread waits for the first more than it helps.
    estimator=MonotoneForest(trees=200, feature_share=0.15, threads=1),
    rivals={"boosted": BoostedTrees(threads=1), "scorecard": Scorecard()},
    blend_with="boosted",
    calibration=BestCalibration(),
    gates=Gates(min_auc=0.70, beats_logistic=True, calibration_slope=(0.75, 1.33), min_defaults=30),
    seed=20240101,
)
