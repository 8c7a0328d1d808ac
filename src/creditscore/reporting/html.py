"""Turns a report into one HTML file that opens offline: style and plots inside, nothing fetched, nothing that runs."""

import re
from dataclasses import dataclass
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from creditscore.domain import Language, Verdict
from creditscore.reporting.charts import Figure
from creditscore.reporting.document import BADGES, Report, Section
from creditscore.reporting.figures import draw
from creditscore.reporting.formats import cell, heading, reader_of
from creditscore.reporting.translation import english_of

LAYOUT = {
    "columns_beside": 6,  # a table as narrow stands beside a single plot, a wider one below it
    "columns_dense": 14,  # a table with more columns is set closer, so that it fits on paper
    "letters_abreast": 40,  # a cell of more words wraps
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as the page shows it."""

    text: str
    numeric: bool
    verdict: Verdict | None


def render_html(report: Report) -> str:
    """Return the report as one HTML page that needs no other file, no network and no script.

    The same report gives the same bytes. All text is escaped.

    Parameters
    ----------
    report
        The questions and answers.

    Examples
    --------
    >>> from creditscore.domain import Verdict
    >>> asked = Section(question="Is 1 < 2?", verdict=Verdict.PASS, answer="It is.", method="Arithmetic.")
    >>> page = render_html(Report(title="Order", subtitle="All well.", facts={}, sections=(asked,)))
    >>> "Is 1 &lt; 2?" in page
    True
    """
    return _rendered(report, template="report.html.j2", prefix="plot")


def render_fragment(report: Report) -> str:
    """Return the report as a piece of HTML for the page of somebody else, such as a notebook: no style of its own.

    Parameters
    ----------
    report
        The questions and answers; several on one page need different titles.
    """
    return _rendered(report, template="fragment.html.j2", prefix=re.sub(r"\W+", "-", english_of(report.title)))


def _rendered(report: Report, *, template: str, prefix: str) -> str:
    drawn = {
        section.anchor: _drawn(section, f"{prefix}-{number}") for number, section in enumerate(report.sections, start=1)
    }
    say = report.language.say
    badges = {verdict: say(badge) for verdict, badge in BADGES.items()}
    return (
        _environment()
        .get_template(template)
        .render(report=report, badges=badges, say=say, drawn=drawn, tables=_tables(report), **LAYOUT)
    )


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("creditscore.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _drawn(section: Section, prefix: str) -> list[tuple[str, str]]:
    """Title and drawing of each chart of a section."""
    figure = section.figure or Figure(charts=())
    return [(chart.title, draw(chart, name=f"{prefix}-{place}")) for place, chart in enumerate(figure.charts, start=1)]


def _tables(report: Report) -> dict[str, tuple[list[Cell], list[list[Cell]]]]:
    """Head and rows of each section's table."""
    return {
        section.anchor: _table(section.table, report.currency, report.language)
        for section in report.sections
        if section.table is not None
    }


def _table(table: pd.DataFrame, currency: str | None, language: Language) -> tuple[list[Cell], list[list[Cell]]]:
    readers = [reader_of(str(name), currency) for name in table.columns]
    numeric = [_is_numeric(table.iloc[:, place]) for place in range(table.shape[1])]
    names = [language.say(heading(str(name), currency)) for name in table.columns]
    head = [Cell(name, right, None) for name, right in zip(names, numeric, strict=True)]
    rows = [
        [
            _cell(value, named=str(name), said=language.say(cell(value, read)), numeric=right)
            for name, value, read, right in zip(table.columns, row, readers, numeric, strict=True)
        ]
        for row in table.itertuples(index=False, name=None)
    ]
    return head, rows


def _is_numeric(column: "pd.Series[Any]") -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _cell(value: object, *, named: str, said: str, numeric: bool) -> Cell:
    if named == "verdict":
        return Cell("", numeric=False, verdict=Verdict(str(value)))
    return Cell(said, numeric=numeric, verdict=None)
