"""The command ``creditscore``: the library's commands, and those that training and serving add."""

import importlib
import os
import sys
from importlib.metadata import entry_points
from typing import NoReturn

import typer
from rich.text import Text

from creditscore import __version__
from creditscore.cli.console import complaints, say
from creditscore.errors import CreditScoreError

# Nothing phones home unless the user asks for it; set before any of these packages is imported.
QUIET = {"MLFLOW_DISABLE_TELEMETRY": "true", "BENTOML_DO_NOT_TRACK": "True", "DO_NOT_TRACK": "1"}
EXTRAS = {
    "mlflow": "training",
    "bentoml": "serving",
    "starlette": "serving",
    "jwt": "serving",
    "evidently": "monitoring",
    "urllib3": "monitoring",
    "psycopg": "postgresql",
    "pyspark": "spark",
}
COMMANDS = (
    "ingest",
    "simulate",
    "features",
    "snapshot",
    "audit",
    "score",
    "replay",
    "parity",
    "monitor",
    "explain",
    "improve",
    "advise",
    "apply",
    "report",
    "models",
    "policy",
)

app = typer.Typer(
    name="creditscore",
    help="Score companies for trade credit: features, probabilities of default, scores, colours, reserves, reasons.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.command()
def version() -> None:
    """Say which version this is."""
    say(__version__)


def build() -> typer.Typer:
    """Return the application with every command registered."""
    for name in COMMANDS:
        importlib.import_module(f"creditscore.cli.{name}").register(app)
    for entry in sorted(entry_points(group="creditscore.commands"), key=lambda entry: entry.name):
        entry.load()(app)
    return app


def main() -> None:
    """Run the command line; an expected failure is one sentence and exit code 1, never a trace."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    try:
        build()()
    except CreditScoreError as error:
        _give_up(error)
    except ModuleNotFoundError as error:
        if error.name not in EXTRAS:
            raise
        _give_up(f"{error.name}: It is not installed. Install creditscore[{EXTRAS[error.name]}].")


def _give_up(why: object) -> NoReturn:
    complaints.print("[bold red]error[/]", Text(str(why)), highlight=False, soft_wrap=True)
    sys.exit(1)
