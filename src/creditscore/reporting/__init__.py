"""Reports: questions, answered in sections, as a page that opens offline, as JSON, and as an Excel workbook."""

from creditscore.reporting.accuracy import ScoredDays, accuracy_report
from creditscore.reporting.card.card import model_card, write_model_card
from creditscore.reporting.charts import Axis, Bars, Chart, Figure, Line, Points, Tone
from creditscore.reporting.decided import DecidedDays
from creditscore.reporting.document import Report, Section
from creditscore.reporting.drift import Comparison, drift_report, with_colours
from creditscore.reporting.ecb.inputs import EcbInputs, Migrations
from creditscore.reporting.ecb.reading import ecb_inputs, write_ecb_workbook
from creditscore.reporting.ecb.workbook import ecb_sheets
from creditscore.reporting.evidence import Evidence, Lights
from creditscore.reporting.feature_study import FeatureStudy, study
from creditscore.reporting.html import render_html
from creditscore.reporting.languages import language_of
from creditscore.reporting.publishing import (
    accuracy_of,
    drift_of,
    write_accuracy_report,
    write_drift_report,
)
from creditscore.reporting.record import render_json
from creditscore.reporting.rivals import Rival, rivals_of
from creditscore.reporting.saving import FileFormat, save_formats, save_report
from creditscore.reporting.sheets import Sheet, sheets_of
from creditscore.reporting.workbook import render_workbook

__all__ = [
    "Axis",
    "Bars",
    "Chart",
    "Comparison",
    "DecidedDays",
    "EcbInputs",
    "Evidence",
    "FeatureStudy",
    "Figure",
    "FileFormat",
    "Lights",
    "Line",
    "Migrations",
    "Points",
    "Report",
    "Rival",
    "ScoredDays",
    "Section",
    "Sheet",
    "Tone",
    "accuracy_of",
    "accuracy_report",
    "drift_of",
    "drift_report",
    "ecb_inputs",
    "ecb_sheets",
    "language_of",
    "model_card",
    "render_html",
    "render_json",
    "render_workbook",
    "rivals_of",
    "save_formats",
    "save_report",
    "sheets_of",
    "study",
    "with_colours",
    "write_accuracy_report",
    "write_drift_report",
    "write_ecb_workbook",
    "write_model_card",
]
