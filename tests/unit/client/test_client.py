"""The client against a service that is played: what it sends, what it repeats, and what it makes of a refusal."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from traceback import format_exception

import httpx
import pytest
from pydantic import ValidationError

from creditscore.features import catalogue
from creditscore_client import (
    Client,
    NotAllowedError,
    NotFoundError,
    RefusedError,
    ServiceError,
    SnapshotRow,
    UnavailableError,
    request_id,
)
from creditscore_client.operations import Operations
from creditscore_serving.access.settings import Limits
from creditscore_serving.openapi import description
from creditscore_serving.routes.every import OPERATIONS

SERVING = Path(__file__).parents[3] / "serving"
SCORE = {
    "customer_id": "C1",
    "as_of": "2024-12-31",
    "pd_12m": 0.04,
    "score": 76.9,
    "grade": "C3",
    "colour": "yellow",
    "log_odds": -3.2,
    "exposure_amount": 100,
    "reserve_amount": 8,
    "reasons": [],
    "decision": None,
    "currency": "CNY",
    "bundle_hash": "b",
    "policy_hash": "p",
    "run_id": "r",
}


def problem(status, **rest):
    content = {"title": "Told", "status": status, "detail": "as_of: Not scored.", "errors": [], "request_id": "r-1"}
    headers = {"content-type": "application/problem+json", "x-request-id": "r-1"} | rest.pop("headers", {})
    return httpx.Response(status, json=content | rest, headers=headers)


class Played:
    """A service that gives the answers it was told to, one after the other, and keeps what it was asked."""

    def __init__(self, *answers):
        self.answers, self.asked, self.pauses = list(answers), [], []

    def __call__(self, request):
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def client(self, **options):
        return Client("http://played", transport=httpx.MockTransport(self), **{"sleep": self.pauses.append} | options)


def test_a_score_is_asked_and_read():
    played = Played(httpx.Response(200, json=SCORE | {"told_by_a_newer_service": 1}))
    with played.client(key="csk_1") as client:
        score = client.score("A&B ü", as_of=date(2024, 12, 31))
    (asked,) = played.asked
    assert asked.url.raw_path == b"/v1/customers/A%26B%20%C3%BC/score?as_of=2024-12-31"
    assert asked.headers["authorization"] == "Bearer csk_1"
    assert (score.colour, score.as_of, score.exposure_amount) == ("yellow", date(2024, 12, 31), 100)
    assert (score.default_probability, score.horizon_months) == (0.04, 12)
    assert score.told_by_a_newer_service == 1


def test_a_probability_of_any_horizon_is_read_by_one_name():
    rest = {name: value for name, value in SCORE.items() if name != "pd_12m"}
    with Played(httpx.Response(200, json=rest | {"pd_3m": 0.01})).client() as client:
        score = client.score("C1")
    assert (score.default_probability, score.horizon_months) == (0.01, 3)


@pytest.mark.parametrize(
    "failure",
    [
        problem(429),
        problem(502),
        problem(503),
        httpx.Response(504),
        httpx.ConnectError("away"),
        httpx.ReadTimeout("slow"),
    ],
    ids=lambda one: str(getattr(one, "status_code", type(one).__name__)),
)
def test_what_fails_in_passing_is_asked_again(failure):
    played = Played(failure, failure, httpx.Response(200, json=SCORE))
    with played.client() as client:
        assert client.score("C1").customer_id == "C1"
    assert len(played.asked) == 3
    assert len(played.pauses) == 2


def test_the_pause_is_the_one_that_the_service_names():
    played = Played(problem(503, headers={"retry-after": "7"}), httpx.Response(200, json=SCORE))
    with played.client() as client:
        client.score("C1")
    assert played.pauses == [7]


def test_a_pause_beyond_the_patience_is_not_waited_for():
    played = Played(problem(503, headers={"retry-after": "3600"}))
    with played.client(patience_seconds=60) as client, pytest.raises(UnavailableError):
        client.score("C1")
    assert played.pauses == []


def test_a_moment_is_waited_for_too():
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    played = Played(problem(503, headers={"retry-after": soon}), httpx.Response(200, json=SCORE))
    with played.client() as client:
        client.score("C1")
    (pause,) = played.pauses
    assert 0 < pause <= 20


@pytest.mark.parametrize(("url", "key"), [("127.0.0.1:3000", None), ("http://127.0.0.1:3000", "csk_1\n")])
def test_a_wrong_address_or_header_is_told_at_once_and_without_the_key(url, key):
    wrong = httpx.UnsupportedProtocol("csk_1") if key is None else httpx.LocalProtocolError("csk_1")
    played = Played(wrong)
    transport = httpx.MockTransport(played)
    with Client(url, key=key, transport=transport) as client, pytest.raises(RefusedError, match="http://") as refused:
        client.score("C1")
    assert "csk_1" not in "".join(format_exception(refused.value))
    assert len(played.asked) == 1


def test_the_patience_ends_and_the_last_answer_is_told():
    with Played(problem(503)).client(patience_seconds=0) as client, pytest.raises(UnavailableError) as refused:
        client.score("C1")
    assert (refused.value.status, refused.value.request_id) == (503, "r-1")
    played = Played(httpx.ConnectError("away"))
    with played.client(patience_seconds=0) as client, pytest.raises(UnavailableError, match="ConnectError"):
        client.score("C1")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RefusedError),
        (401, NotAllowedError),
        (403, NotAllowedError),
        (404, NotFoundError),
        (409, RefusedError),
        (422, RefusedError),
        (500, ServiceError),
    ],
)
def test_a_refusal_comes_at_once_with_the_fields_at_fault(status, kind):
    played = Played(problem(status, errors=[{"field": "as_of", "message": "Not scored."}]))
    with played.client() as client, pytest.raises(ServiceError) as refused:
        client.score("C1")
    assert type(refused.value) is kind
    assert [(one.field, one.message) for one in refused.value.errors] == [("as_of", "Not scored.")]
    assert (refused.value.status, refused.value.title, refused.value.request_id) == (status, "Told", "r-1")
    assert len(played.asked) == 1


@pytest.mark.parametrize(
    "odd",
    [
        httpx.Response(520, text="from a proxy"),
        httpx.Response(400, text="{", headers={"content-type": "application/problem+json"}),
        httpx.Response(400, json=["C1"], headers={"content-type": "application/problem+json"}),
        httpx.Response(200, text="<html>C1</html>"),
        httpx.Response(200, json=SCORE | {"score": "C1"}),
    ],
    ids=["unknown status", "broken problem", "no problem", "no JSON", "another kind"],
)
def test_what_the_service_would_not_answer_is_an_error_of_the_client_that_quotes_nothing(odd):
    with Played(odd).client() as client, pytest.raises(ServiceError) as refused:
        client.score("C1")
    assert refused.value.status == odd.status_code
    assert not any("C1" in line for line in format_exception(refused.value) if "Error" in line)


def test_a_wrong_question_is_not_quoted():
    with pytest.raises(ValidationError, match="as_of") as wrong:
        SnapshotRow(customer_id="Miller Ltd", as_of="yesterday", features={"a": "much"})
    assert not any(said in str(wrong.value) for said in ("Miller", "yesterday", "much"))


def test_an_application_goes_out_under_one_key_in_every_attempt():
    played = Played(httpx.ReadTimeout("slow"), httpx.Response(200, json={"record_id": "1"}))
    with played.client() as client:
        assert client.application(customer_id="C1", amount=5, term_days=60).record_id == "1"
    first, second = played.asked
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    assert json.loads(first.content) == {"customer_id": "C1", "amount": 5, "term_days": 60}
    played = Played(httpx.Response(200, json={"record_id": "1"}))
    with played.client() as client:
        client.application(customer_id="C1", amount=5, term_days=60, idempotency_key="order-7")
    assert played.asked[0].headers["idempotency-key"] == "order-7"


def test_a_question_has_one_request_id_in_every_attempt_the_callers_or_one_of_its_own():
    played = Played(httpx.ReadTimeout("slow"), *(httpx.Response(200, json=SCORE) for _ in range(2)))
    with played.client() as client:
        client.score("C1")
        with request_id("order-7"):
            client.score("C1")
    first, second, third = (asked.headers["x-request-id"] for asked in played.asked)
    assert first == second != third == "order-7"


def test_an_error_tells_the_request_id_though_no_answer_came():
    played = Played(httpx.ReadTimeout("slow"))
    with played.client(patience_seconds=0) as client, request_id("order-7"), pytest.raises(UnavailableError) as refused:
        client.score("C1")
    assert refused.value.request_id == "order-7"


def test_a_question_that_records_nothing_needs_no_key():
    played = Played(httpx.Response(200, json=SCORE))
    with played.client() as client:
        client.posted_score(customer_id="C1")
    assert "idempotency-key" not in played.asked[0].headers


def test_of_a_posted_row_goes_out_what_was_said_missing_values_and_all():
    answer = {"results": [], "scored_count": 0, "refused_count": 0}
    answer |= {"currency": "CNY", "bundle_hash": "b", "run_id": None}
    played = Played(httpx.Response(200, json=answer))
    with played.client() as client:
        client.rows(rows=[SnapshotRow(customer_id="C1", as_of=date(2024, 12, 31), features={"a": None, "b": 0.1})])
    row = {"customer_id": "C1", "as_of": "2024-12-31", "features": {"a": None, "b": 0.1}}
    assert json.loads(played.asked[0].content) == {"rows": [row]}


def test_pages_are_followed_to_their_end():
    alert = {"invoice_id": "I", "change": "opened", "level": "red", "opened_on": "2024-12-01", "customer_id": "C1"}
    alert |= {"level_since": "2024-12-01", "days_past_due": 9, "term_elapsed_ratio": 1.2, "paid_ratio": 0.0}
    alert |= {"open_amount": None, "rule": "x", "rule_number": 1.0}
    rest = {name: SCORE[name] for name in ("as_of", "currency", "bundle_hash", "policy_hash", "run_id")}
    pages = [rest | {"alerts": [alert, alert], "next_cursor": "two"}, rest | {"alerts": [alert], "next_cursor": None}]
    played = Played(*(httpx.Response(200, json=page) for page in pages))
    with played.client() as client:
        assert len(list(client.all_alerts(level="red"))) == 3
    assert [dict(asked.url.params).get("cursor") for asked in played.asked] == [None, "two"]


def test_threads_share_a_client_and_each_gets_its_own_answer():
    refused = set()

    def answer(request):
        name = request.url.path.split("/")[3]
        if name not in refused:
            refused.add(name)
            return problem(503)
        return httpx.Response(200, json=SCORE | {"customer_id": name})

    names = [f"C{number}" for number in range(200)]
    transport = httpx.MockTransport(answer)
    with Client("http://played", transport=transport, sleep=lambda _: None) as client, ThreadPoolExecutor(8) as threads:
        found = list(threads.map(client.score, names))
    assert [one.customer_id for one in found] == names


def test_many_customers_are_asked_for_ten_thousand_at_a_time():
    rest = {name: SCORE[name] for name in ("currency", "bundle_hash", "policy_hash", "run_id")}
    one = {name: value for name, value in SCORE.items() if name not in rest}
    answer = rest | {"scores": [one], "unknown_customer_ids": []}
    played = Played(httpx.Response(200, json=answer), httpx.Response(200, json=answer))
    with played.client() as client:
        found = list(client.all_scores(f"C{number}" for number in range(10_001)))
    assert [len(json.loads(asked.content)["customer_ids"]) for asked in played.asked] == [10_000, 1]
    assert [(score.default_probability, score.run_id) for score in found] == [(0.04, "r")] * 2


@pytest.mark.parametrize("customer_id", ["A/B", ".."])
def test_an_id_that_does_not_fit_into_a_path_is_asked_for_in_the_body_or_refused(customer_id):
    played = Played(httpx.Response(200, json=SCORE))
    with played.client() as client:
        client.score(customer_id, as_of=date(2024, 12, 31))
        with pytest.raises(ValueError, match="no path can hold") as refused:
            client.changes(customer_id)
    (asked,) = played.asked
    assert (asked.url.path, json.loads(asked.content)) == (
        "/v1/score",
        {"customer_id": customer_id, "as_of": "2024-12-31"},
    )
    assert customer_id not in f"{refused.value}"


def test_a_batch_of_rows_of_the_whole_catalogue_is_not_too_large_for_the_service():
    features = {feature.name: 0.1234567890123456 for feature in catalogue()}
    row = SnapshotRow(customer_id="C1", as_of=date(2024, 12, 31), features=features)
    rest = {"scored_count": 0, "refused_count": 0, "currency": None, "bundle_hash": "b", "run_id": None}
    played = Played(*(httpx.Response(200, json=rest | {"results": []}) for _ in range(2)))
    with played.client() as client:
        assert list(client.all_rows(row for _ in range(2_001))) == []
    assert [len(json.loads(asked.content)["rows"]) for asked in played.asked] == [2_000, 1]
    assert len(played.asked[0].content) < Limits().body_bytes / 2


def test_not_to_be_ready_is_an_answer():
    told = {"ready": False, "edition": None, "bundle_hash": None, "bundle_name": None, "run_id": None, "as_of": None}
    told |= {"policy_hashes": [], "age_seconds": 3, "refused": ["There are no scores yet."], "worker": 1}
    with Played(httpx.Response(503, json=told)).client() as client:
        assert client.readiness().refused == ["There are no scores yet."]


@pytest.mark.parametrize(
    "failure", [httpx.ConnectError("away"), httpx.Response(503, text="from a proxy"), problem(503)]
)
def test_readiness_without_an_answer_of_the_service_is_told_at_once(failure):
    played = Played(failure)
    with played.client() as client, pytest.raises(UnavailableError):
        client.readiness()
    assert played.pauses == []


def test_models_and_methods_are_those_that_the_description_gives_now():
    spec = spec_from_file_location("generate_client", SERVING / "generate_client.py")
    generator = module_from_spec(spec)
    spec.loader.exec_module(generator)
    for name, text in generator.modules().items():
        assert (SERVING / "creditscore_client" / name).read_text("utf-8") == text, f"{name}: run `make client`."


def test_every_endpoint_has_a_method():
    named = {told["operationId"] for path in json.loads(description(12))["paths"].values() for told in path.values()}
    methods = {name.replace("_", "").lower() for name in vars(Operations)}
    assert {name.lower() for name in named} <= methods
    assert {one.name for one in OPERATIONS} <= named
