"""Why a score is what it is, and why it changed: parts that add up to the score and to its change."""

from creditscore.scoring.changes.change import ScoreChange, explain_change
from creditscore.scoring.changes.parts import Cause, ChangePart, FeatureMove, News, Push, ScoredDay
from creditscore.scoring.changes.pushes import ScoreExplanation, explain_score
from creditscore.scoring.changes.telling import Line, Telling

__all__ = [
    "Cause",
    "ChangePart",
    "FeatureMove",
    "Line",
    "News",
    "Push",
    "ScoreChange",
    "ScoreExplanation",
    "ScoredDay",
    "Telling",
    "explain_change",
    "explain_score",
]
