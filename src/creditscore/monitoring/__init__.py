"""Drift over time, and the alarms that it raises: the only room that knows Evidently."""

from creditscore.monitoring.alarms import Alarm, Change, Sign, follow, signs
from creditscore.monitoring.budget import AlarmBudget, Floors
from creditscore.monitoring.checks import Reference, checks
from creditscore.monitoring.collecting import collect_day
from creditscore.monitoring.day import MonitoredDay, monitor
from creditscore.monitoring.delivery import deliver
from creditscore.monitoring.drift import drift
from creditscore.monitoring.limits import DriftLimits
from creditscore.monitoring.result import DriftResult, GradeDrift, ScoreDrift
from creditscore.monitoring.scored_day import Sample
from creditscore.monitoring.watched import Watched
from creditscore.monitoring.webhook import Patience, post

__all__ = [
    "Alarm",
    "AlarmBudget",
    "Change",
    "DriftLimits",
    "DriftResult",
    "Floors",
    "GradeDrift",
    "MonitoredDay",
    "Patience",
    "Reference",
    "Sample",
    "ScoreDrift",
    "Sign",
    "Watched",
    "checks",
    "collect_day",
    "deliver",
    "drift",
    "follow",
    "monitor",
    "post",
    "signs",
]
