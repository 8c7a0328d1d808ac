"""``creditscore report``: whether the score is right, and whether the portfolio has moved."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from creditscore.cli.console import Folder, parse_day, say
from creditscore.domain import Workspace

ScoredDay = Annotated[
    date | None,
    typer.Option("--as-of", parser=parse_day, metavar="DAY", help="A scored day; the latest if it is left out."),
]

report = typer.Typer(
    help="Write the reports of the risk team: one HTML file each, to read offline.", no_args_is_help=True
)


@report.command()
def accuracy(workspace: Folder = Path()) -> None:
    """Write accuracy.html: whether the champion is right, for whom, since when, and how surely."""
    from creditscore.reporting.publishing import ACCURACY, accuracy_of, save_report  # noqa: PLC0415 - heavy

    place = Workspace(workspace)
    found = accuracy_of(place)
    path = save_report(found, place.reports / ACCURACY)
    say(f"{path}: {found.subtitle}")


@report.command()
def drift(workspace: Folder = Path(), as_of: ScoredDay = None) -> None:
    """Write drift.html: whether the portfolio has moved away from the one that the champion learned from."""
    from creditscore.reporting.publishing import DETAIL, DRIFT, drift_of, save_report  # noqa: PLC0415 - heavy

    place = Workspace(workspace)
    found = drift_of(place, as_of=as_of, detail=place.reports / DETAIL)
    path = save_report(found, place.reports / DRIFT)
    say(f"{path}: {found.subtitle}")


def register(app: typer.Typer) -> None:
    """Register ``report`` with its two commands."""
    app.add_typer(report, name="report")
