"""Drift over time: the only room that knows Evidently."""

from creditscore.monitoring.drift import drift
from creditscore.monitoring.limits import DriftLimits
from creditscore.monitoring.result import DriftResult, GradeDrift, ScoreDrift

__all__ = ["DriftLimits", "DriftResult", "GradeDrift", "ScoreDrift", "drift"]
