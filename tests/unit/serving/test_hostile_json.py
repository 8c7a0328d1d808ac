"""Whatever is asked, the answer is one that the description names, and never an unforeseen error."""

import shutil
import time

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode, checks

from creditscore.domain import Workspace
from creditscore_serving.application import application_of
from creditscore_serving.conventions.cursors import cursor_of
from creditscore_serving.desk.desk import Desk
from creditscore_serving.routes.every import OPERATIONS

EXAMPLES, EXAMPLES_OF_FACTS = 40, 8  # of facts features are computed, which takes its time
# A schema cannot say which cursors were given, that a bulk purchase needs an amount, or that a dispute follows its
# application; a broken row or customer is told beside the scores of the others.
BEYOND_A_SCHEMA = {
    ("history", GenerationMode.POSITIVE): [checks.positive_data_acceptance],
    ("alerts", GenerationMode.POSITIVE): [checks.positive_data_acceptance],
    ("application", GenerationMode.POSITIVE): [checks.positive_data_acceptance],
    ("advice", GenerationMode.POSITIVE): [checks.positive_data_acceptance],
    ("rows", GenerationMode.NEGATIVE): [checks.negative_data_rejection],
    ("facts", GenerationMode.NEGATIVE): [checks.negative_data_rejection],
}
PATHS = ("/v1/score", "/v1/scores", "/v1/rows", "/v1/facts", "/v1/advice", "/v1/applications")
MEGABYTE = 1_000_000
HOSTILE = {
    "nested arrays": b"[" * 100_000,
    "nested objects": b'{"a":' * 100_000,
    "nested in a row": b'{"rows": [{"customer_id": "a", "as_of": "2023-02-28", "features": ' + b'{"a":' * 5_000,
    "a number of 100,000 digits": b'{"customer_id": "a", "amount": ' + b"9" * 100_000 + b', "term_days": 1}',
    "a number beyond doubles": b'{"rows": [{"customer_id": "a", "as_of": "2023-02-28", "features": {"a": 1e999}}]}',
    "a number of the smallest": b'{"customer_id": "a", "purpose": "bulk_purchase", "amount": -1e-400}',
    "the same key twice": b'{"customer_id": "a", "customer_id": 7, "amount": 1, "term_days": 1}',
    "half a character": b'{"customer_id": "\\ud800", "amount": 1, "term_days": 1}',
    "a zero": b'{"customer_id": "C\\u0000", "amount": 1, "term_days": 1}',
    "a zero in a list": b'{"customer_ids": ["C\\u0000"]}',
    "a bare zero": b'{"customer_id": "C\x00"}',
    "no UTF-8": b'{"customer_id": "\xff\xfe"}',
    "a byte-order mark": b'\xef\xbb\xbf{"customer_id": "a"}',
    "a text of 10 MB": b'{"customer_id": "' + b"a" * 10 * MEGABYTE + b'"}',
    "a key of 10 MB": b'{"' + b"a" * 10 * MEGABYTE + b'": 1}',
    "a million keys": b"{" + b",".join(b'"%d":0' % number for number in range(MEGABYTE)) + b"}",
    "a million ids": b'{"customer_ids": [' + b"0," * MEGABYTE + b"0]}",
    "a million features": b'{"rows": [{"customer_id": "a", "as_of": "2023-02-28", "features": {'
    + b",".join(b'"%d":""' % number for number in range(MEGABYTE))
    + b"}}]}",
}


@pytest.fixture(scope="module")
def application(scored_template, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile") / "portfolio"
    shutil.copytree(scored_template.root, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("CREDITSCORE_STORE", raising=False)
        desk = Desk(Workspace(folder))
        desk.editions.refresh()
        yield application_of(desk, observe=lambda *_: None)
        desk.close()


@pytest.fixture(scope="module")
def described(application):
    return schemathesis.openapi.from_asgi("/openapi.json", application)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda one: one.value)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_every_answer_conforms_to_the_description(described, operation, mode):
    cases = described[operation.path][operation.method].as_strategy(generation_mode=mode)

    many = EXAMPLES_OF_FACTS if operation.name == "facts" else EXAMPLES

    @settings(max_examples=many, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=cases)
    def conforms(case):
        case.call_and_validate(excluded_checks=BEYOND_A_SCHEMA.get((operation.name, mode), []))

    conforms()


@pytest.fixture(scope="module")
def client(application, client_of):
    client = client_of(application)
    yield client
    client.close()


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("path", PATHS)
def test_a_hostile_body_is_refused_in_a_few_words(client, path, body):
    for _ in range(100):  # what came before may have been too much for a moment
        answer = client.post(path, content=body, headers={"content-type": "application/json"})
        if answer.headers.get("retry-after") is None:
            break
        time.sleep(0.1)
    refused_rows = answer.json().get("refused_count", 0) if answer.status_code == 200 else 0
    assert answer.status_code in {400, 413} or refused_rows == 1, answer.text[:500]
    assert len(answer.content) < 20_000


@pytest.mark.parametrize("name", ["C%00", "%ED%A0%80", "%FF", "..%2F..%2Fetc", "a" * 5_000, "%F0%9F%92%A3"])
@pytest.mark.parametrize("what", ["score", "scores", "changes"])
def test_a_hostile_id_in_a_path_is_nobodys(client, name, what):
    answer = client.get(f"/v1/customers/{name}/{what}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("run", ["\ud800", "\x00", [], None])
def test_a_hostile_cursor_is_refused(client, run):
    answer = client.get("/v1/alerts", params={"cursor": cursor_of({"run": run, "after": ""})})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "cursor")


def test_of_a_row_with_many_faults_some_are_told_and_the_others_counted(client):
    features = {f"unknown_{number}": 0.5 for number in range(100)}
    row = {"customer_id": "a", "as_of": "2023-02-28", "features": features}
    (result,) = client.post("/v1/rows", json={"rows": [row]}).json()["results"]
    assert len(result["errors"]) == 21
    assert result["errors"][-1] == {"field": "rows.0", "message": "85 more fields are wrong."}
