"""What a workbook holds: sheets of texts and tables, and how a report becomes such sheets."""

import re
import textwrap
from collections import Counter
from dataclasses import dataclass
from typing import Final

import pandas as pd

from creditscore.domain import ENGLISH, Language, text
from creditscore.reporting.document import BADGES, Report, Section
from creditscore.reporting.formats import heading
from creditscore.reporting.translation import translated

LONGEST_NAME: Final = 31  # Excel's limit
CHINESE_SIGN: Final = re.compile(r"[\u4e00-\u9fff]")
BRIEF, EXAMINED = "In brief", "What was examined"
LINK = "sheet"  # cells of a column of this name lead to the sheet that they name


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sheet:
    r"""One sheet of a workbook.

    Parameters
    ----------
    name
        Its name, at most 31 characters, none of ``[]:*?/\\``; unique in the workbook.
    title
        Its first line.
    parts
        Texts and tables, from top to bottom; the names of a table's columns say how its numbers read.
    """

    name: str
    title: str
    parts: tuple[str | pd.DataFrame, ...]

    @property
    def tables(self) -> tuple[pd.DataFrame, ...]:
        """Its tables, from top to bottom."""
        return tuple(part for part in self.parts if isinstance(part, pd.DataFrame))


def sheets_of(report: Report) -> tuple[Sheet, ...]:
    """Return a report as sheets: the answers in brief, each section with its table, and what was examined.

    >>> from creditscore.domain import Verdict
    >>> asked = Section(question="Is 1 < 2?", verdict=Verdict.PASS, answer="It is.", method="Arithmetic.")
    >>> [sheet.name for sheet in sheets_of(Report(title="Order", subtitle="", facts={}, sections=(asked,)))]
    ['In brief', '1 Is 1 < 2', 'What was examined']
    """
    names = [sheet_name(section.question, place) for place, section in enumerate(report.sections, start=1)]
    sections = [_section(section, name) for section, name in zip(report.sections, names, strict=True)]
    sheets = (_brief(report, names), *sections, _examined(report))
    return translated(sheets, report.language)


def sheet_name(text: str, place: int) -> str:
    """Return a name that Excel accepts, unique by its place in the workbook.

    >>> sheet_name("Does it rank defaulters first, out of time?", 1)
    '1 Does it rank defaulters first'
    >>> sheet_name("Good/bad: which [one]?", 12)
    '12 Good bad which one'
    >>> sheet_name("一句没有空格的很长的中文问题是否也应当在工作表的名称里完整列出呢？", 3)
    '3 一句没有空格的很长的中文问题是否也应当在工作表的名称里完整'
    """
    words = re.sub(r"[\[\]:*?/\\',;.]+", " ", text)
    name = " ".join(f"{place} {words}".split())
    if CHINESE_SIGN.search(name):  # no spaces between its words: a whole question would be left out as one word
        return name[:LONGEST_NAME].rstrip()
    return textwrap.shorten(name, LONGEST_NAME, placeholder="")


def headings(table: pd.DataFrame, currency: str | None, language: Language = ENGLISH) -> list[str]:
    """Return the headings of a table for people, each of them once, so that a filter can name it.

    >>> headings(pd.DataFrame(columns=["mean_pd", "low_rate", "low"]), None)
    ['mean PD', 'low rate', 'low']
    """
    names = [str(name) for name in table.columns]
    short = [heading(name, currency) for name in names]
    seen = Counter(short)
    once = [name.replace("_", " ") if seen[told] > 1 else told for name, told in zip(names, short, strict=True)]
    return [language.say(name) for name in once]


def _brief(report: Report, names: list[str]) -> Sheet:
    answers = pd.DataFrame(
        {
            "question": [section.question for section in report.sections],
            "verdict": [str(section.verdict) for section in report.sections],
            "answer": [section.answer for section in report.sections],
            LINK: names,
        }
    )
    return Sheet(name=BRIEF, title=report.title, parts=(*_said(report.subtitle), answers))


def _section(section: Section, name: str) -> Sheet:
    tables = () if section.table is None else (section.table,)
    return Sheet(
        name=name,
        title=section.question,
        parts=(
            text("{badge}. {answer}", badge=BADGES[section.verdict], answer=section.answer),
            *tables,
            *_said(section.note, "Note: {note}"),
            text("Method: {method}", method=section.method),
        ),
    )


def _examined(report: Report) -> Sheet:
    facts = pd.DataFrame({"entry": report.facts.keys(), "value": report.facts.values()}, dtype="str")
    money = (text("Amounts are in {currency}.", currency=report.currency),) if report.currency else ()
    return Sheet(name=EXAMINED, title=EXAMINED, parts=(facts, *money))


def _said(note: str, template: str = "{note}") -> tuple[str, ...]:
    return (text(template, note=note),) if note else ()
