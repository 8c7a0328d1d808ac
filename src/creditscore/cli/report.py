"""``creditscore report``: whether the score is right, and whether the portfolio has moved."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from creditscore.cli.answers import Language
from creditscore.cli.console import Folder, parse_day, say
from creditscore.domain import Workspace

if TYPE_CHECKING:
    from creditscore.reporting import FileFormat


class Wanted(StrEnum):
    """Which files a report becomes."""

    HTML = "html"
    JSON = "json"
    XLSX = "xlsx"
    ALL = "all"


Format = Annotated[
    Wanted, typer.Option("--format", help="html: a page to read; json: for programs; xlsx: a workbook; all of them.")
]
ScoredDay = Annotated[
    date | None,
    typer.Option("--as-of", parser=parse_day, metavar="DAY", help="A scored day; the latest if it is left out."),
]

report = typer.Typer(
    help="Write the reports of the risk team: a page each to read offline, the same as JSON and as an Excel workbook.",
    no_args_is_help=True,
)


@report.command()
def accuracy(workspace: Folder = Path(), file_format: Format = Wanted.ALL, lang: Language = "en") -> None:
    """Write accuracy.html, .json, .xlsx: whether the champion is right, for whom, since when, and how surely."""
    from creditscore.reporting.languages import language_of  # noqa: PLC0415 - heavy
    from creditscore.reporting.publishing import ACCURACY, accuracy_of  # noqa: PLC0415 - as above
    from creditscore.reporting.saving import save_formats  # noqa: PLC0415 - as above

    place, language = Workspace(workspace), language_of(lang)
    found = accuracy_of(place).said_in(language)
    _tell(save_formats(found, place.reports / ACCURACY, formats=_formats(file_format)), found.subtitle)


@report.command()
def drift(
    workspace: Folder = Path(), as_of: ScoredDay = None, file_format: Format = Wanted.ALL, lang: Language = "en"
) -> None:
    """Write drift.html, .json, .xlsx: whether the portfolio has moved from the one that the champion learned from."""
    from creditscore.reporting.languages import language_of  # noqa: PLC0415 - heavy
    from creditscore.reporting.publishing import DETAIL, DRIFT, drift_of  # noqa: PLC0415 - as above
    from creditscore.reporting.saving import save_formats  # noqa: PLC0415 - as above

    place, language = Workspace(workspace), language_of(lang)
    found = drift_of(place, as_of=as_of, detail=place.reports / DETAIL).said_in(language)
    _tell(save_formats(found, place.reports / DRIFT, formats=_formats(file_format)), found.subtitle)


@report.command()
def ecb(workspace: Folder = Path(), lang: Language = "en") -> None:
    """Write ecb_validation.xlsx: the champion's PD, test by test, in the order of the ECB's instructions of 2019."""
    from creditscore.reporting.ecb.reading import write_ecb_workbook  # noqa: PLC0415 - heavy
    from creditscore.reporting.languages import language_of  # noqa: PLC0415 - as above

    path = write_ecb_workbook(Workspace(workspace), language=language_of(lang))
    say(f"{path}: one sheet for each test of section 2.5, without thresholds.")


def _formats(wanted: Wanted) -> "tuple[FileFormat, ...]":
    from creditscore.reporting.saving import FileFormat  # noqa: PLC0415 - heavy

    return tuple(FileFormat) if wanted is Wanted.ALL else (FileFormat(wanted.value),)


def _tell(paths: Sequence[Path], finding: str) -> None:
    first, *others = paths
    say(f"{first}: {finding}")
    if others:
        say(f"The same numbers: {', '.join(path.name for path in others)}.")


def register(app: typer.Typer) -> None:
    """Register ``report`` with its commands."""
    app.add_typer(report, name="report")
