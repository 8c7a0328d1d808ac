"""A real server, started as a user starts it, asked as an application asks."""

import json
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from creditscore.scoring import DecisionStore, read_scores, read_snapshot

CREDITSCORE = Path(sys.executable).with_name("creditscore")
DAYS = [date(2023, 2, 27), date(2023, 2, 28)]


@pytest.fixture(scope="module")
def server(scored, serving):
    with serving(scored) as started:
        yield started


@pytest.fixture(scope="module")
def client(server):
    return server.client


def test_a_daily_score_is_the_one_that_the_daily_run_wrote(client, scored):
    row = read_scores(scored, as_of=DAYS[-1]).iloc[3]
    answer = client.post("/v1/score", json={"customer_id": row["customer_id"]})
    assert answer.status_code == 200
    found = answer.json()
    assert found["as_of"] == "2023-02-28"
    assert found["pd_12m"] == row["pd_12m"]
    assert found["score"] == row["score"]
    assert found["colour"] == row["colour"]
    assert found["reserve_amount"] == row["reserve_amount"]
    assert [reason["code"] for reason in found["reasons"]] == row[
        ["reason_1", "reason_2", "reason_3"]
    ].dropna().tolist()
    assert all(reason["en"] and reason["zh"] for reason in found["reasons"])


def test_a_decision_is_the_one_that_the_daily_run_wrote(client, scored):
    rows = read_scores(scored, as_of=DAYS[-1])
    for row in rows.iloc[:: len(rows) // 20].to_dict("records"):
        found = client.post("/v1/score", json={"customer_id": row["customer_id"]}).json()["decision"]
        assert found["governed_colour"] == row["governed_colour"]
        assert found["action"]["code"] == row["action"]
        assert found["action"]["en"]
        assert found["limit"]["rule"] == (None if pd.isna(row["limit_rule"]) else row["limit_rule"])
        assert found["headroom"]["amount"] == (None if pd.isna(row["headroom_amount"]) else row["headroom_amount"])
        assert found["term"]["days"] == (None if pd.isna(row["term_days"]) else row["term_days"])
        assert found["held_amount"] == row["held_amount"]
        assert (found["freeze"] is None) == pd.isna(row["frozen_by"])


def test_a_freeze_is_told_with_its_cause_and_its_path(client, scored):
    rows = read_scores(scored, as_of=DAYS[-1])
    reached = rows[rows["frozen_by"].notna() & (rows["frozen_by"] != rows["customer_id"])].iloc[0]
    found = client.post("/v1/score", json={"customer_id": reached["customer_id"]}).json()["decision"]["freeze"]
    assert found["cause_id"] == reached["frozen_by"]
    assert found["path"]
    assert reached["frozen_by"] in found["en"]
    assert found["zh"]


def test_alerts_are_answered_with_their_history_and_what_stands(client, scored):
    rows = read_scores(scored, as_of=DAYS[-1])
    row = rows[rows["red_alert_count"] > 0].iloc[0]
    found = client.get(f"/v1/customers/{row['customer_id']}/alerts").json()
    assert found["as_of"] == "2023-02-28"
    assert len(found["standing_invoice_ids"]) == row["red_alert_count"] + row["yellow_alert_count"]
    assert {change["change"] for change in found["changes"]} <= {"opened", "escalated", "eased", "closed"}
    assert client.get("/v1/customers/stranger/alerts").json()["changes"] == []


def test_the_reserve_ledger_adds_up_over_the_wire(client, scored):
    first, last = (client.get("/v1/reserve", params={"as_of": f"{day}"}).json()["closings"] for day in DAYS)
    for row in (*first, *last):
        moved = sum(value for name, value in row.items() if name.endswith("_movement_amount"))
        assert row["opening_amount"] + moved == row["closing_amount"]
    assert last[0]["dimension"] == "total"
    assert last[0]["opening_amount"] == first[0]["closing_amount"]
    assert last[0]["closing_amount"] == read_scores(scored, as_of=DAYS[-1])["held_amount"].sum()


def test_an_application_is_decided_and_its_record_is_kept(client, scored):
    asked = {"customer_id": "C0000001", "amount": 5_000_000, "term_days": 60}
    record = client.post("/v1/applications", json=asked).json()
    assert record["application"]["applied_on"] == "2023-02-28"
    assert record["route"] in {"green_channel", "standard", "committee"}
    assert client.post("/v1/applications", json=asked).json() == record
    with DecisionStore(f"sqlite:///{scored.root / 'scores.db'}") as store:
        assert store.applications("C0000001") == [record]
    refused = client.post("/v1/applications", json=asked | {"customer_id": "stranger"})
    assert refused.status_code == 404
    assert client.post("/v1/applications", json=asked | {"amount": 0}).status_code == 400


def test_a_dispute_before_the_application_is_the_callers_mistake(client):
    asked = {"customer_id": "C0000001", "amount": 1, "term_days": 1, "disputed_on": "2023-02-01"}
    answer = client.post("/v1/applications", json=asked)
    assert answer.status_code == 400
    assert "Give the day of the dispute." in answer.json()["detail"]


def test_an_application_waits_while_what_the_day_left_is_gone(client, scored):
    asked = {"customer_id": "C0000001", "amount": 1, "term_days": 1}
    aside = scored.decisions.rename(scored.root / "aside")
    try:
        assert client.post("/v1/applications", json=asked).status_code == 503
    finally:
        aside.rename(scored.decisions)
    assert client.post("/v1/applications", json=asked).status_code == 200


def test_an_answer_names_bundle_policy_and_run(client, bundle, policy):
    found = client.post("/v1/score", json={"customer_id": "C0000001"}).json()
    assert found["bundle_hash"] == bundle.hash
    assert found["policy_hash"] == policy.hash
    assert len(found["run_id"]) == 32


def test_an_earlier_day_is_answered_when_asked_for(client):
    found = client.post("/v1/score", json={"customer_id": "C0000001", "as_of": "2023-02-27"})
    assert found.json()["as_of"] == "2023-02-27"


def test_many_customers_are_answered_in_their_order_and_strangers_are_named(client):
    found = client.post("/v1/scores", json={"customer_ids": ["C0000009", "stranger", "C0000002"]}).json()
    assert [score["customer_id"] for score in found["scores"]] == ["C0000009", "C0000002"]
    assert found["unknown_customer_ids"] == ["stranger"]


def test_posted_rows_get_the_bits_of_the_daily_run_one_by_one_and_together(client, scored):
    rows = read_snapshot(scored, as_of=DAYS[-1])
    names = [name for name in rows.columns if name not in {"customer_id", "as_of"}]
    bodies = [
        {
            "customer_id": row["customer_id"],
            "as_of": "2023-02-28",
            "features": {name: None if row[name] != row[name] else row[name] for name in names},
        }
        for row in rows.head(20).to_dict("records")
    ]
    together = [one["score"] for one in client.post("/v1/rows", json={"rows": bodies}).json()["results"]]
    alone = [client.post("/v1/rows", json={"rows": [body]}).json()["results"][0]["score"] for body in bodies[:5]]
    daily = read_scores(scored, as_of=DAYS[-1]).head(20)
    assert [score["log_odds"] for score in together] == daily["log_odds"].tolist()
    assert [score["reserve_amount"] for score in together] == daily["reserve_amount"].tolist()
    assert alone == together[:5]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/v1/score", {"customer": "C0000001"}, "customer_id"),
        ("/v1/score", {"customer_id": "C0000001", "day": "2023-02-28"}, "day"),
        ("/v1/score", {"customer_id": 7}, "customer_id"),
        ("/v1/score", {"customer_id": "C0000001", "as_of": "2023-02-30"}, "as_of"),
        ("/v1/scores", {"customer_ids": []}, "customer_ids"),
        ("/v1/rows", {"row": []}, "rows"),
    ],
)
def test_a_wrong_field_is_refused_by_its_name(client, path, body, field):
    answer = client.post(path, json=body)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert field in [error["field"] for error in answer.json()["errors"]]


def test_a_misspelled_feature_is_refused_by_its_name(client, bundle):
    features = dict.fromkeys(bundle.feature_names[1:], 0.5) | {"overdue_ration": 0.5}
    answer = client.post("/v1/rows", json={"rows": [{"customer_id": "a", "as_of": "2023-02-28", "features": features}]})
    (result,) = answer.json()["results"]
    assert (answer.status_code, result["status"], result["score"]) == (200, 400, None)
    assert {error["field"] for error in result["errors"]} == {
        f"rows.0.features.{bundle.feature_names[0]}",
        "rows.0.features.overdue_ration",
    }


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b'{"customer_id": NaN}'])
def test_a_malformed_body_is_the_callers_fault(client, body):
    answer = client.post("/v1/score", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["status"] == 400


def test_an_unknown_customer_or_day_or_path_is_not_found(client):
    assert client.post("/v1/score", json={"customer_id": "nobody"}).json()["detail"].startswith("customer_id")
    missing = client.post("/v1/score", json={"customer_id": "C0000001", "as_of": "2020-01-01"})
    assert (missing.status_code, missing.json()["detail"].split(":")[0]) == (404, "as_of")
    assert client.get("/nowhere").json()["status"] == 404


def test_health_metrics_and_openapi_are_there(client):
    assert client.get("/livez").status_code == 200
    metrics = client.get("/metrics").text
    assert "bentoml_service_request_duration_seconds" in metrics
    assert 'creditscore_request_duration_seconds_count{method="POST",route="/v1/score",status="200"}' in metrics
    assert "C0000001" not in metrics
    specification = client.get("/docs.json").json()
    assert {"/v1/score", "/v1/scores", "/v1/rows"} <= set(specification["paths"])
    assert "pd_12m" in json.dumps(specification)


def test_the_log_holds_no_customer_and_no_trace_of_a_refused_request(client, server):
    client.post("/v1/score", json={"customer_id": "Very Secret Ltd", "wrong_field": "4711.00"})
    client.post("/v1/applications", json={"customer_id": "Very Secret Ltd", "amount": 4711, "term_days": 30})
    client.get("/v1/customers/Very Secret Ltd/score")
    until = time.monotonic() + 10  # a line is written after its answer is sent
    while "Refused: GET /v1/customers/{customer_id}/score 404" not in (text := server.log):
        assert time.monotonic() < until, text
        time.sleep(0.05)
    assert "Refused: POST /v1/score 400" in text
    assert "Very Secret" not in text
    assert "4711" not in text
    assert "Traceback" not in text


def test_without_a_champion_the_server_says_so_and_ends(tmp_path):
    answer = subprocess.run(
        [CREDITSCORE, "serve", "--workspace", tmp_path], check=False, capture_output=True, text=True, timeout=120
    )
    assert answer.returncode == 1
    assert "creditscore train" in answer.stderr
