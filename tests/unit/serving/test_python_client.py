"""The typed client reads what the application itself answers, of every endpoint and to the last field."""

import json
from datetime import date

import pandas as pd
import pytest

from creditscore.scoring import read_snapshot
from creditscore_client import NotFoundError, RefusedError, SnapshotRow
from creditscore_client.questions import Facts, FactsItem
from creditscore_serving.routes.every import OPERATIONS

DAYS = [date(2023, 2, 27), date(2023, 2, 28)]
CUSTOMER = "C0000001"
BROKEN = SnapshotRow(customer_id="C1", as_of=DAYS[1], features={})
POSTED = FactsItem(customer_id="N1", as_of=DAYS[1], facts=Facts())
ASKED = {
    "score": lambda client, _: client.score(CUSTOMER, as_of=DAYS[0]),
    "postedScore": lambda client, _: client.posted_score(customer_id=CUSTOMER),
    "scores": lambda client, _: client.scores(customer_ids=[CUSTOMER, "stranger"]),
    "history": lambda client, _: client.history(CUSTOMER, limit=1),
    "rows": lambda client, rows: client.rows(rows=[*rows[:2], BROKEN]),
    "facts": lambda client, _: client.facts(items=[POSTED], explain=True),
    "customerAlerts": lambda client, _: client.customer_alerts(CUSTOMER),
    "alerts": lambda client, _: client.alerts(limit=3),
    "portfolio": lambda client, _: client.portfolio(),
    "reserve": lambda client, _: client.reserve(as_of=DAYS[0]),
    "application": lambda client, _: client.application(customer_id=CUSTOMER, amount=5_000_000, term_days=60),
    "changes": lambda client, _: client.changes(CUSTOMER, from_=DAYS[0], to=DAYS[1]),
}


@pytest.fixture(scope="module")
def rows(scored):
    found = read_snapshot(scored, as_of=DAYS[-1])
    names = [name for name in found.columns if name not in {"customer_id", "as_of"}]
    return [
        SnapshotRow(
            customer_id=row["customer_id"],
            as_of=row["as_of"].date(),
            features={name: None if pd.isna(row[name]) else row[name] for name in names},
        )
        for row in found.to_dict("records")
    ]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_every_answer_is_read_to_its_last_field(typed, answers, rows, operation):
    if operation.name == "advice":
        pytest.skip("asked in test_advice.py, where there is a scenario model")
    told = ASKED[operation.name](typed, rows)
    assert json.loads(told.model_dump_json(by_alias=True)) == json.loads(answers[-1])


def test_readiness_is_read(typed, desk):
    assert typed.readiness().edition == desk.editions.current.id


def test_a_posted_row_is_scored_with_the_bits_of_the_daily_run(typed, rows):
    daily = {one.customer_id: one.log_odds for one in typed.all_scores(row.customer_id for row in rows)}
    posted = {one.customer_id: one.score.log_odds for one in typed.all_rows(rows)}
    assert posted == daily
    assert len(daily) == len(rows) == 120


def test_pages_are_followed_to_the_end_of_the_run(typed, desk):
    run = desk.editions.current.day.run
    assert len(list(typed.all_alerts(level="red"))) == run.red_alert_count > 0
    assert [one.as_of for one in typed.whole_history(CUSTOMER)] == DAYS[::-1]


def test_a_refusal_names_the_field_and_the_request(typed):
    with pytest.raises(RefusedError) as refused:
        typed.application(customer_id=CUSTOMER, amount=-1, term_days=60)
    assert [one.field for one in refused.value.errors] == ["amount"]
    assert (refused.value.status, refused.value.title, len(refused.value.request_id)) == (400, "Bad Request", 32)


def test_an_id_with_a_slash_reaches_the_endpoint(typed):
    with pytest.raises(NotFoundError) as refused:
        typed.score("A/B")
    assert refused.value.detail.startswith("customer_id: ")
