"""What a careless or hostile client sends: the answers conform to their description, and nothing falls over."""

import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from creditscore.domain import Workspace
from creditscore.scoring import score_days

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
DAYS = [date(2023, 2, 27), date(2023, 2, 28)]
ANSWERED = 500  # answers below are about the question, not about the service
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


@pytest.fixture(scope="module")
def server(template, tmp_path_factory, serve):
    folder = tmp_path_factory.mktemp("asked") / "portfolio"
    shutil.copytree(template.root, folder)
    score_days(Workspace(folder), DAYS)
    with serve(Workspace(folder), folder.parent / "server.log") as opened:
        opened.until_ready()
        yield opened


@pytest.mark.slow
def test_whatever_the_description_allows_or_forbids_is_answered_as_it_says(server, tmp_path):
    command = [SCHEMATHESIS, "run", f"{server.url}/openapi.json", "--checks", CHECKS, "--seed", "20240731"]
    found = subprocess.run(
        [*command, "--max-examples", "25", "--generation-database", "none", "--no-color"],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        cwd=tmp_path,
    )
    assert found.returncode == 0, found.stdout[-6000:] + found.stderr[-2000:]
    assert "Traceback" not in server.text


DEEP = "[" * 100_000
HOSTILE = {
    "nothing": b"",
    "half a body": b'{"customer_id": "C0000001"',
    "not UTF-8": b'{"customer_id": "\xff\xfe"}',
    "a lone surrogate": rb'{"customer_id": "\ud800"}',
    "a zero byte": rb'{"customer_id": "\u0000"}',
    "nested deeply": DEEP.encode(),
    "nested deeply in a field": f'{{"customer_id": {DEEP}'.encode(),
    "a number beyond all floats": b'{"customer_id": "C0000001", "as_of": 1e999}',
    "a number of many digits": b'{"customer_id": ' + b"9" * 100_000 + b"}",
    "not a number": b'{"customer_id": NaN}',
    "a name twice": b'{"customer_id": "C0000001", "customer_id": ["C0000002"]}',
    "a long name": json.dumps({"customer_id": "x" * 10_000_000}).encode(),
    "many fields": json.dumps({f"field_{number}": number for number in range(50_000)}).encode(),
    "an object where a list stands": b'{"customer_ids": {"0": "C0000001"}, "rows": {"0": 1}}',
}
PATHS = ("/v1/score", "/v1/scores", "/v1/rows", "/v1/advice", "/v1/applications")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_body_is_the_callers_fault(server, path, body):
    answer = server.client.post(path, content=body, headers={"content-type": "application/json"})
    assert 400 <= answer.status_code < ANSWERED
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.content) < 20_000


@pytest.mark.parametrize(
    "name", ["%00", "%ff", "a%2Fb", "..%2F..%2Fetc", "x" * 5_000, "%F0%9F%8F%A2", "'; drop table scores"]
)
def test_a_hostile_customer_in_a_path_is_the_callers_fault(server, name):
    for what in ("score", "scores", "changes", "alerts"):
        answer = server.client.get(f"/v1/customers/{name}/{what}")
        known = what in {"scores", "alerts"} and answer.status_code == 200
        assert known or 400 <= answer.status_code < ANSWERED
    assert server.client.get("/v1/customers/C0000001/score").status_code == 200


@pytest.mark.parametrize(
    "query", ["as_of=%00", "as_of=2023-02-28&as_of=2023-02-27", "as_of=1e9", "AS_OF=2023-02-28", "cursor=%7B"]
)
def test_a_hostile_query_is_the_callers_fault(server, query):
    for path in ("/v1/customers/C0000001/score", "/v1/customers/C0000001/scores", "/v1/alerts", "/v1/portfolio"):
        assert server.client.get(f"{path}?{query}").status_code < ANSWERED
