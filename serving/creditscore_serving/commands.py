"""The commands that serving adds to ``creditscore``."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from creditscore.cli.console import Folder, say

SERVICE = "creditscore_serving.entry:Scores"


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(serve)


def serve(
    workspace: Folder = Path(),
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 3000,
    workers: Annotated[int, typer.Option(help="Processes that answer.", min=1, max=64)] = 1,
) -> None:
    """Serve the daily scores and score posted snapshot rows over HTTP, until interrupted."""
    from creditscore.domain import Workspace  # noqa: PLC0415 - keeps `creditscore --help` fast
    from creditscore.scoring import open_champion  # noqa: PLC0415 - as above

    bundle = open_champion(Workspace(workspace))  # a missing or altered bundle is said here, not by a dying worker
    say(f"Serving bundle {bundle.name} on http://{host}:{port} (interrupt to stop)")
    environment = {
        "DO_NOT_TRACK": "1",
        "BENTOML_DO_NOT_TRACK": "True",
        **os.environ,
        "CREDITSCORE_WORKSPACE": str(workspace.resolve()),
        "CREDITSCORE_WORKERS": str(workers),
    }
    command = [sys.executable, "-m", "bentoml", "serve", SERVICE, "--host", host, "--port", str(port)]
    os.execve(sys.executable, command, environment)  # noqa: S606 - the server replaces this process; no shell is involved
