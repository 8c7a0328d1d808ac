"""``creditscore replay``: a past run made once more, and compared bit by bit."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from creditscore.cli.answers import AsJson, Own, show_json
from creditscore.cli.console import Folder, bars, console, parse_day, say
from creditscore.domain import Workspace, silent

if TYPE_CHECKING:
    from rich.table import Table

    from creditscore.scoring import Difference

HERE = Path()
Scored = Annotated[
    date | None,
    typer.Option("--as-of", parser=parse_day, metavar="DAY", help="A scored day; the latest if it is left out."),
]
Run = Annotated[
    str | None, typer.Option("--run", metavar="RUN", help="A run, served or not, by the first digits of its id.")
]
Customers = Annotated[
    list[str] | None,
    typer.Option("--customer-id", metavar="CUSTOMER", help="Replay this customer; may be given several times."),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(replay)


def replay(
    as_of: Scored = None,
    run: Run = None,
    customer_id: Customers = None,
    *,
    workspace: Folder = HERE,
    as_json: AsJson = False,
    features: Own = None,
) -> None:
    """Make a past run once more from what was recorded; exit code 1 if a bit differs from the ledger."""
    from creditscore.features import load_features  # noqa: PLC0415 - brings pandas and DuckDB
    from creditscore.scoring import replay as made_again  # noqa: PLC0415 - brings the models

    own, place, wanted = load_features(features) if features else (), Workspace(workspace), customer_id or []
    if as_json:
        found = made_again(place, as_of=as_of, run_id=run, customer_ids=wanted, features=own, progress=silent)
        show_json(found.as_record())
    else:
        with bars() as progress:
            found = made_again(place, as_of=as_of, run_id=run, customer_ids=wanted, features=own, progress=progress)
        if found.differences:
            console.print(_table(found.differences))
        for finding in found.findings if found.is_identical else ():
            say(finding.text)
        if found.is_identical:
            say(found.summary)
    found.demand()


def _table(differences: "tuple[Difference, ...]") -> "Table":
    from rich.table import Column, Table  # noqa: PLC0415 - keeps --help quick

    rows = Column("rows", justify="right")
    table = Table("table", Column("column", no_wrap=True), rows, "such as", box=None, padding=(0, 1, 0, 0))
    for one in differences:
        table.add_row(one.table, one.column, f"{one.row_count:,}", ", ".join(one.examples))
    return table
