"""Turns sheets into an Excel workbook: true numbers, each with the format that its column's name asks for."""

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final
from unicodedata import east_asian_width

import pandas as pd

from creditscore.domain import ENGLISH, Language, Verdict
from creditscore.reporting.document import BADGES
from creditscore.reporting.formats import Kind, Plain, cell, kind_of, minor_digits, plain, reader_of
from creditscore.reporting.sheets import LINK, Sheet, headings

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

STAMP: Final = datetime(1980, 1, 1, tzinfo=UTC)  # the same workbook must give the same bytes on any day
A4: Final = 9
NARROWEST, WIDEST, TEXT_WIDTH = 10, 70, 110  # characters
LINE_HEIGHT: Final = 15.0  # points
OPTIONS: Final = {  # text stays text: what begins with = is no formula
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
NUMBERS: Final[Mapping[Kind, str]] = {
    Kind.SHARE: "0.00%",
    Kind.PROBABILITY: '[<0.001]"< 0.001";0.000',
    Kind.COUNT: "#,##0",
    Kind.AMOUNT: "#,##0",
    Kind.NUMBER: "0.000",
}
DAY: Final = "yyyy-mm-dd"
TINTS: Final[Mapping[Verdict, str]] = {
    Verdict.PASS: "#DDEFE0",
    Verdict.REVIEW: "#FFF0CC",
    Verdict.FAIL: "#F8D7D4",
    Verdict.UNKNOWN: "#E6E8EB",
}


def render_workbook(
    sheets: Sequence[Sheet], *, title: str, currency: str | None = None, language: Language = ENGLISH
) -> bytes:
    """Return an Excel workbook of the sheets.

    The same sheets give the same bytes. Amounts become whole units of the currency, with the minor units behind the
    point; what is missing, or not finite, is an empty cell.

    Parameters
    ----------
    sheets
        At least one.
    title
        Title in the properties of the file.
    currency
        ISO 4217 code of the amounts.
    language
        What the heads of the columns are written in.

    References
    ----------
    .. [1] ECMA-376, Office Open XML file formats.

    Examples
    --------
    >>> render_workbook([Sheet(name="A", title="All", parts=("Nothing to tell.",))], title="T")[:2]
    b'PK'
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 - only who writes a workbook waits for it

    content = io.BytesIO()
    workbook = Workbook(content, OPTIONS)
    workbook.set_properties({"title": title, "created": STAMP})
    writer = _Writer(workbook, currency, language)
    for sheet in sheets:
        writer.write(sheet)
    workbook.close()
    return content.getvalue()


@dataclass(frozen=True, slots=True, eq=False)
class _Writer:
    """Writes sheets and makes each format once."""

    workbook: "Workbook"
    currency: str | None
    language: Language
    formats: dict[tuple[tuple[str, Any], ...], "Format"] = field(default_factory=dict)

    def write(self, sheet: Sheet) -> None:
        page = self.workbook.add_worksheet(sheet.name)
        widths = _widths(sheet, self.currency, self.language)
        for place, width in enumerate(widths):
            page.set_column(place, place, width)
        page.write_string(0, 0, sheet.title, self._style(bold=True, font_size=14))
        row, corners = 1, []
        for part in sheet.parts:
            if isinstance(part, str):
                row = self._text(page, row, part, widths)
            else:
                row = row + 1 if row > 1 else row
                corners.append((row, *part.shape))
                row = self._table(page, row, part)
        _lay_out(page, corners)

    def _text(self, page: "Worksheet", row: int, text: str, widths: Sequence[float]) -> int:
        """Write a paragraph across the columns and return the next free row."""
        page.merge_range(row, 0, row, len(widths) - 1, text, self._style(text_wrap=True, valign="top"))
        page.set_row(row, LINE_HEIGHT * math.ceil(_width(text) / (0.9 * sum(widths))))
        return row + 1

    def _table(self, page: "Worksheet", row: int, table: pd.DataFrame) -> int:
        """Write a table with its head and return the row after a gap below it."""
        head = self._style(bold=True, text_wrap=True, valign="top", bottom=1, bg_color="#EEF1F4")
        for place, text in enumerate(headings(table, self.currency, self.language)):
            page.write_string(row, place, text, head)
        for below, values in enumerate(table.itertuples(index=False, name=None), start=1):
            for place, (name, value) in enumerate(zip(table.columns, values, strict=True)):
                self._cell(page, (row + below, place), str(name), plain(value))
        return row + len(table) + 2

    def _cell(self, page: "Worksheet", where: tuple[int, int], name: str, value: Plain) -> None:
        match value:
            case None:
                page.write_blank(*where, None, self._style())
            case str() if name == "verdict":
                verdict = Verdict(value)
                page.write_string(
                    *where, self.language.say(BADGES[verdict]), self._style(bg_color=TINTS[verdict], valign="top")
                )
            case str() if name == LINK:
                page.write_url(*where, f"internal:'{value}'!A1", string=value)
            case str():
                page.write_string(*where, value, self._style(text_wrap=True, valign="top"))
            case bool():
                page.write_boolean(*where, value, self._style(valign="top"))
            case date():
                page.write_datetime(*where, value, self._style(num_format=DAY, valign="top"))
            case _:
                page.write_number(*where, *self._number(name, value))

    def _number(self, name: str, value: float) -> tuple[float, "Format"]:
        kind = kind_of(name)
        units = 10 ** minor_digits(self.currency) if kind is Kind.AMOUNT else 1
        return value / units, self._style(num_format=NUMBERS[kind], valign="top")

    def _style(self, **properties: object) -> "Format":
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format(dict(properties))
        return self.formats[key]


def _lay_out(page: "Worksheet", corners: Sequence[tuple[int, int, int]]) -> None:
    """Fit the sheet to a page's width; where it has one table, its head stays in sight and filters it."""
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    if len(corners) == 1:
        ((head, rows, columns),) = corners
        page.freeze_panes(head + 1, 0)
        page.repeat_rows(head)
        page.autofilter(head, 0, head + rows, max(columns - 1, 0))


def _width(text: str) -> int:
    """Return how many letters wide a text is; a Chinese character is as wide as two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _widths(sheet: Sheet, currency: str | None, language: Language) -> list[float]:
    """Return the width of each column: what its longest cell needs, and together enough for a line of text."""
    needed: dict[int, int] = {}
    for table in sheet.tables:
        for place, (name, text) in enumerate(zip(table.columns, headings(table, currency, language), strict=True)):
            read = reader_of(str(name), currency)
            longest = max([_width(text), *(_width(cell(value, read)) for value in table.iloc[:, place])])
            needed[place] = max(needed.get(place, NARROWEST), longest + 2)
    limited = [float(min(width, WIDEST)) for width in needed.values()]
    spare = math.ceil(max(TEXT_WIDTH - sum(limited), 0) / NARROWEST)
    return limited + [float(NARROWEST)] * max(spare, 2 - len(limited))
