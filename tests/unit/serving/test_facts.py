"""Posted facts get the bits of the daily run for a book that holds them, and see nothing that came later."""

import shutil
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from creditscore.book import TABLES, Book
from creditscore.domain import Workspace
from creditscore.scoring import POSTED_TABLES, read_scores, read_snapshot, score_days, set_champion, write_bundle
from creditscore_serving.access import Caller, Permission, Units, permission_for
from creditscore_serving.access.asked import CURRENT, Asked
from creditscore_serving.application import application_of
from creditscore_serving.desk.desk import Desk
from creditscore_serving.schemas.facts import MOST_CUSTOMERS, MOST_DAYS, MOST_FACTS

DAY, EARLIER = date(2023, 2, 27), date(2023, 2, 13)
COMPUTES = frozenset({Permission.SCORES_COMPUTE})


@pytest.fixture(scope="module")
def scored(template, contents, features_of_every_kind, tmp_path_factory):
    """A portfolio of which two days are scored by a model of features of every kind; one customer is in arrears."""
    folder = tmp_path_factory.mktemp("facts") / "portfolio"
    shutil.copytree(template.root, folder)
    workspace = Workspace(folder)
    issued = {"issued_on": DAY - timedelta(days=150), "due_on": DAY - timedelta(days=120)}
    bill = {"invoice_id": "late", "customer_id": "C0000010", "amount": 90_000_000, "currency": "CNY", **issued}
    extended(workspace, {"invoices": [bill | {"known_on": issued["issued_on"]}]})
    write_bundle(workspace.bundles / "rich", contents=contents(7, (*features_of_every_kind, "cooperation_years")))
    set_champion(workspace, "rich")
    score_days(workspace, [EARLIER, DAY])
    return workspace


@pytest.fixture
def copied(scored, tmp_path):
    """A copy whose book a test may change."""
    shutil.copytree(scored.root, tmp_path / "copied")
    return Workspace(tmp_path / "copied")


@pytest.fixture(scope="module")
def book(scored):
    return Book.open(scored.book)


@pytest.fixture(scope="module")
def someone(book):
    """Return a guarantor, the company that it guarantees for, the customer in default, and one of every thirty."""
    links = book.read("links").to_pylist()
    pair = next(one for one in links if one["kind"] == "guarantees" and one["known_on"] <= EARLIER)
    ids = book.read("customers")["customer_id"].to_pylist()
    return [*dict.fromkeys([pair["source_id"], pair["target_id"], "C0000010", *ids[::30]])]


def extended(workspace, added):
    """Add rows to the book of a workspace."""
    book = Book.open(workspace.book)
    book.write({name: pa.concat_tables([book.read(name), table_of(name, rows)]) for name, rows in added.items()})


def table_of(name, rows):
    return pa.Table.from_pylist([dict.fromkeys(TABLES[name].schema.names) | row for row in rows], TABLES[name].schema)


def facts_of(book, customer_id):
    """Return all facts of a customer, whenever they became known, as a client would post them."""
    invoices = set()
    found = {}
    for name in POSTED_TABLES:
        rows = book.read(name)
        mine = (
            pc.is_in(rows["invoice_id"], value_set=pa.array(sorted(invoices), pa.string()))
            if name == "payments"
            else pc.equal(rows["customer_id"], customer_id)
        )
        found[name] = [plain(row) for row in rows.filter(mine).to_pylist()]
        invoices |= {row["invoice_id"] for row in found[name] if name == "invoices"}
    return found


def plain(row):
    written = {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
    return {name: value for name, value in written.items() if value is not None}


def item(book, customer_id, *, as_of=DAY, **changed):
    return {"customer_id": customer_id, "as_of": f"{as_of}", "facts": facts_of(book, customer_id) | changed}


def posted(client, items, **more):
    answer = client.post("/v1/facts", json={"items": items, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def daily(workspace, as_of, customer_id):
    """Return what the daily run said of a customer: score, reasons, and the row that it was made from."""
    scores = read_scores(workspace, as_of=as_of).set_index("customer_id").loc[customer_id]
    row = read_snapshot(workspace, as_of=as_of).set_index("customer_id").loc[customer_id].drop("as_of")
    reasons = scores[["reason_1", "reason_2", "reason_3"]].dropna().tolist()
    return [scores[name] for name in ("log_odds", "score", "colour", "grade")], reasons, row


def same_as_daily(result, workspace, as_of=DAY):
    told = result["score"]
    said, reasons, row = daily(workspace, as_of, told["customer_id"])
    assert told["as_of"] == f"{as_of}"
    assert [told[name] for name in ("log_odds", "score", "colour", "grade")] == said
    assert [reason["code"] for reason in told["reasons"]] == reasons
    assert result["features"].keys() == set(row.index)
    values = np.array([result["features"][name] for name in row.index], float)
    assert np.array_equal(values, row.to_numpy(float), equal_nan=True)


def test_the_facts_of_the_book_give_the_bits_of_the_daily_run_alone_and_together(client, scored, book, someone):
    items = [item(book, one) for one in someone]
    together = posted(client, items, explain=True)
    assert (together["scored_count"], together["refused_count"]) == (len(someone), 0)
    for result in together["results"]:
        same_as_daily(result, scored)
    for place in range(3):
        assert posted(client, [items[place]], explain=True)["results"] == [together["results"][place]]


def test_what_is_compared_covers_default_links_peers_and_published_figures(scored, someone, features_of_every_kind):
    rows = read_snapshot(scored, as_of=DAY).set_index("customer_id").loc[someone]
    assert rows[[*features_of_every_kind[3:]]].notna().any().all()
    assert {*rows["in_default_flag"]} == {0.0, 1.0}
    assert rows["guarantees_given_count"].max() > 0


def test_facts_that_became_known_later_change_nothing(client, scored, book, someone):
    items = [item(book, one, as_of=day) for one in someone for day in (EARLIER, DAY)]
    results = posted(client, items, explain=True)["results"]
    for result, day in zip(results, [EARLIER, DAY] * len(someone), strict=True):
        same_as_daily(result, scored, day)
    later = {"invoice_id": "new", "issued_on": f"{DAY}", "due_on": f"{DAY}", "amount": 7_000_000}
    changed = [one | {"facts": dict(one["facts"])} for one in items[::2]]
    for one in changed:
        one["facts"]["invoices"] = [*one["facts"]["invoices"], later]
        one["facts"]["events"] = [
            *one["facts"]["events"],
            {"event_id": "new", "occurred_on": f"{EARLIER}", "known_on": f"{DAY}", "kind": "insolvency"},
        ]
    assert posted(client, changed, explain=True)["results"] == results[::2]


def test_figures_that_were_published_later_change_nothing(copied, client_of, client, book, someone):
    def tenfold(rows):
        return [row | {"known_on": DAY + timedelta(days=1), "value": row["value"] * 10} for row in rows.to_pylist()]

    items = [item(book, one) for one in someone]
    before = posted(client, items, explain=True)["results"]
    extended(copied, {name: tenfold(book.read(name)) for name in ("macro", "industry")})
    assert asked_of(copied, client_of, items) == before


def asked_of(workspace, client_of, items):
    desk = Desk(workspace)
    desk.editions.refresh()
    client = client_of(application_of(desk, observe=lambda *_: None))
    try:
        return posted(client, items, explain=True)["results"]
    finally:
        client.close()
        desk.close()


def test_a_customer_that_the_book_does_not_know_gets_the_bits_of_a_book_that_does(copied, client, book, someone):
    twin = {name: [row | {} for row in rows] for name, rows in facts_of(book, someone[2]).items()}
    for name, rows in twin.items():
        for row in rows:
            row |= {key: f"new-{row[key]}" for key in ("customer_id", "invoice_id", "payment_id") if key in row}
            row |= {key: f"new-{row[key]}" for key in ("facility_id", "event_id") if key in row}
        extended(copied, {name: [dated(row) for row in rows]})
    score_days(copied, [DAY])
    new = {"customer_id": f"new-{someone[2]}", "as_of": f"{DAY}", "facts": twin}
    same_as_daily(posted(client, [new], explain=True)["results"][0], copied)


def dated(row):
    return {name: date.fromisoformat(value) if name.endswith("_on") else value for name, value in row.items()}


def test_what_is_posted_replaces_what_the_book_has_of_the_customer(copied, client, book, someone):
    codes = sorted({*book.read("customers")["industry_code"].to_pylist()})
    (profile,) = facts_of(book, someone[0])["customers"]
    moved = profile | {"industry_code": next(one for one in codes if one != profile["industry_code"])}
    changed = Book.open(copied.book)
    rows = [row for row in changed.read("customers").to_pylist() if row["customer_id"] != someone[0]]
    bills = [row for row in changed.read("invoices").to_pylist() if row["customer_id"] != someone[0]]
    changed.write({"customers": table_of("customers", [*rows, dated(moved)]), "invoices": table_of("invoices", bills)})
    score_days(copied, [DAY])
    asked = item(book, someone[0], customers=[moved], invoices=[], payments=[])
    same_as_daily(posted(client, [asked], explain=True)["results"][0], copied)


def test_what_an_item_leaves_out_is_that_of_the_item_the_fact_and_the_book(client, book, someone):
    whole = item(book, someone[0])
    sparse = {
        name: [
            {column: value for column, value in row.items() if column not in {"customer_id", "currency"}}
            for row in rows
        ]
        for name, rows in whole["facts"].items()
    }
    for row in sparse["invoices"]:
        if row["known_on"] == row["issued_on"]:
            del row["known_on"]
    assert any("known_on" not in row for row in sparse["invoices"])
    answers = posted(client, [whole, whole | {"facts": sparse}], explain=True)["results"]
    assert answers[0] == answers[1]


def test_a_customer_of_whom_nothing_but_its_id_is_known_is_scored(client):
    (result,) = posted(client, [{"customer_id": "N1", "as_of": f"{DAY}", "facts": {}}], explain=True)["results"]
    assert (result["status"], result["score"]["exposure_amount"]) == (200, 0)
    assert result["features"]["overdue_gap_ratio"] is None
    assert result["features"]["macro_pmi_surprise_12m"] is not None


def test_a_broken_item_tells_its_fields_and_does_not_keep_the_others_from_being_scored(client, book, someone):
    good = item(book, someone[1])
    bill = {"invoice_id": "I", "issued_on": "2023-01-02", "due_on": "2023-02-01", "amount": 500}
    paid = {"payment_id": "P", "invoice_id": "I", "paid_on": "2023-01-20", "amount": 500}
    facts = [
        {"invoices": [bill, bill | {"invoice_id": "J", "amount": 1.5}, {"invoice_id": "K"}]},
        {"invoices": [bill], "payments": [paid, paid | {"payment_id": "Q", "amount": -5}]},
        {"invoices": [bill], "payments": [paid | {"invoice_id": "X"}, paid | {"paid_on": "2022-12-31"}]},
        {"invoices": [bill, bill], "links": []},
        {"invoices": [bill | {"customer_id": "other"}], "facilities": [{"facility_id": "F", "purpose": "fun"}]},
        {"invoices": [bill, bill | {"amount": 7}]},
        {"invoices": [bill | {"currency": "USD", "amount": 0}]},
        {"facilities": [{"facility_id": "F", "purpose": "fun", "known_on": 20230101}]},
        {"facilities": [{"facility_id": "F", "purpose": "fun"}]},
        {"customers": [{"known_on": f"{DAY + timedelta(days=1)}"}]},
    ]
    items = [{"customer_id": "N1", "as_of": f"{DAY}", "facts": one} for one in facts]
    told = posted(client, [good, *items, "no item", items[-1] | {"as_of": "1066-10-14"}, good])
    assert told["results"][0] == told["results"][-1] == posted(client, [good])["results"][0]
    assert (told["scored_count"], told["refused_count"]) == (2, len(facts) + 2)
    fields = [[error["field"].split(".", 2)[-1] for error in one["errors"]] for one in told["results"][1:-1]]
    assert fields == [
        ["facts.invoices.1.amount", "facts.invoices.2.issued_on", "facts.invoices.2.due_on", "facts.invoices.2.amount"],
        ["facts.payments.1.amount"],
        ["facts.payments.0.invoice_id", "facts.payments.1"],
        ["facts.links"],
        ["facts.invoices.0.customer_id"],
        ["facts.invoices.1"],
        ["facts.invoices.0.currency"],
        ["facts.facilities.0.known_on"],
        ["facts.facilities.0.purpose"],
        ["facts.customers"],
        ["11"],
        ["as_of"],
    ]
    assert told["results"][2]["errors"][0] == {
        "field": "items.2.facts.payments.1.amount",
        "message": "It breaks the rule each_payment_is_positive.",
    }


def test_days_and_amounts_at_the_ends_of_their_ranges_are_computed_with(client):
    days = [
        {"issued_on": "0001-01-01", "due_on": "9999-12-31"},
        {"issued_on": "1970-01-01", "due_on": "1970-01-01", "known_on": "9999-12-31"},
        {"issued_on": f"{DAY}", "due_on": "9999-12-31"},
    ]
    bills = [{"invoice_id": f"I{place}", "amount": 2**51} | one for place, one in enumerate(days)]
    facts = {"customers": [{"name": "\u0000", "founded_on": "0001-01-01"}], "invoices": bills}
    items = [{"customer_id": "N~0", "as_of": day, "facts": facts} for day in ("1900-01-01", f"{DAY}", "9999-12-31")]
    told = posted(client, items)
    assert [one["status"] for one in told["results"]] == [200, 200, 200], told


def test_amounts_beyond_all_measure_are_an_error_of_their_item_alone(client):
    bill = {"issued_on": f"{EARLIER}", "due_on": f"{DAY}", "amount": 2**53}
    facts = {"invoices": [bill | {"invoice_id": f"I{place}"} for place in range(1025)]}
    items = [{"customer_id": name, "as_of": f"{DAY}", "facts": one} for name, one in (("N1", facts), ("N2", {}))]
    broken, sound = posted(client, items)["results"]
    assert [error["field"] for error in broken["errors"]] == ["items.0.features.open_amount"]
    assert sound["status"] == 200


def test_too_much_in_one_request_is_refused_as_a_whole(client):
    many = [{"customer_id": "N1", "as_of": f"{DAY}", "facts": {}}] * (MOST_CUSTOMERS + 1)
    large = [{"customer_id": "N1", "as_of": f"{DAY}", "facts": {"payments": [{}] * (MOST_FACTS + 1)}}]
    days = [many[0] | {"as_of": f"{DAY - timedelta(days=back)}"} for back in range(MOST_DAYS + 1)]
    for items in (many, large, days):
        answer = client.post("/v1/facts", json={"items": items})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "items")


def test_no_message_and_no_line_of_the_log_repeats_what_was_posted(client, caplog):
    name, amount = "Secret & Sons", 123_456_789_012
    facts = {"customers": [{"name": name, "region": 7}], "invoices": [{"amount": f"{amount}"}], "payments": [{}]}
    answer = client.post("/v1/facts", json={"items": [{"customer_id": "N1", "as_of": f"{DAY}", "facts": facts}]})
    said = answer.text + caplog.text
    assert answer.json()["refused_count"] == 1
    assert name not in said
    assert f"{amount}" not in said


class Door:
    """Lets one caller in, and keeps whom it asks about."""

    def __init__(self, app, caller):
        self.app, self.caller, self.asked = app, caller, Asked(caller)

    async def __call__(self, scope, receive, send):
        scope.setdefault("state", {})["caller"] = self.caller
        CURRENT.set(self.asked)
        await self.app(scope, receive, send)


def test_the_access_log_is_told_the_customers_and_the_scope_is_that_of_computing(desk, client_of):
    door = Door(application_of(desk, observe=lambda *_: None), Caller("erp", COMPUTES))
    client = client_of(door)
    posted(client, [{"customer_id": one, "as_of": f"{DAY}", "facts": {}} for one in ("N1", "N2")])
    client.close()
    assert door.asked.customer_ids == ["N1", "N2"]
    assert permission_for("POST", "/v1/facts") is Permission.SCORES_COMPUTE


@pytest.fixture
def ask_as(desk, client_of):
    clients = []

    def make(**limits):
        client = client_of(Door(application_of(desk, observe=lambda *_: None), Caller("erp", **limits)))
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()


def test_without_the_scope_for_amounts_neither_amounts_nor_features_are_told(ask_as, book, someone):
    plain_caller = ask_as(scopes=COMPUTES)
    items = [item(book, someone[0])]
    (told,) = posted(plain_caller, items)["results"]
    assert told["features"] is told["score"]["exposure_amount"] is told["score"]["reserve_amount"] is None
    assert plain_caller.post("/v1/facts", json={"items": items, "explain": True}).status_code == 403


def test_to_a_limited_caller_a_customer_outside_its_units_is_one_that_the_book_does_not_know(
    ask_as, client, book, someone
):
    asked = item(book, someone[0])
    (profile,) = asked["facts"]["customers"]
    elsewhere = {"customers": [profile | {"region": "Nowhere"}]}
    moved = asked | {"facts": asked["facts"] | elsewhere}
    own = ask_as(scopes=COMPUTES | {Permission.AMOUNTS_READ}, units=Units.parse([f"region={profile['region']}"]))
    (told, refused), (all_told, there) = (posted(one, [asked, moved], explain=True)["results"] for one in (own, client))
    assert told == all_told
    assert (refused["status"], refused["errors"][0]["field"]) == (400, "items.1.facts.customers")

    far = ask_as(scopes=COMPUTES | {Permission.AMOUNTS_READ}, units=Units.parse(["region=Nowhere"]))
    stranger = {"customer_id": "stranger"}
    renamed = moved | stranger | {"facts": {name: renamed_rows(rows) for name, rows in moved["facts"].items()}}
    hidden, unknown = posted(far, [moved, renamed], explain=True)["results"]
    assert hidden["features"] == unknown["features"]
    assert {**hidden["score"], **stranger} == unknown["score"]
    assert hidden["features"] != there["features"]


def renamed_rows(rows):
    return [{name: value for name, value in row.items() if name != "customer_id"} for row in rows]


def test_posted_customers_do_not_meet_each_other(client, book, someone):
    guarantor, debtor = item(book, someone[0]), item(book, someone[1])
    debtor["facts"]["events"] = [
        *debtor["facts"]["events"],
        {"event_id": "new", "occurred_on": f"{EARLIER}", "kind": "default"},
    ]
    alone = posted(client, [guarantor], explain=True)["results"][0]
    assert posted(client, [guarantor, debtor], explain=True)["results"][0] == alone


def test_without_a_book_nothing_can_be_said_of_facts(copied, client_of):
    desk = Desk(copied)
    desk.editions.refresh()
    (copied.book / "book.json").unlink()
    client = client_of(application_of(desk, observe=lambda *_: None))
    answer = client.post("/v1/facts", json={"items": [{"customer_id": "N1", "as_of": f"{DAY}", "facts": {}}]})
    assert answer.status_code == 503
    client.close()
    desk.close()
