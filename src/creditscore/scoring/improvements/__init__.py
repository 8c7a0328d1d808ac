"""What would raise a customer's score: remedies in terms of facts, tried by scoring again."""

from creditscore.scoring.improvements.counterfactuals import Counterfactuals, counterfactuals
from creditscore.scoring.improvements.results import Counterfactual, Outcome, Remedy

__all__ = ["Counterfactual", "Counterfactuals", "Outcome", "Remedy", "counterfactuals"]
