"""A report as data for other programs: one JSON document, every number as exact as it was computed."""

import json
from datetime import date
from typing import Any, Final

import pandas as pd

from creditscore.reporting.document import Report, Section
from creditscore.reporting.formats import Plain, minor_digits, plain

SCHEMA_VERSION: Final = 1


def render_json(report: Report) -> str:
    """Return the report as one JSON document.

    The same report gives the same text. Numbers are as exact as they were computed, amounts are minor units of the
    currency, days are ``YYYY-MM-DD``, and what is missing, or not finite, is ``null``.

    Parameters
    ----------
    report
        The questions and answers.

    Examples
    --------
    >>> from creditscore.domain import Verdict
    >>> asked = Section(question="Is 1 < 2?", verdict=Verdict.PASS, answer="It is.", method="Arithmetic.")
    >>> written = json.loads(render_json(Report(title="Order", subtitle="", facts={}, sections=(asked,))))
    >>> written["schema_version"], written["sections"][0]["anchor"], written["sections"][0]["table"]
    (1, 'is-1-2', None)
    """
    return json.dumps(report_record(report), ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def report_record(report: Report) -> dict[str, Any]:
    """Return what :func:`render_json` writes, as plain dictionaries and lists."""
    return {
        "schema_version": SCHEMA_VERSION,
        "language": report.language.code,
        "title": report.title,
        "subtitle": report.subtitle,
        "verdict": str(report.verdict),
        "currency": report.currency,
        "minor_digits": minor_digits(report.currency),
        "facts": dict(report.facts),
        "link": None if report.link is None else {"address": report.link[0], "holds": report.link[1]},
        "sections": [_section(section) for section in report.sections],
    }


def _section(section: Section) -> dict[str, Any]:
    table = section.table
    return {
        "anchor": section.anchor,
        "question": section.question,
        "verdict": str(section.verdict),
        "answer": section.answer,
        "note": section.note,
        "method": section.method,
        "columns": None if table is None else [str(name) for name in table.columns],  # also of a table without rows
        "table": None if table is None else _records(table),
    }


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    names = [str(name) for name in table.columns]
    return [
        {name: _written(plain(value)) for name, value in zip(names, row, strict=True)}
        for row in table.itertuples(index=False, name=None)
    ]


def _written(value: Plain) -> str | bool | float | None:
    return value.isoformat() if isinstance(value, date) else value
