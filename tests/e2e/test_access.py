"""A real server with keys: who comes in, who does not, and what its logs say."""

import os
import shutil
import subprocess
import sys
import time
from datetime import date
from types import SimpleNamespace

import pytest

from creditscore.domain import Workspace
from creditscore.scoring import score_days
from creditscore_serving.access import AccessStore

DAY = date(2023, 2, 28)
PATIENCE_SECONDS = 120
SETTINGS = "limits: {body_bytes: 100000, rate: 1000/s}\n"


def command(*words, workspace):
    environment = {name: value for name, value in os.environ.items() if name != "CREDITSCORE_STORE"}
    program = [sys.executable, "-c", "from creditscore.cli.app import main; main()"]
    return [*program, *words, "--workspace", str(workspace.root)], environment


def run(*words, workspace):
    line, environment = command(*words, workspace=workspace)
    return subprocess.run(line, check=False, capture_output=True, text=True, timeout=120, env=environment)


def make_key(*words, workspace):
    return run("keys", "create", *words, workspace=workspace).stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def scored(template, tmp_path_factory):
    folder = tmp_path_factory.mktemp("guarded") / "portfolio"
    shutil.copytree(template.root, folder)
    score_days(Workspace(folder), [DAY])
    Workspace(folder).access_settings.write_text(SETTINGS)
    return Workspace(folder)


@pytest.fixture(scope="module")
def keys(scored):
    """Make one key of each kind."""
    return SimpleNamespace(
        reader=make_key("reader", "--scope", "scores:read", workspace=scored),
        writer=make_key("writer", "--scope", "decisions:write", workspace=scored),
        slow=make_key("slow", "--scope", "scores:read", "--rate", "1/min", workspace=scored),
    )


@pytest.fixture(scope="module")
def server(scored, keys, serving):
    """Start the server with those keys, and stop it in the end if no test has."""
    assert keys
    with serving(scored) as opened:
        yield opened


@pytest.fixture
def ask(server):
    def post(key, body=None, path="/v1/score"):
        headers = {"authorization": f"Bearer {key}"} if key else {}
        return server.client.post(path, json=body or {"customer_id": "C0000001"}, headers=headers)

    return post


def test_a_server_that_others_reach_does_not_start_without_a_key(template):
    answer = run("serve", "--host", "0.0.0.0", workspace=template)  # noqa: S104 - it must not listen
    assert answer.returncode == 1
    assert "creditscore keys create" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_without_a_key_nothing_is_told_and_probes_are_answered(ask, server):
    refused = ask(None)
    assert refused.status_code == 401
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert refused.json()["detail"]
    assert ask("csk_00ff00ff00ff_" + "A" * 43).status_code == 401
    assert server.client.get("/metrics").status_code == 401
    assert server.client.get("/livez").status_code == 200


def test_a_key_opens_what_its_scopes_allow(ask, keys):
    application = {"customer_id": "C0000001", "amount": 4711, "term_days": 30}
    assert ask(keys.reader).status_code == 200
    assert ask(keys.writer).status_code == 403
    assert ask(keys.reader, application, "/v1/applications").status_code == 403
    assert ask(keys.writer, application, "/v1/applications").status_code == 200


def test_a_key_that_asks_too_often_waits(ask, keys):
    assert ask(keys.slow).status_code == 200
    refused = ask(keys.slow)
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 60


def test_a_body_that_is_too_large_is_refused_whether_it_says_so_or_not(server, keys):
    headers = {"authorization": f"Bearer {keys.reader}", "content-type": "application/json"}
    assert server.client.post("/v1/scores", content=b"x" * 100_001, headers=headers).status_code == 413
    pieces = (b"x" * 10_000 for _ in range(11))
    assert server.client.post("/v1/scores", content=pieces, headers=headers).status_code == 413


def test_a_new_key_and_a_revoked_one_are_known_within_seconds(ask, scored):
    key = make_key("guest", "--scope", "scores:read", workspace=scored)
    expect(lambda: ask(key).status_code == 200, seconds=10)
    assert run("keys", "revoke", "guest", workspace=scored).returncode == 0
    expect(lambda: ask(key).status_code == 401, seconds=10)


def expect(happens, *, seconds):
    until = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < until
        time.sleep(0.1)


def test_at_the_end_the_log_of_access_is_whole_and_the_other_log_holds_no_secret(ask, server, scored, keys):
    for _ in range(25):
        ask(keys.reader, {"customer_id": "Very Secret Ltd", "wrong_field": "4711.00"})
    server.process.terminate()
    server.process.wait(timeout=60)
    with AccessStore(scored.access_url) as store:
        found = store.entries(caller="reader", most=10_000)
        assert sum(entry.status == 400 for entry in found) == 25
        assert {"reader", "writer", "slow", "guest", ""} == {entry.caller for entry in store.entries(most=10_000)}
        assert {key.caller.name for key in store.every_key() if key.last_used_at} >= {"reader", "writer", "slow"}
    text = server.log
    assert "Very Secret" not in text
    assert "4711" not in text
    assert "Traceback" not in text
    for key in vars(keys).values():
        assert key.split("_", 2)[2] not in text
