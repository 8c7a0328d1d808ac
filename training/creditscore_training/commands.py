"""The command that training adds to ``creditscore``; what is heavy is imported when it runs."""

from pathlib import Path
from typing import Annotated

import typer

from creditscore.cli.console import Folder, bars, say
from creditscore.domain import Workspace

REFUSED = 3  # a model was trained and recorded, and the gates refused it

RecipeName = Annotated[
    str, typer.Argument(metavar="RECIPE", help="A shipped recipe, or a .py file that defines RECIPE.")
]
TrackingUri = Annotated[
    str | None,
    typer.Option(
        "--tracking-uri", help="MLflow's store; default: MLFLOW_TRACKING_URI, else sqlite:///mlruns/mlflow.db."
    ),
]


def register(app: typer.Typer) -> None:
    """Add ``creditscore train``."""
    app.command()(train)


def train(recipe: RecipeName, workspace: Folder = Path(), tracking_uri: TrackingUri = None) -> None:
    """Train a model, record it in MLflow, and make it champion if its gates pass; the exit code is 3 if they refuse."""
    with bars() as listener:
        listener("libraries", 0, 1)
        from creditscore_training.loading import load_recipe  # noqa: PLC0415 - heavy
        from creditscore_training.pipeline import train as run  # noqa: PLC0415 - heavy

        listener("libraries", 1, 1)
        result = run(load_recipe(recipe), Workspace(workspace), tracking_uri=tracking_uri, progress=listener)
    for gate in result.gates:
        say(f"{'passed' if gate.passed else 'REFUSED'}  {gate.sentence}")
    say(result.summary)
    if not result.promoted_flag:
        raise typer.Exit(REFUSED)
