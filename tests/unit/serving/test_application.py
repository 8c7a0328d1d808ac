"""What the endpoints answer, and the conventions that all of them keep."""

import json
from datetime import date

import pandas as pd
import pytest

from creditscore.scoring import DecisionStore, explain_change, read_scores, read_snapshot
from creditscore_serving.application import application_of
from creditscore_serving.openapi import description
from creditscore_serving.routes.every import OPERATIONS

DAYS = [date(2023, 2, 27), date(2023, 2, 28)]
CUSTOMER = "C0000001"


def bodies_of(rows):
    names = [name for name in rows.columns if name not in {"customer_id", "as_of"}]
    return [
        {
            "customer_id": row["customer_id"],
            "as_of": f"{row['as_of'].date()}",
            "features": {name: None if pd.isna(row[name]) else row[name] for name in names},
        }
        for row in rows.to_dict("records")
    ]


@pytest.fixture(scope="module")
def rows(scored):
    return bodies_of(read_snapshot(scored, as_of=DAYS[-1]))


ASKED = {
    "score": {},
    "postedScore": {"customer_id": CUSTOMER},
    "scores": {"customer_ids": [CUSTOMER, "stranger"]},
    "history": {"limit": 1},
    "customerAlerts": {},
    "alerts": {"limit": 3},
    "portfolio": {},
    "reserve": {"as_of": "2023-02-27"},
    "application": {"customer_id": CUSTOMER, "amount": 5_000_000, "term_days": 60},
    "changes": {"from": "2023-02-27", "to": "2023-02-28"},
    "facts": {"items": [{"customer_id": "new", "as_of": "2023-02-28", "facts": {}}, {}], "explain": True},
}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_every_answer_is_what_its_model_says(client, operation, rows, desk):
    if operation.name == "advice":
        pytest.skip("asked in test_advice.py, where there is a scenario model")
    asked = {"rows": rows[:2]} if operation.name == "rows" else ASKED[operation.name]
    path = operation.path.format(customer_id=CUSTOMER)
    answer = client.post(path, json=asked) if operation.is_posted else client.get(path, params=asked)
    assert answer.status_code == 200, answer.text
    model = operation.model(desk.editions.current.model.bundle.horizon_months)
    told = model.model_validate_json(answer.content)
    assert json.loads(told.model_dump_json(by_alias=True)) == answer.json()


def test_the_latest_day_from_memory_and_from_the_store_are_the_same(client, desk, scored):
    edition = desk.editions.current
    _, rows = desk.store.look_up(list(read_scores(scored, as_of=DAYS[-1])["customer_id"]))
    for customer, row in rows.items():
        assert edition.day.scores.row(customer) == row
        told = client.get(f"/v1/customers/{customer}/score").json()
        assert told["log_odds"] == row["log_odds"]
        assert told["decision"]["held_amount"] == row["held_amount"]


def test_an_earlier_day_is_answered_by_its_own_run(client, scored):
    told = client.get(f"/v1/customers/{CUSTOMER}/score", params={"as_of": "2023-02-27"}).json()
    with DecisionStore(scored.store_url) as store:
        assert told["run_id"] == store.latest_run(DAYS[0]).run_id
    assert told["as_of"] == "2023-02-27"


def test_the_history_comes_in_pages_without_gap_or_repetition(client):
    path, days, cursor = f"/v1/customers/{CUSTOMER}/scores", [], None
    for _ in range(3):
        page = client.get(path, params={"limit": 1} | ({"cursor": cursor} if cursor else {})).json()
        days += [score["as_of"] for score in page["scores"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert days == ["2023-02-28", "2023-02-27"]


def test_standing_alerts_come_in_pages_that_add_up_to_the_run(client, desk):
    found, cursor = [], None
    while True:
        page = client.get("/v1/alerts", params={"limit": 7} | ({"cursor": cursor} if cursor else {})).json()
        found += page["alerts"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    run = desk.editions.current.day.run
    assert len(found) == run.yellow_alert_count + run.red_alert_count > 7
    assert len({alert["invoice_id"] for alert in found}) == len(found)
    red = client.get("/v1/alerts", params={"level": "red", "limit": 1000}).json()["alerts"]
    assert len(red) == run.red_alert_count


@pytest.mark.parametrize("cursor", ["x", "!!", "e30", "eyJhZnRlciI6MX0"])
def test_a_forged_cursor_is_refused(client, cursor):
    answer = client.get("/v1/alerts", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "cursor")


def test_a_change_is_the_librarys_own_explanation(client, scored):
    told = client.get(f"/v1/customers/{CUSTOMER}/changes").json()
    change = explain_change(scored, CUSTOMER, *DAYS)
    assert told["score"] == change.score
    assert told["parts"] == json.loads(json.dumps(change.as_record()["parts"]))
    assert told["text"]["zh"] == change.text("zh")


def test_changes_of_strangers_and_unscored_days_are_not_found(client):
    assert client.get("/v1/customers/stranger/changes").status_code == 404
    assert client.get(f"/v1/customers/{CUSTOMER}/changes", params={"from": "2020-01-01"}).status_code == 404


def test_posted_rows_have_the_bits_of_the_daily_run_alone_and_together(client, scored, rows):
    daily = read_scores(scored, as_of=DAYS[-1])
    together = client.post("/v1/rows", json={"rows": rows}).json()["results"]
    assert [one["score"]["log_odds"] for one in together] == daily["log_odds"].tolist()
    assert [one["score"]["reserve_amount"] for one in together] == daily["reserve_amount"].tolist()
    codes = daily[["reason_1", "reason_2", "reason_3"]].apply(lambda row: row.dropna().tolist(), axis=1)
    assert [[reason["code"] for reason in one["score"]["reasons"]] for one in together] == codes.tolist()
    for place in (0, 7, 50):
        assert client.post("/v1/rows", json={"rows": [rows[place]]}).json()["results"] == [together[place]]


def test_a_broken_row_does_not_keep_the_others_from_being_scored(client, rows, bundle):
    first = bundle.feature_names[0]
    lacking = {name: value for name, value in rows[0]["features"].items() if name != first}
    broken = [
        rows[0] | {"features": lacking | {"overdue_ration": 1.0}},
        rows[0] | {"features": rows[0]["features"] | {first: "much"}},
        rows[0] | {"features": rows[0]["features"] | {"open_amount": 0.5, "in_default_flag": 2}},
        rows[0] | {"as_of": 20230228},
        "no row",
    ]
    told = client.post("/v1/rows", json={"rows": [rows[1], *broken, rows[2]]}).json()
    assert [one["status"] for one in told["results"]] == [200, 400, 400, 400, 400, 400, 200]
    fields = [[error["field"] for error in one["errors"]] for one in told["results"][1:-1]]
    assert fields == [
        [f"rows.1.features.{first}", "rows.1.features.overdue_ration"],
        [f"rows.2.features.{first}"],
        ["rows.3.features.open_amount", "rows.3.features.in_default_flag"],
        ["rows.4.as_of"],
        ["rows.5"],
    ]
    assert (told["scored_count"], told["refused_count"]) == (2, 5)
    alone = client.post("/v1/rows", json={"rows": [rows[2]]}).json()["results"]
    assert told["results"][-1] == alone[0]


def test_a_customer_in_default_is_not_forecast(client, rows):
    row = rows[0] | {"features": rows[0]["features"] | {"in_default_flag": 1}}
    score = client.post("/v1/rows", json={"rows": [row]}).json()["results"][0]["score"]
    assert (score["pd_12m"], score["score"], score["reasons"][0]["code"]) == (1.0, 0.0, "D01")


def test_the_same_key_gets_the_record_of_the_first_time(client, scored):
    asked = {"customer_id": "C0000002", "amount": 7_000_000, "term_days": 45}
    key = {"idempotency-key": "order-1"}
    first = client.post("/v1/applications", json=asked, headers=key)
    again = client.post("/v1/applications", json=dict(reversed(asked.items())), headers=key)
    assert again.json() == first.json()
    assert ("idempotent-replayed" in first.headers, again.headers["idempotent-replayed"]) == (False, "true")
    other = client.post("/v1/applications", json=asked | {"amount": 1}, headers=key)
    assert (other.status_code, other.json()["detail"].split(":")[0]) == (422, "Idempotency-Key")
    with DecisionStore(scored.store_url) as store:
        assert store.applications("C0000002") == [first.json()]


def test_an_answer_that_the_client_has_is_not_sent_again(client):
    path = f"/v1/customers/{CUSTOMER}/score"
    first = client.get(path)
    again = client.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(path, headers={"if-none-match": '"other"'}).json() == first.json()


def test_a_request_id_is_taken_or_made_and_told(client):
    assert client.get("/v1/portfolio", headers={"x-request-id": "abc-1"}).headers["x-request-id"] == "abc-1"
    made = client.get("/v1/nowhere", headers={"x-request-id": "two\twords"})
    assert made.headers["x-request-id"] == made.json()["request_id"] != "two\twords"


def test_an_answer_names_what_is_served(client, desk):
    headers = client.get(f"/v1/customers/{CUSTOMER}/score").headers
    edition = desk.editions.current
    assert headers["x-bundle"] == edition.model.bundle.hash
    assert headers["x-run"] == edition.day.run.run_id
    assert headers["x-as-of"] == "2023-02-28"
    assert client.get("/readyz").json()["edition"] == headers["x-edition"]


@pytest.mark.parametrize(
    ("method", "path", "asked", "field"),
    [
        ("GET", f"/v1/customers/{CUSTOMER}/score?day=2023-02-28", None, "day"),
        ("GET", f"/v1/customers/{CUSTOMER}/score?as_of=1677542400", None, "as_of"),
        ("GET", "/v1/alerts?limit=0", None, "limit"),
        ("GET", "/v1/alerts?level=green", None, "level"),
        ("POST", "/v1/score", {"customer_id": 7}, "customer_id"),
        ("POST", "/v1/scores", {"customer_ids": []}, "customer_ids"),
        ("POST", "/v1/rows", {"rows": []}, "rows"),
        ("POST", "/v1/facts", {"items": []}, "items"),
        ("POST", "/v1/facts", {"item": []}, "items"),
        ("POST", "/v1/rows", {"row": []}, "rows"),
        ("POST", "/v1/rows", [], "body"),
        ("POST", "/v1/advice", {"customer_id": "a", "purpose": "standard"}, "purpose"),
        ("POST", "/v1/applications", {"customer_id": "a", "amount": 1.5, "term_days": 1}, "amount"),
    ],
)
def test_a_wrong_field_is_refused_by_its_name(client, method, path, asked, field):
    answer = client.request(method, path, json=asked)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert field in [error["field"] for error in answer.json()["errors"]]


def test_unknown_paths_and_methods_are_problems_too(client):
    missing = client.get("/v1/nowhere")
    wrong = client.request("DELETE", "/v1/portfolio")
    assert (missing.status_code, missing.headers["content-type"]) == (404, "application/problem+json")
    assert (wrong.status_code, "GET" in wrong.headers["allow"]) == (405, True)


def test_metrics_are_told_the_route_and_no_customer(client, observed):
    observed.clear()
    client.get(f"/v1/customers/{CUSTOMER}/score")
    client.get("/v1/customers/x/y/z")
    told = [(method, route, status) for method, route, status, _ in observed]
    assert told == [("GET", "/v1/customers/{customer_id}/score", 200), ("GET", "other", 404)]


def test_an_unforeseen_error_tells_the_caller_and_the_log_nothing_of_the_request(client, desk, monkeypatch, caplog):
    def fail(*_args, **_named):
        raise KeyError(CUSTOMER)

    monkeypatch.setattr(type(desk.store), "reserve_closings", fail)
    answer = client.get("/v1/reserve")
    assert answer.status_code == 500
    assert CUSTOMER not in answer.text + caplog.text
    assert "KeyError in" in caplog.text
    assert "Traceback" not in caplog.text


def test_the_description_names_every_route_and_every_error_and_its_examples_are_valid(desk):
    document = json.loads(description(desk.editions.current.model.bundle.horizon_months))
    assert document["openapi"].startswith("3.1")
    for one in OPERATIONS:
        told = document["paths"][one.path][one.method.lower()]
        assert {"200", "400", "401", "403", "429", "503"} <= set(told["responses"])
        assert {f"{code}" for code in one.statuses} <= set(told["responses"])
        assert ("413" in told["responses"]) == one.is_posted
        if one.example is not None:
            one.asks.model_validate(one.example)
    assert "pd_12m" in json.dumps(document)
    references = {
        value.removeprefix("#/components/schemas/") for value in texts(document) if value.startswith("#/components")
    }
    assert references <= set(document["components"]["schemas"])


def texts(content):
    if isinstance(content, dict):
        content = [*content.values()]
    if isinstance(content, list):
        return [text for one in content for text in texts(one)]
    return [content] if isinstance(content, str) else []


def test_what_is_the_hosts_is_handed_on_and_nothing_else(desk, client_of):
    async def host(scope, _receive, send):
        await send({"type": "http.response.start", "status": 299, "headers": []})
        await send({"type": "http.response.body", "body": scope["path"].encode()})

    client = client_of(application_of(desk, observe=lambda *_: None, host=host))
    answers = {path: client.get(path).status_code for path in ("/", "/livez", "/metrics", "/static_content/a", "/x")}
    assert answers == {"/": 299, "/livez": 299, "/metrics": 299, "/static_content/a": 299, "/x": 404}
    assert client.get("/x").headers["content-type"] == "application/problem+json"
    client.close()
