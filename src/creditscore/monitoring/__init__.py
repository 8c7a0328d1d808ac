"""Drift over time, and the alarms that it raises: the only room that knows Evidently."""

from creditscore.monitoring.alarms import Alarm, Change, Level, follow
from creditscore.monitoring.budget import AlarmBudget, Floors
from creditscore.monitoring.checks import Reference, checks
from creditscore.monitoring.collecting import collect_day
from creditscore.monitoring.day import MonitoredDay, monitor
from creditscore.monitoring.delivery import deliver
from creditscore.monitoring.drift import drift
from creditscore.monitoring.effect import Effects
from creditscore.monitoring.groups import AlarmGroup, Direction, Key, grouped
from creditscore.monitoring.limits import DriftLimits
from creditscore.monitoring.record import alarm_of
from creditscore.monitoring.result import DriftResult, GradeDrift, ScoreDrift
from creditscore.monitoring.scored_day import Sample
from creditscore.monitoring.signs import Sign, place, signs
from creditscore.monitoring.watched import Watched
from creditscore.monitoring.webhook import Patience, post

__all__ = [
    "Alarm",
    "AlarmBudget",
    "AlarmGroup",
    "Change",
    "Direction",
    "DriftLimits",
    "DriftResult",
    "Effects",
    "Floors",
    "GradeDrift",
    "Key",
    "Level",
    "MonitoredDay",
    "Patience",
    "Reference",
    "Sample",
    "ScoreDrift",
    "Sign",
    "Watched",
    "alarm_of",
    "checks",
    "collect_day",
    "deliver",
    "drift",
    "follow",
    "grouped",
    "monitor",
    "place",
    "post",
    "signs",
]
