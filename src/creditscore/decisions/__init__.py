"""From scores to decisions that can be defended: governed colours, limits, reserves, alerts, applications."""

from creditscore.decisions.application import Applicant, Application, Freeze
from creditscore.decisions.applications import decide_application
from creditscore.decisions.record import ApplicationOutcome, Condition, DecisionRecord, Graded, LevelDue, RuleApplied
from creditscore.decisions.working_days import WorkingDay, working_day_after

__all__ = [
    "Applicant",
    "Application",
    "ApplicationOutcome",
    "Condition",
    "DecisionRecord",
    "Freeze",
    "Graded",
    "LevelDue",
    "RuleApplied",
    "WorkingDay",
    "decide_application",
    "working_day_after",
]
