"""A report is a list of questions with their answers; how it looks is not its business."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from creditscore.domain import ENGLISH, Language, Verdict
from creditscore.errors import ParameterError
from creditscore.reporting.charts import Figure
from creditscore.reporting.translation import english_of, translated

BADGES = {
    Verdict.PASS: "Pass",
    Verdict.REVIEW: "Review",
    Verdict.FAIL: "Fail",
    Verdict.UNKNOWN: "Unknown",
}
GRAVITY = (Verdict.FAIL, Verdict.REVIEW, Verdict.UNKNOWN, Verdict.PASS)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Section:
    """One question of a report, answered.

    Parameters
    ----------
    question
        The title; it ends in a question mark.
    verdict
        What the reader must know before reading on.
    answer
        The answer in one or two sentences with numbers.
    table
        The evidence; ``formats`` says how its columns read from their names.
    method
        How it was computed, with its source, and which thresholds are policy.
    figure
        What the evidence looks like.
    note
        What limits the answer, such as months whose outcome is not known yet.

    Raises
    ------
    ParameterError
        If the question is no question, or two columns of the table have one name.

    Examples
    --------
    >>> Section(question="Does it rank?", verdict=Verdict.PASS, answer="AUC 0.81.", method="DeLong (1988).").anchor
    'does-it-rank'
    """

    question: str
    verdict: Verdict
    answer: str
    method: str
    table: pd.DataFrame | None = None
    figure: Figure | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if not english_of(self.question).endswith("?"):
            raise ParameterError(
                where=f"section {self.question!r}",
                found="Its title is no question.",
                fix="Ask what the reader wants to know, and end with a question mark.",
            )
        if self.table is not None and not self.table.columns.is_unique:
            raise ParameterError(
                where=f"section {self.question!r}",
                found="Two columns of its table have one name.",
                fix="Name each column once.",
            )

    @property
    def anchor(self) -> str:
        """Name of the section in a link and for programs, the same in every language."""
        return re.sub(r"\W+", "-", english_of(self.question).lower()).strip("-")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Report:
    """A titled list of sections.

    Parameters
    ----------
    title
        What the report is about.
    subtitle
        The main sentence: what was found.
    facts
        What was examined: names, days, hashes, counts.
    sections
        The questions, most important first.
    currency
        ISO 4217 code of the amounts in the tables; none where it is not known.
    link
        A companion file beside the report: its relative address and what it holds.
    language
        What it is written in; :meth:`said_in` gives it in another one.

    Raises
    ------
    ParameterError
        If two sections ask the same question.
    """

    title: str
    subtitle: str
    facts: Mapping[str, str]
    sections: tuple[Section, ...]
    currency: str | None = None
    link: tuple[str, str] | None = None
    language: Language = ENGLISH

    def __post_init__(self) -> None:
        anchors = [section.anchor for section in self.sections]
        if len(set(anchors)) < len(anchors):
            raise ParameterError(
                where=f"report {self.title!r}", found="Two sections ask the same question.", fix="Ask it once."
            )

    @property
    def verdict(self) -> Verdict:
        """The gravest verdict of the sections."""
        return gravest(section.verdict for section in self.sections)

    def said_in(self, language: Language) -> "Report":
        """Return the report in another language: the same numbers, the same verdicts, the same links."""
        return replace(translated(self, language), language=language)


def gravest(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict that a reader must see first; unknown where there is none.

    >>> gravest([Verdict.PASS, Verdict.REVIEW, Verdict.UNKNOWN])
    <Verdict.REVIEW: 'review'>
    """
    found = set(verdicts)
    return next((verdict for verdict in GRAVITY if verdict in found), Verdict.UNKNOWN)
