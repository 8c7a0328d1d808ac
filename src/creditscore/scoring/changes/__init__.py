"""Why a score is what it is, and why it changed: parts that add up to the score and to its change."""

from creditscore.scoring.changes.change import ScoreChange, explain_change
from creditscore.scoring.changes.parts import Cause, ChangePart, FeatureMove, News, Push, ScoredDay
from creditscore.scoring.changes.pushes import ScoreExplanation, explain_score

__all__ = [
    "Cause",
    "ChangePart",
    "FeatureMove",
    "News",
    "Push",
    "ScoreChange",
    "ScoreExplanation",
    "ScoredDay",
    "explain_change",
    "explain_score",
]
