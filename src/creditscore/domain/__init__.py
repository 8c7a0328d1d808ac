"""The words of trade credit as plain types."""

from creditscore.domain.calendar import add_months, days_between, is_month_end, month_ends, pd_column
from creditscore.domain.progress import Progress, silent
from creditscore.domain.reason import Reason
from creditscore.domain.sentences import ENGLISH, Language, Text, joined, kept, several, text
from creditscore.domain.words import Colour, Family, Purpose, Risk, Unit, Verdict
from creditscore.domain.workspace import Workspace

__all__ = [
    "ENGLISH",
    "Colour",
    "Family",
    "Language",
    "Progress",
    "Purpose",
    "Reason",
    "Risk",
    "Text",
    "Unit",
    "Verdict",
    "Workspace",
    "add_months",
    "days_between",
    "is_month_end",
    "joined",
    "kept",
    "month_ends",
    "pd_column",
    "several",
    "silent",
    "text",
]
