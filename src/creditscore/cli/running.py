"""An endpoint that runs for as long as a command needs it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from tempfile import TemporaryFile
from urllib.error import URLError
from urllib.request import urlopen

from creditscore.domain import Workspace
from creditscore.errors import StoreError

PATIENCE_SECONDS = 120
LAST_PATIENCE_SECONDS = 20
COMMAND_LINE = "from creditscore.cli.app import main; main()"


@contextmanager
def served(workspace: Workspace) -> Iterator[str]:
    """Start ``creditscore serve`` on a free loopback port and give its URL once it is ready; stop it in the end.

    Raises
    ------
    StoreError
        If it ends before it is ready, or is not ready in time.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--workspace", str(workspace.root.resolve()), "--port", str(port)]
    with TemporaryFile() as log:
        # A group of its own: the framework's workers are to end with it.
        server = subprocess.Popen(  # noqa: S603 - this very program
            [sys.executable, "-c", COMMAND_LINE, "serve", *options], stdout=log, stderr=log, start_new_session=True
        )
        try:
            _wait(server, f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            _stop(server)


def _wait(server: "subprocess.Popen[bytes]", url: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and server.poll() is None:
        with suppress(URLError, OSError), urlopen(f"{url}/readyz", timeout=5) as answer:  # noqa: S310 - our own server
            if answer.status == 200:  # noqa: PLR2004
                return
        time.sleep(0.2)
    raise StoreError(
        where="endpoint",
        found=f"It ended with code {server.returncode}." if server.poll() is not None else "It was not ready in time.",
        fix="Run `creditscore serve` to see why.",
    )


def _stop(server: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):
        server.terminate()
        with suppress(subprocess.TimeoutExpired):
            server.wait(LAST_PATIENCE_SECONDS)
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()
