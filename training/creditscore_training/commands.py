"""The commands that training adds to ``creditscore``; what is heavy is imported when it runs."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from creditscore.cli.console import Folder, bars, parse_day, say
from creditscore.cli.engines import Engine, EngineName, Location, cluster
from creditscore.domain import Workspace

REFUSED = 3  # a model was trained and recorded, and the gates refused it

RecipeName = Annotated[
    str, typer.Argument(metavar="RECIPE", help="A shipped recipe, or a .py file that defines RECIPE.")
]
AsOf = Annotated[
    date | None,
    typer.Option(parser=parse_day, metavar="DAY", help="Last day whose information may be used; default: all."),
]
TrackingUri = Annotated[
    str | None,
    typer.Option(
        "--tracking-uri", help="MLflow's store; default: MLFLOW_TRACKING_URI, else sqlite:///mlruns/mlflow.db."
    ),
]


def register(app: typer.Typer) -> None:
    """Add ``creditscore train`` and ``creditscore demo``."""
    app.command()(train)
    app.command()(demo)


def train(
    recipe: RecipeName,
    workspace: Folder = Path(),
    as_of: AsOf = None,
    tracking_uri: TrackingUri = None,
    engine: Engine = EngineName.DUCKDB,
    location: Location = None,
) -> None:
    """Train a model, record it in MLflow, and make it champion if its gates pass; the exit code is 3 if they refuse."""
    with bars() as listener:
        listener("libraries", 0, 1)
        from creditscore_training.loading import load_recipe  # noqa: PLC0415 - heavy

        chosen = load_recipe(recipe)
        listener("libraries", 1, 1)
        place = Workspace(workspace)
        result = _run_of(chosen)(
            chosen,
            place,
            as_of=as_of,
            tracking_uri=tracking_uri,
            progress=listener,
            engine=cluster(engine, place, location),
        )
    for gate in result.gates:
        say(f"{'passed' if gate.passed else 'REFUSED'}  {gate.sentence}")
    say(result.summary)
    if not result.promoted_flag:
        raise typer.Exit(REFUSED)


def _run_of(recipe: object) -> Callable[..., Any]:
    """Return what carries out a recipe: that of a model, or of a scenario model on top of the champion."""
    from creditscore_training import pipeline  # noqa: PLC0415 - heavy, as the next two
    from creditscore_training.scenarios.pipeline import train_scenario  # noqa: PLC0415
    from creditscore_training.scenarios.recipe import ScenarioRecipe  # noqa: PLC0415

    return train_scenario if isinstance(recipe, ScenarioRecipe) else pipeline.train


def demo(
    workspace: Folder = Path("demo"),
    customers: Annotated[int, typer.Option(help="Customers of the simulated portfolio.", min=500)] = 5000,
    tracking_uri: TrackingUri = None,
) -> None:
    """Do the main job once on a simulated portfolio: train, score thirty days, report, and say what was found."""
    with bars() as listener:
        listener("libraries", 0, 1)
        from creditscore.book.simulation import Portfolio  # noqa: PLC0415 - heavy
        from creditscore_training.demo import demonstrate, findings  # noqa: PLC0415 - heavy

        listener("libraries", 1, 1)
        portfolio = Portfolio(customers=customers, months=36, seed=7)
        made = demonstrate(portfolio, Workspace(workspace), tracking_uri=tracking_uri, progress=listener)
    for line in findings(made, workspace):
        say(line)
