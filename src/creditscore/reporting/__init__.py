"""Reports: questions, answered in sections, rendered as one HTML file that opens offline."""

from creditscore.reporting.accuracy import ScoredDays, accuracy_report
from creditscore.reporting.charts import Axis, Bars, Chart, Figure, Line, Points, Tone
from creditscore.reporting.document import Report, Section
from creditscore.reporting.evidence import LIGHTS, Evidence, Lights
from creditscore.reporting.html import render_html

__all__ = [
    "LIGHTS",
    "Axis",
    "Bars",
    "Chart",
    "Evidence",
    "Figure",
    "Lights",
    "Line",
    "Points",
    "Report",
    "ScoredDays",
    "Section",
    "Tone",
    "accuracy_report",
    "render_html",
]
