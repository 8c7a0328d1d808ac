"""Reports: questions, answered in sections, rendered as one HTML file that opens offline."""

from creditscore.reporting.accuracy import ScoredDays, accuracy_report
from creditscore.reporting.charts import Axis, Bars, Chart, Figure, Line, Points, Tone
from creditscore.reporting.decided import DecidedDays
from creditscore.reporting.document import Report, Section
from creditscore.reporting.drift import Comparison, drift_report, with_colours
from creditscore.reporting.evidence import Evidence, Lights
from creditscore.reporting.feature_study import FeatureStudy, study
from creditscore.reporting.html import render_html
from creditscore.reporting.publishing import (
    accuracy_of,
    drift_of,
    save_report,
    write_accuracy_report,
    write_drift_report,
)
from creditscore.reporting.rivals import Rival, rivals_of

__all__ = [
    "Axis",
    "Bars",
    "Chart",
    "Comparison",
    "DecidedDays",
    "Evidence",
    "FeatureStudy",
    "Figure",
    "Lights",
    "Line",
    "Points",
    "Report",
    "Rival",
    "ScoredDays",
    "Section",
    "Tone",
    "accuracy_of",
    "accuracy_report",
    "drift_of",
    "drift_report",
    "render_html",
    "rivals_of",
    "save_report",
    "study",
    "with_colours",
    "write_accuracy_report",
    "write_drift_report",
]
