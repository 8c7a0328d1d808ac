"""``creditscore improve``: what would raise a customer's score."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from creditscore.cli.answers import AsJson, Customer, Language, Own, show, show_json
from creditscore.cli.console import Folder, parse_day
from creditscore.domain import Workspace

HERE = Path()
ScoredDay = Annotated[
    date | None,
    typer.Option("--as-of", parser=parse_day, metavar="DAY", help="A scored day; the latest if it is left out."),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(improve)


def improve(
    customer: Customer,
    *,
    as_of: ScoredDay = None,
    workspace: Folder = HERE,
    lang: Language = "en",
    as_json: AsJson = False,
    features: Own = None,
) -> None:
    """Tell what would raise a customer's score, such as collecting what is overdue, and which amount is enough."""
    from creditscore.features import load_features  # noqa: PLC0415 - brings pandas and DuckDB
    from creditscore.scoring import counterfactuals  # noqa: PLC0415 - brings the models

    own = load_features(features) if features else ()
    found = counterfactuals(Workspace(workspace), customer, as_of, features=own)
    if as_json:
        show_json(found.as_record())
    else:
        show(found.telling(lang))
