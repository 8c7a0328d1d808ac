"""The shipped scenario recipe of a bulk purchase: what a granted request adds to the champion's log-odds of default.

Train the champion first, then run ``creditscore train bulk_purchase``.
"""

from creditscore.domain import Purpose
from creditscore.models import ScenarioModel
from creditscore_training.scenarios.recipe import ScenarioGates, ScenarioRecipe

RECIPE = ScenarioRecipe(
    name="bulk_purchase",
    purpose=Purpose.BULK_PURCHASE,
    estimator=ScenarioModel(trees=100, leaves=2, learning_rate=0.1, min_leaf=50, ridge=5.0),
    gates=ScenarioGates(min_defaults=30, calibration_slope=(0.6, 1.6), min_rise=0.1),
)
