"""Where the real data are, and a real server, started as a user starts it."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import httpx
import pytest

PROJECT = Path(__file__).parents[2]
CREDITSCORE = Path(sys.executable).with_name("creditscore")
DAYS = [date(2023, 2, 27), date(2023, 2, 28)]
PATIENCE_SECONDS = 120


@pytest.fixture(scope="session")
def data():
    """Return the folder of the real data, which stay out of the repository: their licences differ."""
    folder = Path(os.environ.get("CREDITSCORE_DATA", PROJECT.parent / "shared" / "data")).resolve()
    if not folder.is_dir():
        pytest.skip(f"No real data in {folder}; name their folder in CREDITSCORE_DATA.")
    return folder


class Server:
    """A server and the client that asks it.

    Parameters
    ----------
    process, port, log
        What was started, where it listens, and the file of its output.
    """

    def __init__(self, process, port, log):
        self.process, self.port, self.log_file = process, port, log
        self.url = f"http://127.0.0.1:{port}"
        self.client = httpx.Client(base_url=self.url, timeout=60)

    @property
    def log(self):
        return self.log_file.read_text("utf-8")

    def readiness(self):
        """Return what one of the workers serves, on a connection of its own; ``None`` where none answers."""
        try:
            return httpx.get(f"{self.url}/readyz", timeout=60).json()
        except httpx.TransportError:
            return None

    def wait_until(self, happens, *, seconds=PATIENCE_SECONDS):
        """Wait until something happens, and return it; it must hold on a busy machine, so there is much time."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            assert self.process.poll() is None, self.log
            try:
                found = happens()
            except httpx.TransportError:
                found = None
            if found:
                return found
            time.sleep(0.1)
        pytest.fail(f"It did not happen in time: {self.log}")

    def workers(self, count):
        """Wait until that many workers are ready, and return their process ids."""
        seen = set()

        def all_ready():
            found = self.readiness()
            if found is not None and found["ready"]:
                seen.add(found["worker"])
            return seen if len(seen) == count else None

        return self.wait_until(all_ready)


@contextmanager
def _serving(workspace, *, workers=1, environment=None, before=(), ready=True, log=None):
    port = _free_port()
    known = {name: value for name, value in os.environ.items() if name != "CREDITSCORE_STORE"}
    command = [CREDITSCORE, "serve", "--workspace", workspace.root, "--port", f"{port}", "--workers", f"{workers}"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*before, *command], stdout=output, stderr=subprocess.STDOUT, env=known | (environment or {})
        )
    server = Server(process, port, log)
    try:
        if ready:
            server.workers(workers)
        yield server
    finally:
        server.client.close()
        process.terminate()
        process.wait(timeout=60)


@pytest.fixture(scope="session")
def serving(tmp_path_factory):
    """Return what starts ``creditscore serve`` on a free loopback port and stops it after the block.

    Parameters of it: the workspace; ``workers``; ``environment``, added to this one's; ``before``, a command that
    starts the server; ``ready``, whether to wait until all workers are.
    """

    @contextmanager
    def start(workspace, **options):
        with _serving(workspace, log=tmp_path_factory.mktemp("log") / "server.log", **options) as server:
            yield server

    return start


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
