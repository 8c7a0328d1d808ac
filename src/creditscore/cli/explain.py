"""``creditscore explain``: why a score is what it is, and why it changed."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from creditscore.cli.answers import AsJson, Customer, Language, Own, show, show_json
from creditscore.cli.console import Folder, parse_day
from creditscore.domain import Workspace

HERE = Path()
Scored = Annotated[
    date | None,
    typer.Argument(parser=parse_day, metavar="[DAY]", help="A day that was scored; the latest if it is left out."),
]
Later = Annotated[
    date | None,
    typer.Argument(parser=parse_day, metavar="[LATER]", help="Another scored day: the change to it is explained."),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(explain)


def explain(  # noqa: PLR0913 - a command line has as many options as it needs
    customer: Customer,
    day: Scored = None,
    later: Later = None,
    *,
    workspace: Folder = HERE,
    lang: Language = "en",
    as_json: AsJson = False,
    features: Own = None,
) -> None:
    """Explain a customer's score: what makes it on one day, or what changed it from one day to another."""
    from creditscore.features import load_features  # noqa: PLC0415 - brings pandas and DuckDB
    from creditscore.scoring import explain_change, explain_score  # noqa: PLC0415 - brings the models

    own, place = load_features(features) if features else (), Workspace(workspace)
    found = (
        explain_score(place, customer, day, features=own)
        if day is None or later is None
        else explain_change(place, customer, day, later, features=own)
    )
    if as_json:
        show_json(found.as_record())
    else:
        show(found.telling(lang))
