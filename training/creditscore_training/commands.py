"""The commands that training adds to ``creditscore``; what is heavy is imported when it runs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from creditscore.cli.console import Folder, bars, parse_day, say
from creditscore.cli.engines import Engine, EngineName, Location, cluster
from creditscore.cli.models import ModelCommands
from creditscore.domain import Workspace
from creditscore_training.role import Role

if TYPE_CHECKING:
    from creditscore.scoring import Registry
    from creditscore_training.recipe import Recipe
    from creditscore_training.scenarios.recipe import ScenarioRecipe

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
Storage = Annotated[str, typer.Option("--storage", help="Optuna's storage of studies, such as sqlite:///FILE.")]
STUDIES = "sqlite:///mlruns/optuna.db"
Tuned = Annotated[
    bool, typer.Option("--tuned", help="Take the best parameters that `creditscore tune` found on this very panel.")
]


As = Annotated[
    Role | None,
    typer.Option("--as", help="champion: if it is no worse than the one that decides; challenger: in any case."),
]


def register(app: typer.Typer) -> None:
    """Add ``creditscore train``, ``tune`` and ``demo``, and let ``creditscore models`` move aliases in MLflow."""
    app.command()(train)
    app.command()(tune)
    app.command()(demo)
    app.add_typer(ModelCommands(registry_at=_registry_at).app(), name="models")


def train(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    recipe: RecipeName,
    workspace: Folder = Path(),
    as_of: AsOf = None,
    tracking_uri: TrackingUri = None,
    engine: Engine = EngineName.DUCKDB,
    location: Location = None,
    role: As = None,
    tuned: Tuned = False,  # noqa: FBT002 - an option of the command line
    storage: Storage = STUDIES,
) -> None:
    """Train a model, record it in MLflow, and make it champion if its gates pass; the exit code is 3 if they refuse."""
    with bars() as listener:
        listener("libraries", 0, 1)
        from creditscore_training.loading import load_recipe  # noqa: PLC0415 - heavy

        chosen, run = _work(load_recipe(recipe), role=role, studies=storage if tuned else None)
        listener("libraries", 1, 1)
        place = Workspace(workspace)
        result = run(
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
    say(result.standing.sentence)
    if result.standing.role is None:
        raise typer.Exit(REFUSED)


def _work(
    recipe: "Recipe | ScenarioRecipe", *, role: Role | None, studies: str | None
) -> tuple[object, Callable[..., Any]]:
    """Return a recipe as it was asked for, and what carries it out: as a model, or as a scenario model."""
    from creditscore_training import pipeline  # noqa: PLC0415 - heavy, as the next two
    from creditscore_training.recipe import Recipe  # noqa: PLC0415
    from creditscore_training.scenarios.pipeline import train_scenario  # noqa: PLC0415

    if isinstance(recipe, Recipe):
        asked = recipe if role is None else replace(recipe, role=role)
        return asked if studies is None else replace(asked, tuned_in=studies), pipeline.train
    if role is not None or studies is not None:
        raise typer.BadParameter("A scenario model stands on the champion: it has no role and no tuning.")
    return recipe, train_scenario


def tune(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    recipe: RecipeName,
    workspace: Folder = Path(),
    trials: Annotated[
        int | None, typer.Option(help="Trials in all, those of earlier sessions included.", min=1)
    ] = None,
    timeout: Annotated[float | None, typer.Option(help="Seconds after which no trial is begun.", min=1)] = None,
    storage: Storage = STUDIES,
    as_of: AsOf = None,
    tracking_uri: TrackingUri = None,
) -> None:
    """Search for better parameters on folds of the development period; run again, it goes on where it ended."""
    with bars() as listener:
        listener("libraries", 0, 1)
        from creditscore_training.loading import load_recipe  # noqa: PLC0415 - heavy
        from creditscore_training.recipe import Recipe  # noqa: PLC0415 - heavy
        from creditscore_training.tuning.session import tune as run  # noqa: PLC0415 - heavy

        listener("libraries", 1, 1)
        wanted = load_recipe(recipe)
        if not isinstance(wanted, Recipe):
            raise typer.BadParameter("A scenario model stands on the champion: it has no tuning.")
        plan = replace(
            wanted.tuning,
            trials=wanted.tuning.trials if trials is None else trials,
            timeout_seconds=wanted.tuning.timeout_seconds if timeout is None else timeout,
        )
        result = run(
            replace(wanted, tuning=plan),
            Workspace(workspace),
            as_of=as_of,
            storage=storage,
            tracking_uri=tracking_uri,
            progress=listener,
        )
    for line in result.lines:
        say(line)


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
        from creditscore_training.tracking import tracking_uri_or_default  # noqa: PLC0415 - heavy

        listener("libraries", 1, 1)
        portfolio = Portfolio(customers=customers, months=36, seed=7)
        made = demonstrate(portfolio, Workspace(workspace), tracking_uri=tracking_uri, progress=listener)
    for line in findings(made, workspace, tracking_uri=tracking_uri_or_default(tracking_uri)):
        say(line)


def _registry_at(tracking_uri: str | None) -> "Registry":
    from creditscore_training.aliases import registry_at  # noqa: PLC0415 - heavy

    return registry_at(tracking_uri)
