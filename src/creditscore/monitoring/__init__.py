"""Drift over time, and the alarms that it raises: the only room that knows Evidently."""

from creditscore.monitoring.alarms import Alarm, Change, Sign, follow, signs
from creditscore.monitoring.budget import AlarmBudget, Floors
from creditscore.monitoring.checks import Reference, checks
from creditscore.monitoring.drift import drift
from creditscore.monitoring.limits import DriftLimits
from creditscore.monitoring.result import DriftResult, GradeDrift, ScoreDrift
from creditscore.monitoring.watched import Watched

__all__ = [
    "Alarm",
    "AlarmBudget",
    "Change",
    "DriftLimits",
    "DriftResult",
    "Floors",
    "GradeDrift",
    "Reference",
    "ScoreDrift",
    "Sign",
    "Watched",
    "checks",
    "drift",
    "follow",
    "signs",
]
