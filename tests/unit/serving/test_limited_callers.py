"""What a caller with a limited key is told by the endpoints: its own customers, and no amounts."""

import pytest

from creditscore.accounts import segments
from creditscore.book import Book
from creditscore_client import NotAllowedError
from creditscore_serving.access import EVERYBODY, Caller, Permission, Units
from creditscore_serving.application import application_of

READS = frozenset({Permission.SCORES_READ, Permission.SCORES_COMPUTE, Permission.DECISIONS_WRITE})
PATHS = ("score", "scores", "changes", "alerts", "score?as_of=1999-01-31")


class Door:
    """Lets one caller in, whoever asks, in place of a guard that reads keys."""

    def __init__(self, app, caller):
        self.app, self.caller = app, caller

    async def __call__(self, scope, receive, send):
        scope.setdefault("state", {})["caller"] = self.caller
        await self.app(scope, receive, send)


@pytest.fixture(scope="module")
def customers(scored, desk):
    return segments(Book.open(scored.book), desk.editions.current.day.run.as_of).set_index("customer_id")


@pytest.fixture(scope="module")
def region(customers):
    return str(customers["region"].mode()[0])


@pytest.fixture(scope="module")
def ask_as(desk, client_of):
    clients = []

    def make(caller):
        client = client_of(Door(application_of(desk, observe=lambda *_: None), caller))
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()


@pytest.fixture(scope="module")
def limited(ask_as, region):
    amounts = frozenset({*READS, Permission.AMOUNTS_READ})
    return ask_as(Caller("limited", amounts, units=Units.parse([f"region={region}"])))


@pytest.fixture(scope="module")
def everybody(ask_as):
    return ask_as(EVERYBODY)


def of(customers, region, *, inside):
    scored = customers.index[(customers["region"] == region) == inside]
    return sorted(scored)


@pytest.mark.parametrize("path", PATHS)
def test_a_customer_outside_the_units_is_a_stranger_word_for_word(limited, customers, region, path):
    outside = of(customers, region, inside=False)[0]
    hidden, stranger = (limited.get(f"/v1/customers/{one}/{path}") for one in (outside, "nobody-at-all"))
    assert hidden.status_code == stranger.status_code
    said = [one.text.replace(name, "X") for one, name in ((hidden, outside), (stranger, "nobody-at-all"))]
    ids = [one.headers["x-request-id"] for one in (hidden, stranger)]
    assert said[0].replace(ids[0], "I") == said[1].replace(ids[1], "I")
    assert "nobody-" not in said[0]


def test_a_customer_within_the_units_is_told_as_to_anybody(limited, everybody, customers, region):
    inside = of(customers, region, inside=True)[0]
    told = [one.get(f"/v1/customers/{inside}/score") for one in (limited, everybody)]
    assert told[0].status_code == 200
    assert told[0].json() == told[1].json() | {"decision": told[0].json()["decision"]}


def test_among_many_those_outside_are_unknown_in_the_order_asked_for(limited, customers, region):
    inside, outside = (of(customers, region, inside=side)[:3] for side in (True, False))
    asked = [name for pair in zip(outside, inside, strict=True) for name in pair]
    answer = limited.post("/v1/scores", json={"customer_ids": asked}).json()
    assert [one["customer_id"] for one in answer["scores"]] == inside
    assert answer["unknown_customer_ids"] == outside


def test_lists_and_sums_hold_no_customer_outside(limited, everybody, customers, region):
    listed = {one["customer_id"] for one in limited.get("/v1/alerts?limit=1000").json()["alerts"]}
    all_listed = {one["customer_id"] for one in everybody.get("/v1/alerts?limit=1000").json()["alerts"]}
    assert listed == {one for one in all_listed if customers.loc[one, "region"] == region}
    assert limited.get("/v1/portfolio").status_code == 403
    closings = limited.get("/v1/reserve").json()["closings"]
    assert {(one["dimension"], one["value"]) for one in closings} <= {("region", region)}
    assert everybody.get("/v1/portfolio").status_code == 200


def test_nobody_decides_or_advises_on_a_customer_outside(limited, customers, region):
    outside = of(customers, region, inside=False)[0]
    body = {"customer_id": outside, "amount": 5000, "term_days": 30}
    assert limited.post("/v1/applications", json=body).status_code == 404
    assert limited.post("/v1/score", json={"customer_id": outside}).status_code == 404


def test_without_the_scope_no_amount_is_told(ask_as, everybody, customers):
    plain = ask_as(Caller("plain", READS))
    name = min(customers.index)
    told, whole = (one.get(f"/v1/customers/{name}/score").json() for one in (plain, everybody))
    assert told["score"] == whole["score"]
    assert whole["exposure_amount"] is not None
    assert told["exposure_amount"] is told["reserve_amount"] is told["decision"]["held_amount"] is None
    assert told["decision"]["limit"]["amount"] is told["decision"]["limit"]["number"] is None
    assert told["decision"]["limit"]["rule"] == whole["decision"]["limit"]["rule"]
    assert plain.get(f"/v1/customers/{name}/changes").status_code == 403
    assert everybody.get(f"/v1/customers/{name}/changes").status_code == 200


def test_the_typed_client_reads_what_a_limited_caller_is_told(ask_as, typed_of, customers, region):
    hidden = typed_of(ask_as(Caller("hidden", READS, units=Units.parse([f"region={region}"]))))
    scores = list(hidden.all_scores(customers.index))
    assert [one.customer_id for one in scores] == [
        one for one in customers.index if one in of(customers, region, inside=True)
    ]
    assert {one.decision.limit.amount for one in scores} == {one.exposure_amount for one in scores} == {None}
    assert any(one.decision.freeze is not None for one in scores)
    assert {one.open_amount for one in hidden.all_alerts()} == {None}
    assert {one["dimension"] for one in hidden.reserve().closings} <= {"region"}
    with pytest.raises(NotAllowedError):
        hidden.portfolio()
