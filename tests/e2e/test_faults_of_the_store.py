"""The PostgreSQL server of a running service goes away, hangs, and comes back."""

import os
import signal
from datetime import date, timedelta

import pytest

from creditscore.domain import Workspace
from creditscore.scoring import DecisionStore, score_days

CUSTOMER = "/v1/customers/C0000001"
DAY = date(2023, 2, 27)
ON_STORE = (
    ("GET", f"{CUSTOMER}/score?as_of=2023-02-26", None),
    ("GET", f"{CUSTOMER}/scores", None),
    ("GET", f"{CUSTOMER}/changes", None),
    ("GET", f"{CUSTOMER}/alerts", None),
    ("GET", "/v1/reserve", None),
    ("GET", "/v1/portfolio?as_of=2023-02-26", None),
    ("POST", "/v1/applications", {"customer_id": "C0000001", "amount": 5_000_000, "term_days": 60}),
)

pytestmark = pytest.mark.postgresql


@pytest.fixture
def place(workspace, postgresql_url, monkeypatch):
    """Return a workspace whose two scored days are in PostgreSQL."""
    monkeypatch.setenv("CREDITSCORE_STORE", postgresql_url)
    score_days(workspace, [DAY - timedelta(days=1), DAY])
    return Workspace(workspace.root)


@pytest.fixture
def server(place, postgresql_url, serving):
    with serving(place, environment={"CREDITSCORE_STORE": postgresql_url}) as started:
        yield started


def statuses(server):
    return [server.client.request(method, path, json=body).status_code for method, path, body in ON_STORE]


def test_the_last_good_scores_are_served_while_the_database_is_gone_and_all_is_well_when_it_is_back(
    server, place, postgresql_server, postgresql_url
):
    before = server.client.get(f"{CUSTOMER}/score").json()
    postgresql_server.stop()
    try:
        said = server.wait_until(lambda: server.client.get("/readyz").json()["refused"])
        assert [one.split(". ")[0] for one in said] == ["score store: It cannot be reached"]
        assert server.client.get("/readyz").status_code == 200
        server.wait_until(lambda: int(server.client.get(f"{CUSTOMER}/score").headers["x-edition-age"]) >= 3)
        assert server.client.get(f"{CUSTOMER}/score").json() == before
        assert server.client.post("/v1/scores", json={"customer_ids": ["C0000001"]}).status_code == 200
        for method, path, body in ON_STORE:
            answer = server.client.request(method, path, json=body)
            assert (answer.status_code, answer.headers.get("retry-after")) == (503, "5"), path
            assert answer.headers["content-type"] == "application/problem+json"
            assert "It cannot be reached." in answer.json()["detail"]
    finally:
        postgresql_server.start()
    server.wait_until(lambda: server.client.get("/readyz").json()["refused"] == [])
    assert statuses(server) == [200] * len(ON_STORE)
    (run,) = score_days(place, [DAY + timedelta(days=1)])
    server.wait_until(lambda: server.client.get("/readyz").json()["run_id"] == run.run_id)
    with DecisionStore(postgresql_url) as store:
        assert len(store.applications("C0000001")) == 1
    assert "Traceback" not in server.log


@pytest.mark.slow
def test_a_database_that_hangs_holds_up_no_score_and_is_told(server, postgresql_server):
    before = server.client.get(f"{CUSTOMER}/score").json()
    stopped = postgresql_server.processes()
    for process in stopped:
        os.kill(process, signal.SIGSTOP)
    try:
        said = server.wait_until(lambda: server.client.get("/readyz").json()["refused"])
        assert "has not ended for" in said[0] or "cannot be reached" in said[0]
        assert server.client.get(f"{CUSTOMER}/score").json() == before
        answer = server.client.get("/v1/reserve")  # a client waits a bounded time, then asks again
        assert answer.status_code in {503, 504}
        assert answer.headers["retry-after"]
    finally:
        for process in stopped:
            os.kill(process, signal.SIGCONT)
    server.wait_until(lambda: server.client.get("/readyz").json()["refused"] == [])
    server.wait_until(lambda: server.client.get("/v1/reserve").status_code == 200)
