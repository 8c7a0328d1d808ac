"""The commands that serving adds to ``creditscore``."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from creditscore.cli.console import Folder, say
from creditscore.errors import CreditScoreError, ParameterError
from creditscore_serving import access_commands

if TYPE_CHECKING:
    from creditscore.domain import Workspace
    from creditscore.scoring import Bundle

Found = TypeVar("Found")
SERVICE = "creditscore_serving.entry:Scores"
LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
LOOK_EVERY_SECONDS = 2.0


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(serve)
    access_commands.register(app)


def serve(
    workspace: Folder = Path(),
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 3000,
    workers: Annotated[int, typer.Option(help="Processes that answer.", min=1, max=64)] = 1,
    wait: Annotated[
        float, typer.Option(help="Seconds to wait for a champion, and for a key where others may ask.", min=0)
    ] = 0.0,
) -> None:
    """Serve the daily scores and score posted snapshot rows over HTTP, until interrupted."""
    from creditscore.domain import Workspace  # noqa: PLC0415 - keeps `creditscore --help` fast

    bundle = patiently(lambda: what_is_served(Workspace(workspace), host), seconds=wait)
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


def what_is_served(workspace: "Workspace", host: str) -> "Bundle":
    """Return the bundle that decides: if it is missing or altered that is said here, not by a dying worker.

    Raises
    ------
    CreditScoreError
        If there is none, or ``host`` may not be listened on.
    """
    from creditscore.scoring import open_champion  # noqa: PLC0415 - keeps `creditscore --help` fast

    bundle = open_champion(workspace)
    check_host(workspace, host)
    return bundle


def patiently(look: Callable[[], Found], *, seconds: float) -> Found:
    """Look again and again for some seconds at most; each new reason to wait is said once.

    Raises
    ------
    CreditScoreError
        As the last look raised it.
    """
    until, said = time.monotonic() + seconds, ""
    while True:
        try:
            return look()
        except CreditScoreError as error:
            if time.monotonic() + LOOK_EVERY_SECONDS > until:
                raise
            if f"{error}" != said:
                said = f"{error}"
                say(f"Waiting. {said}")
        time.sleep(LOOK_EVERY_SECONDS)


def check_host(workspace: "Workspace", host: str) -> None:
    """Refuse to listen to other machines while anybody could ask.

    Raises
    ------
    ParameterError
        If the address is not this machine's own, and there is neither a good key nor an issuer of tokens.
    StoreError
        If the keys cannot be read.
    """
    from creditscore_serving.access import Guard  # noqa: PLC0415 - as above

    if host not in LOCAL_HOSTS and not Guard(workspace).lets_anybody_in:
        raise ParameterError(
            where="serve",
            found="There is no key and no issuer of tokens, and the address is not this machine's own.",
            fix="Make a key with `creditscore keys create`, or listen on 127.0.0.1.",
        )
