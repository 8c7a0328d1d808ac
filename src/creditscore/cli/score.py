"""``creditscore score``: the daily run."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from creditscore.cli.console import Day, Folder, bars, parse_day, say
from creditscore.cli.engines import Engine, EngineName, Location, cluster
from creditscore.domain import Workspace, days_between

HERE = Path()
Until = Annotated[
    date | None,
    typer.Option(parser=parse_day, metavar="DAY", help="Score every day from --as-of to this one."),
]
Own = Annotated[
    Path | None,
    typer.Option("--features", metavar="FILE", help="Python file with features of your own, such as your recipe."),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(score)


def score(
    as_of: Day,
    until: Until = None,
    workspace: Folder = HERE,
    features: Own = None,
    engine: Engine = EngineName.DUCKDB,
    location: Location = None,
) -> None:
    """Score every customer of the book as of one day, or of each day of a range; running it twice changes nothing."""
    from creditscore.features import load_features  # noqa: PLC0415 - brings pandas and DuckDB
    from creditscore.scoring import score_days, score_days_on_cluster  # noqa: PLC0415 - brings LightGBM
    from creditscore.scoring.shadow_record import told_of_challenger  # noqa: PLC0415 - as above

    days = [as_of] if until is None else days_between(as_of, until)
    own = load_features(features) if features else ()
    place = Workspace(workspace)
    spark = cluster(engine, place, location)
    with bars() as progress:
        if spark is None:
            runs = score_days(place, days, features=own, progress=progress)
        else:
            runs = score_days_on_cluster(place, days, engine=spark, features=own, progress=progress)
    last = runs[-1]
    colours = ", ".join(f"{count:,} {colour}" for colour, count in last.colours.items())
    more = f" {len(runs)} days in all." if len(runs) > 1 else ""
    say(f"{last.customer_count:,} customers scored as of {last.as_of}: {colours}; run {last.run_id[:12]}.{more}")
    governed = ", ".join(f"{count:,} {colour}" for colour, count in last.governed_colours.items())
    say(
        f"Governed: {governed}. Alerts: {last.yellow_alert_count:,} yellow, {last.red_alert_count:,} red; "
        f"{last.frozen_count:,} customers frozen."
    )
    for line in told_of_challenger(place, last):
        say(line)
