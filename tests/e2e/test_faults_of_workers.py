"""A worker of a real server is killed, as the system kills one that takes too much memory."""

import os
import signal
import threading
from pathlib import Path

import httpx
import pytest

CUSTOMER = "/v1/customers/C0000001/score"
ASKERS = 4


class Askers:
    """Threads that ask without pause, each question on a new connection, so that each may meet either worker."""

    def __init__(self, url):
        self.url = url
        self.statuses, self.broken = [], []
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=self.ask) for _ in range(ASKERS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        for thread in self.threads:
            thread.join(timeout=90)

    def ask(self):
        limits = httpx.Limits(max_keepalive_connections=0)
        with httpx.Client(base_url=self.url, timeout=60, limits=limits) as session:
            while not self.stopped.wait(0.01):
                try:
                    self.statuses.append(session.get(CUSTOMER).status_code)
                except httpx.TransportError as error:
                    self.broken.append(repr(error))


@pytest.mark.slow
def test_a_worker_that_is_killed_costs_its_own_connections_and_comes_back(scored, serving):
    with serving(scored, workers=2) as server:
        first, second = server.workers(2)
        with Askers(server.url) as askers:
            server.wait_until(lambda: len(askers.statuses) > 100)
            os.kill(first, signal.SIGKILL)
            server.wait_until(lambda: not Path(f"/proc/{first}").exists())
            answered = len(askers.statuses)
            server.wait_until(lambda: len(askers.statuses) > answered + 100)
            now = server.workers(2)
        assert second in now
        assert first not in now
        assert set(askers.statuses) == {200}
        # What is in the queue of a worker that dies is lost with it: each connection once, and no more.
        assert len(askers.broken) <= ASKERS


@pytest.mark.slow
def test_a_worker_that_comes_back_to_an_altered_bundle_says_why_it_is_not_ready(scored, serving):
    with serving(scored) as server:
        (worker,) = server.workers(1)
        file = next((scored.bundles / "first").glob("trees*"))
        sound = file.read_bytes()
        try:
            file.write_bytes(sound[:-1] + bytes([sound[-1] ^ 1]))
            os.kill(worker, signal.SIGKILL)
            told = server.wait_until(
                lambda: (found := server.readiness()) is not None and found["worker"] != worker and found
            )
            assert not told["ready"]
            assert "is not the file that was written" in told["refused"][0]
            answer = httpx.get(f"{server.url}{CUSTOMER}", timeout=60)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
            assert "is not the file that was written" in server.log
        finally:
            file.write_bytes(sound)
        server.workers(1)
        assert httpx.get(f"{server.url}{CUSTOMER}", timeout=60).status_code == 200
