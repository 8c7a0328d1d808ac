"""Files of a report: one page to read, one document for programs, one workbook to calculate with."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final

from creditscore.domain import ENGLISH
from creditscore.errors import ParameterError
from creditscore.reporting.document import Report
from creditscore.reporting.html import render_html
from creditscore.reporting.record import render_json
from creditscore.reporting.sheets import sheets_of
from creditscore.reporting.workbook import render_workbook
from creditscore.scoring.files import whole_file


class FileFormat(StrEnum):
    """What a report is written as; also the suffix of the file."""

    HTML = "html"
    JSON = "json"
    XLSX = "xlsx"


RENDERERS: Final[Mapping[FileFormat, Callable[[Report], bytes]]] = {
    FileFormat.HTML: lambda report: render_html(report).encode(),
    FileFormat.JSON: lambda report: render_json(report).encode(),
    FileFormat.XLSX: lambda report: render_workbook(
        sheets_of(report), title=report.title, currency=report.currency, language=report.language
    ),
}


def save_report(report: Report, path: Path) -> Path:
    """Write a report as the one file that the suffix names, whole or not at all, and return its path.

    Parameters
    ----------
    report
        The questions and answers.
    path
        Ends in ``.html``, ``.json`` or ``.xlsx``.

    Raises
    ------
    ParameterError
        If the suffix is another one.
    StoreError
        If the disk is full or the folder cannot be written; a report that was there stays.
    """
    suffix = path.suffix.removeprefix(".")
    if suffix not in set(FileFormat):
        raise ParameterError(
            where="report", found=f"Its path ends in {path.suffix!r}.", fix="End it in .html, .json or .xlsx."
        )
    with whole_file(path) as draft:
        draft.write_bytes(RENDERERS[FileFormat(suffix)](report))
    return path


def save_formats(report: Report, stem: Path, *, formats: Sequence[FileFormat] = tuple(FileFormat)) -> tuple[Path, ...]:
    """Write a report once in each format, beside each other, and return the paths in the order of the formats.

    Parameters
    ----------
    report
        The questions and answers.
    stem
        Path of the files without their suffixes; a report that is not in English adds its language, as in
        ``accuracy.zh.html``.
    formats
        Which formats; all by default.

    Raises
    ------
    StoreError
        As :func:`save_report` does.
    """
    name = stem.name if report.language == ENGLISH else f"{stem.name}.{report.language.code}"
    return tuple(save_report(report, stem.with_name(f"{name}.{one}")) for one in formats)
