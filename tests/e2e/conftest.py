"""Where the real data are, and real servers, started as a user starts them."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from creditscore.domain import Workspace

PROJECT = Path(__file__).parents[2]
CREDITSCORE = Path(sys.executable).with_name("creditscore")
PATIENCE_SECONDS = 240


@pytest.fixture(scope="session")
def data():
    """Return the folder of the real data, which stay out of the repository: their licences differ."""
    folder = Path(os.environ.get("CREDITSCORE_DATA", PROJECT.parent / "shared" / "data")).resolve()
    if not folder.is_dir():
        pytest.skip(f"No real data in {folder}; name their folder in CREDITSCORE_DATA.")
    return folder


class Server:
    """A started ``creditscore serve``: its address, its process and what it wrote to its log."""

    def __init__(self, process: subprocess.Popen, url: str, log: Path) -> None:
        self.process, self.url, self.log = process, url, log
        self.client = httpx.Client(base_url=url, timeout=30)

    def ready(self) -> dict:
        """Return what the server says of its readiness, {} while it says nothing."""
        try:
            answer = self.client.get("/readyz")
        except httpx.TransportError:
            return {}
        return answer.json() | {"status_code": answer.status_code}

    def until(self, holds, *, seconds=PATIENCE_SECONDS):
        """Wait until ``holds`` is true, and return what it returned."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert self.process.poll() is None, self.text
            found = holds()
            if found:
                return found
            time.sleep(0.05)
        return pytest.fail(f"It did not happen in time. The server says {self.ready()}: {self.text}")

    def until_ready(self, *, workers=1):
        """Wait until so many workers have said that they are ready, and return their process ids."""
        seen = set()

        def all_said_so():
            told = self.ready()
            if told.get("status_code") == httpx.codes.OK:
                seen.add(told["worker"])
            return seen if len(seen) == workers else None

        return self.until(all_said_so)

    @property
    def text(self) -> str:
        """The log."""
        return self.log.read_text("utf-8")


@contextmanager
def started(workspace: Workspace, log: Path, *options: str, environment: Mapping[str, str] | None = None):
    """Start a server on a free loopback port; stop it in the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    known = {name: value for name, value in os.environ.items() if name != "CREDITSCORE_STORE"}
    command = [CREDITSCORE, "serve", "--workspace", workspace.root, "--port", str(port), *options]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env={**known, **(environment or {})}
        )
    server = Server(process, f"http://127.0.0.1:{port}", log)
    try:
        yield server
    finally:
        server.client.close()
        process.terminate()
        process.wait(timeout=60)


@pytest.fixture(scope="session")
def serve():
    """Return what starts a server."""
    return started
