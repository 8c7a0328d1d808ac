import asyncio
import json
import time

import pytest
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route

from creditscore_serving.access import Rate, permission_for
from creditscore_serving.access import guard as guard_module

SCORE = "/v1/customers/C0000042/score"
SETTINGS = "limits:\n  body_bytes: 2048\n  body_seconds: 0.2\n  request_seconds: 0.2\n  rate: 1000/s\n"


@pytest.fixture
def logged(access_store):
    """Write what waits and return the access log, the first entry first."""

    def read(client):
        client.guard.audit.write()
        return sorted(access_store.entries(), key=lambda entry: entry.asked_at)

    return read


def test_without_any_key_this_machine_may_ask_and_no_other_may(serve):
    client = serve()
    assert client.get(SCORE).content["caller"] == "everybody"
    assert client.get(SCORE, peer=None).status == 200
    for peer in ("10.0.0.7", "::ffff:10.0.0.7", "2001:db8::7"):
        refused = client.get(SCORE, peer=peer)
        assert refused.status == 401
        assert "creditscore keys create" in refused.content["detail"]


def test_a_key_is_needed_as_soon_as_one_was_ever_made(serve, key_of, access_store):
    key_of("scores:read")
    access_store.revoke("erp")
    refused = serve().get(SCORE)
    assert refused.status == 401
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["www-authenticate"] == 'Bearer realm="creditscore"'
    assert refused.content["status"] == 401


@pytest.mark.parametrize("send", [lambda key: {"authorization": f"bearer {key}"}, lambda key: {"x-api-key": key}])
def test_a_key_names_its_caller_by_either_header(serve, key_of, send):
    key = key_of("scores:read")
    assert serve().get(SCORE, headers=send(key)).content["caller"] == "erp"


def test_a_key_that_is_altered_foreign_revoked_or_ended_is_refused_alike(serve, key_of, access_store):
    good = key_of("scores:read")
    revoked = key_of("scores:read", name="gone")
    access_store.revoke("gone")
    client = serve()
    last = "A" if good[-1] != "A" else "B"
    wrong = [good[:-1] + last, good[:-1], good + "x", revoked, "csk_", "csk_000000000000_x", "token", "é" * 40, "Ā"]
    answers = [client.get(SCORE, headers={"x-api-key": one, "x-request-id": "r"}) for one in wrong]
    assert {(answer.status, answer.text) for answer in answers} == {(401, answers[0].text)}
    assert 'error="invalid_token"' in answers[0].headers["www-authenticate"]
    assert client.get(SCORE, key=good).status == 200


def test_a_key_opens_what_its_scopes_allow(serve, key_of):
    reader, scorer, root = key_of("scores:read"), key_of("scores:compute"), key_of("admin")
    client = serve()
    body = {"customer_ids": ["C1"]}
    assert client.post("/v1/scores", body, key=reader).status == 200
    refused = client.post("/v1/rows", body, key=reader)
    assert refused.status == 403
    assert refused.headers["www-authenticate"].endswith('error="insufficient_scope", scope="scores:compute"')
    assert client.post("/v1/rows", body, key=scorer).status == 200
    assert client.get(SCORE, key=scorer).status == 403
    assert client.post("/v1/rows", body, key=root).status == 200
    assert client.get("/metrics", key=reader).status == 403
    assert client.get("/metrics", key=root).status == 200


def test_probes_need_no_key(serve, key_of):
    key_of("scores:read")
    assert serve().get("/readyz").status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/v1/customers/C1"),
        ("PUT", "/v1/score"),
        ("POST", "/v1/score/"),
        ("GET", "/secret"),
        ("GET", "/V1/x"),
    ],
)
def test_a_route_that_nobody_thought_of_is_the_administrators(method, path):
    assert permission_for(method, path) == "admin"


def test_a_prefix_that_a_proxy_strips_changes_no_permission(serve, key_of):
    key = key_of("scores:read")
    client = serve()
    assert client.get("/scoring" + SCORE, key=key, root_path="/scoring").status == 200
    assert client.get("/scoring/readyz", root_path="/scoring").status == 200


def test_new_and_revoked_keys_are_known_within_seconds(serve, key_of, access_store, monkeypatch):
    monkeypatch.setattr(guard_module, "REFRESH_SECONDS", 0.05)
    old = key_of("scores:read", name="old")
    client = serve()
    assert client.get(SCORE, key=old).status == 200
    new = key_of("scores:read", name="new")
    access_store.revoke("old")
    until = time.monotonic() + 10
    while client.get(SCORE, key=new).status != 200 or client.get(SCORE, key=old).status != 401:
        assert time.monotonic() < until
        time.sleep(0.02)


def test_keys_hold_on_while_their_store_is_away(serve, key_of, place, monkeypatch, caplog):
    monkeypatch.setattr(guard_module, "REFRESH_SECONDS", 0.05)
    key = key_of("scores:read")
    client = serve()
    assert client.get(SCORE, key=key).status == 200
    client.guard.store.close()
    file = place.root / "access.db"
    file.write_bytes(b"no database at all" * 100)
    until = time.monotonic() + 10
    while "The keys known so far hold on" not in caplog.text:
        assert time.monotonic() < until
        time.sleep(0.02)
    assert client.get(SCORE, key=key).status == 200


def test_a_caller_that_asks_too_often_is_told_when_to_come_back(serve, key_of):
    slow, quick = key_of("scores:read", name="slow", rate=Rate(0.5, 2.0)), key_of("scores:read", name="quick")
    client = serve()
    assert [client.get(SCORE, key=slow).status for _ in range(4)] == [200, 200, 429, 429]
    refused = client.get(SCORE, key=slow)
    assert 1 <= int(refused.headers["retry-after"]) <= 2
    assert client.get(SCORE, key=quick).status == 200


def test_the_log_names_who_asked_what_about_whom_and_what_came_of_it(serve, key_of, logged):
    key = key_of("scores:read")
    client = serve()
    client.get(SCORE, key=key, headers={"x-request-id": "order-7"})
    client.post("/v1/scores", {"customer_ids": ["C1", "C2"]}, key=key)
    client.post("/v1/rows", {"customer_ids": ["C3"]}, key=key)
    client.get(SCORE)
    client.get("/readyz")
    found = logged(client)
    assert [(one.caller, one.action, one.customer_ids, one.status) for one in found] == [
        ("erp", "GET /v1/customers/{customer_id}/score", ("C0000042",), 200),
        ("erp", "POST /v1/scores", ("C1", "C2"), 200),
        ("erp", "POST /v1/rows", (), 403),
        ("", "GET /v1/customers/{customer_id}/score", ("C0000042",), 401),
    ]
    assert found[0].request_id == "order-7"
    assert key.split("_")[1] == found[0].key_id


def test_a_flood_of_refusals_does_not_fill_the_log(serve, key_of, logged):
    key_of("scores:read")
    client = serve()
    for _ in range(300):
        assert client.get(SCORE).status == 401
    assert len(logged(client)) < 150


def test_what_cannot_be_recorded_is_not_answered(serve, key_of):
    key = key_of("scores:read")
    client = serve()
    client.guard.audit.most_waiting = 0
    refused = client.get(SCORE, key=key)
    assert (refused.status, refused.headers["retry-after"]) == (503, "5")


def test_the_last_use_of_a_key_and_the_log_are_kept_when_the_server_ends(serve, key_of, access_store):
    key = key_of("scores:read")
    client = serve()
    client.get(SCORE, key=key)
    client.guard.close()
    assert access_store.every_key()[0].last_used_at is not None
    assert len(access_store.entries()) == 1


def test_a_server_that_lives_and_ends_closes_its_guard(serve, key_of, runner):
    key_of("scores:read")
    client = serve()
    messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    said = []

    async def live():
        async def receive():
            said.append(client.guard.is_running)
            return messages.pop(0)

        async def send(message):
            said.append(message["type"])

        await client.app({"type": "lifespan", "state": {}}, receive, send)

    runner.run(live())
    assert said == [True, "lifespan.startup.complete", True, "lifespan.shutdown.complete"]
    assert not client.guard.is_running


def test_there_is_no_way_in_by_a_web_socket(serve, runner):
    sent = []

    async def connect():
        async def send(message):
            sent.append(message)

        await serve().app({"type": "websocket", "path": SCORE, "headers": []}, None, send)

    runner.run(connect())
    assert sent == [{"type": "websocket.close", "code": 1008}]


# Limits


@pytest.fixture
def limited(place, serve):
    place.access_settings.write_text(SETTINGS)
    return serve


BODY = json.dumps({"customer_ids": ["C1"]}).encode()


def test_a_body_is_answered_however_it_arrives(limited):
    client = limited()
    for pieces in ([BODY], [BODY[:5], b"", BODY[5:]], [bytes([one]) for one in BODY]):
        assert client.ask("POST", "/v1/scores", headers={"transfer-encoding": "chunked"}, body=pieces).status == 200


def test_a_body_that_says_it_is_too_large_is_refused_unread(limited):
    refused = limited().ask("POST", "/v1/scores", headers={"content-length": "104857600"}, body=[60.0])
    assert (refused.status, refused.headers["connection"]) == (413, "close")


@pytest.mark.parametrize(
    "length", [{}, {"content-length": "10"}, {"transfer-encoding": "chunked"}, {"content-length": "x"}]
)
def test_a_body_that_is_too_large_is_refused_whatever_it_says(limited, length):
    pieces = [b"x" * 1000] * 100
    assert limited().ask("POST", "/v1/scores", headers=length, body=pieces).status == 413


def test_the_largest_body_is_answered_and_one_byte_more_is_not(limited):
    client = limited()
    assert client.post("/v1/scores", {"customer_ids": ["x" * (2048 - 22)]}).status == 200
    assert client.post("/v1/scores", {"customer_ids": ["x" * (2049 - 22)]}).status == 413


def test_a_body_that_does_not_come_is_given_up(limited):
    refused = limited().ask("POST", "/v1/scores", headers={"content-length": "10"}, body=[b"x", 30.0, b"x"])
    assert refused.status == 408


async def asleep(_request):
    await asyncio.sleep(30)


async def trickling(_request):
    async def pieces():
        yield b"x"
        await asyncio.sleep(30)

    return StreamingResponse(pieces())


async def own_timeout(_request):
    try:
        async with asyncio.timeout(0.01):
            await asyncio.sleep(30)
    except TimeoutError:
        return JSONResponse({"gave_up": True})


def test_an_answer_that_does_not_come_is_given_up(limited):
    refused = limited([Route("/v1/x", asleep)]).get("/v1/x")
    assert (refused.status, refused.content["title"]) == (504, "Gateway Timeout")


def test_an_answer_that_has_begun_is_cut_off_and_not_mixed_with_another(limited):
    with pytest.raises(TimeoutError):
        limited([Route("/v1/x", trickling)]).get("/v1/x")


def test_a_timeout_of_the_application_is_its_own(limited):
    assert limited([Route("/v1/x", own_timeout)]).get("/v1/x").content == {"gave_up": True}


def test_a_failure_of_the_program_is_recorded_and_passed_on(serve, key_of, logged):
    key = key_of("scores:read")

    async def failing(_request):
        raise RuntimeError("boom")

    client = serve([Route("/v1/x", failing)])
    with pytest.raises(RuntimeError):
        client.get("/v1/x", key=key)
    assert [one.status for one in logged(client)] == [500]
