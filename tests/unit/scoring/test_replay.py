"""A past run is made once more with the recorded bits, or what differs and why is told."""

import json
import shutil
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
import sqlalchemy as sa
import yaml

from creditscore.book import TABLES, Book
from creditscore.domain import Workspace
from creditscore.errors import BundleError, ParameterError, PolicyError, StoreError
from creditscore.features import snapshot, snapshot_hash
from creditscore.policy import load_policy
from creditscore.policy.policy import SHIPPED
from creditscore.scoring import (
    ScoreStore,
    open_champion,
    read_scores,
    replay,
    score_days,
    score_portfolio,
    set_champion,
)
from creditscore.scoring.carried import carried_folder
from creditscore.scoring.connection import connected, writing
from creditscore.scoring.replaying import findings
from creditscore.scoring.snapshots import daily_features

EVE, DAY = date(2023, 1, 30), date(2023, 1, 31)
CUSTOMER = "C0000042"


@pytest.fixture(scope="module")
def past(template, tmp_path_factory):
    """Two days that were scored; copied, never changed."""
    root = tmp_path_factory.mktemp("past") / "portfolio"
    shutil.copytree(template.root, root)
    score_days(Workspace(root), [EVE, DAY])
    return Workspace(root)


@pytest.fixture
def place(past, tmp_path):
    shutil.copytree(past.root, tmp_path / "past")
    return Workspace(tmp_path / "past")


def run_of(place, day=DAY):
    with ScoreStore(place.store_url) as store:
        return store.latest_run(day)


def alter(place, table, change, *, customer=None):
    """Change rows of the served run behind the library's back."""
    words = {"DELETE": f"DELETE FROM {table}"}.get(change, f"UPDATE {table} SET {change}")  # noqa: S608 - our own words
    whose = "" if customer is None else f" AND customer_id = '{customer}'"
    engine = connected(place.store_url, busy_seconds=5)
    with writing(engine) as connection:
        done = connection.execute(sa.text(f"{words} WHERE run_id = '{run_of(place).run_id}'{whose}"))
        assert done.rowcount > 0
    engine.dispose()


def codes(found):
    return {finding.code for finding in found.findings}


def columns(found, table):
    return {one.column for one in found.differences if one.table == table}


def added(place, name, *rows):
    """Add facts to the book as an ingest does."""
    book = Book.open(place.book)
    new = pa.Table.from_pylist([dict.fromkeys(TABLES[name].schema.names) | row for row in rows], TABLES[name].schema)
    return book.write({name: pa.concat_tables([book.read(name), new])}, added={name: new})


def last_bill(place, customer):
    """Return an invoice that the book knew on the day."""
    bills = Book.open(place.book).read("invoices").filter(pc.field("customer_id") == customer)
    return bills.filter(pc.field("known_on") <= EVE).sort_by("known_on").to_pylist()[-1]


def todays_hash(place):
    frame = snapshot(Book.open(place.book), as_of=DAY, features=daily_features(open_champion(place)))
    return snapshot_hash(frame)


@pytest.mark.parametrize("day", [None, EVE, DAY])
def test_a_whole_day_is_made_once_more_with_the_same_bits(past, day):
    found = replay(past, as_of=day)
    assert found.is_identical, found.summary
    assert found.findings == ()
    assert (found.run, found.customer_count) == (run_of(past, day or DAY), run_of(past, day or DAY).customer_count)
    assert set(found.checked) == {"scores", "alert_changes", "freezes", "reserve_movements", "reserve_closings", "runs"}
    stored = read_scores(past, as_of=DAY).columns
    assert set(found.checked["scores"]) == set(stored) - {"customer_id", "as_of"}
    found.demand()


def test_customers_are_replayed_with_what_no_other_customer_moves(past):
    found = replay(past, customer_ids=[CUSTOMER, "C0000001", CUSTOMER])
    assert found.is_identical, found.summary
    assert (found.customer_count, found.customer_ids) == (2, (CUSTOMER, "C0000001"))
    assert set(found.checked) == {"scores"}
    assert {"log_odds", "pd_12m", "governed_colour", "reserve_amount", "held_amount", "reason_1"} <= set(
        found.checked["scores"]
    )


def test_a_run_is_named_by_the_first_digits_of_its_id(past):
    run = run_of(past, EVE)
    assert replay(past, run_id=run.run_id[:12], customer_ids=[CUSTOMER]).run == run
    with pytest.raises(ParameterError, match="scored 2023-01-30, not 2023-01-31"):
        replay(past, run_id=run.run_id, as_of=DAY)
    for digits in ("", run.run_id[:3], "no such run"):
        with pytest.raises(ParameterError, match="0 recorded runs"):
            replay(past, run_id=digits)


def test_what_was_not_scored_is_refused(past):
    with pytest.raises(ParameterError, match="1 of 2 customers were not scored: nobody"):
        replay(past, customer_ids=[CUSTOMER, "nobody"])
    with pytest.raises(StoreError, match="2023-01-29 was not scored"):
        replay(past, as_of=EVE - timedelta(days=1))


def test_a_fact_that_is_corrected_later_is_replayed_as_it_was(place):
    bill = last_bill(place, CUSTOMER)
    added(place, "invoices", bill | {"amount": bill["amount"] * 9, "known_on": DAY + timedelta(days=1)})
    assert replay(place).is_identical
    assert replay(place, customer_ids=[CUSTOMER]).is_identical


@pytest.mark.parametrize("known_on", [EVE, DAY])
def test_a_fact_that_came_after_the_run_but_claims_to_have_been_known_is_left_out_and_told(place, known_on):
    run, bill = run_of(place), last_bill(place, CUSTOMER)
    assert todays_hash(place) != todays_hash_after(place, bill, known_on)
    for wanted in ([], [CUSTOMER]):
        found = replay(place, customer_ids=wanted)
        assert found.run == run
        assert found.is_identical, found.summary
        assert codes(found) == {"book_grew"}
        assert "invoices" in found.findings[0].text


def todays_hash_after(place, bill, known_on):
    added(place, "invoices", bill | {"invoice_id": "late", "amount": 10**9, "known_on": known_on})
    return todays_hash(place)


def test_facts_that_were_removed_are_told_with_the_features_that_move(place):
    book = Book.open(place.book)
    rows = book.read("invoices")
    book.write({"invoices": rows.filter(pc.field("customer_id") != CUSTOMER)})
    found = replay(place)
    assert not found.is_identical
    assert {"book_altered", "features"} <= codes(found)
    assert "orders_365d_count" in columns(found, "snapshot")
    assert {one.examples for one in found.differences if one.table == "snapshot"} == {(CUSTOMER,)}
    assert {"snapshot_hash", "accounts_hash"} <= columns(found, "runs")
    with pytest.raises(StoreError, match=r"columns differ.*known_on was"):
        found.demand()
    assert columns(replay(place, customer_ids=[CUSTOMER]), "snapshot")
    assert replay(place, customer_ids=["C0000001"]).is_identical


def test_a_day_of_knowledge_that_was_moved_is_told(place):
    book = Book.open(place.book)
    rows = book.read("invoices")
    later = pc.if_else(pc.equal(rows["customer_id"], CUSTOMER), pa.scalar(DAY + timedelta(days=9)), rows["known_on"])
    book.write({"invoices": rows.set_column(rows.schema.get_field_index("known_on"), "known_on", later)})
    assert "book_altered" in codes(replay(place))


def test_a_customer_that_the_book_no_longer_knows_is_told(place):
    book = Book.open(place.book)
    book.write({"customers": book.read("customers").filter(pc.field("customer_id") != CUSTOMER)})
    for wanted in ([], [CUSTOMER]):
        found = replay(place, customer_ids=wanted)
        assert "row that is only recorded" in columns(found, "scores")
        assert "book_altered" in codes(found)


def test_scores_that_were_altered_in_the_store_are_found(place):
    alter(place, "scores", "log_odds = log_odds * 1.0000000000000002", customer=CUSTOMER)  # by the last bit
    alter(place, "scores", "governed_colour = 'green '", customer="C0000001")
    alter(place, "scores", "DELETE", customer="C0000002")
    found = replay(place)
    assert {(one.column, one.row_count, one.examples) for one in found.differences} == {
        ("log_odds", 1, (CUSTOMER,)),
        ("governed_colour", 1, ("C0000001",)),
        ("row that is not recorded", 1, ("C0000002",)),
    }
    assert codes(found) == {"store_altered"}
    with pytest.raises(StoreError, match="altered since"):
        found.demand()


def test_decisions_and_sums_that_were_altered_in_the_store_are_found(place):
    alter(place, "alert_changes", "DELETE")
    alter(place, "freezes", "cause_id = 'another'")
    alter(place, "reserve_movements", "amount = amount + 1")
    alter(place, "reserve_closings", "closing_amount = closing_amount + 1")
    alter(place, "runs", "exposure_amount = exposure_amount + 1, green_count = green_count + 1")
    found = replay(place)
    assert {(one.table, one.column) for one in found.differences} == {
        ("alert_changes", "row that is not recorded"),
        ("freezes", "cause_id"),
        ("reserve_movements", "amount"),
        ("reserve_closings", "closing_amount"),
        ("runs", "exposure_amount"),
        ("runs", "colours"),
    }
    assert codes(found) == {"store_altered"}


def test_an_altered_score_of_one_customer_is_found_without_the_others(place):
    alter(place, "scores", "score = score / 2", customer=CUSTOMER)
    assert columns(replay(place, customer_ids=[CUSTOMER]), "scores") == {"score"}
    assert replay(place, customer_ids=["C0000001"]).is_identical


def test_a_run_whose_inputs_were_altered_in_the_ledger_is_told(place):
    alter(place, "runs", "code_version = '9.9'")
    found = replay(place)
    assert codes(found) >= {"ledger_altered", "code_version"}
    assert not found.is_identical


def test_a_run_of_another_bundle_and_another_policy_is_replayed_by_its_own(place):
    first = run_of(place)
    set_champion(place, "second", registry_version="2")
    content = yaml.safe_load(SHIPPED.read_text("utf-8"))
    content["colours"]["green"] = 85
    place.policy.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    second = score_portfolio(place, as_of=DAY)
    assert (second.bundle_hash, second.policy_hash) != (first.bundle_hash, first.policy_hash)
    assert replay(place).run == second
    for run in (first, second):
        assert replay(place, run_id=run.run_id).is_identical
        assert replay(place, run_id=run.run_id, customer_ids=[CUSTOMER]).is_identical


def test_the_features_that_moved_cannot_be_told_where_the_day_was_scored_again(place):
    first = run_of(place)
    book = Book.open(place.book)
    book.write({"invoices": book.read("invoices").filter(pc.field("customer_id") != CUSTOMER)})
    second = score_portfolio(place, as_of=DAY)
    assert replay(place).run == second
    assert replay(place).is_identical
    assert "snapshot_replaced" in codes(replay(place, run_id=first.run_id))


def test_a_bundle_that_is_gone_or_altered_is_told_by_its_hash_or_its_file(place):
    run = run_of(place)
    file = place.bundles / "first" / "model.json"
    file.write_text(file.read_text("utf-8") + " ", "utf-8")
    with pytest.raises(BundleError, match=r"model\.json"):
        replay(place)
    set_champion(place, "second", registry_version="2")
    shutil.rmtree(place.bundles / "first")
    with pytest.raises(
        BundleError, match=f"bundle {run.bundle_hash[:12]}: No folder of the workspace holds it any more"
    ):
        replay(place)


def test_a_policy_that_was_not_kept_is_told(place):
    shutil.rmtree(place.policies)
    assert replay(place, customer_ids=[CUSTOMER]).is_identical  # the shipped one is still the same
    place.policies.mkdir()
    kept = load_policy().text.replace("80", "81", 1)
    (place.policies / f"{run_of(place).policy_hash}.json").write_text(kept, "utf-8")
    with pytest.raises(PolicyError):
        replay(place)


def test_without_what_the_day_before_left_the_rest_is_replayed_and_told(place):
    shutil.rmtree(carried_folder(place, run_of(place, EVE)))
    found = replay(place)
    assert found.is_identical, found.summary
    assert codes(found) == {"previous_run_gone"}
    assert "limit_amount" not in found.checked["scores"]
    assert {"governed_colour", "held_amount"} <= set(found.checked["scores"])


def test_what_the_day_before_left_is_not_trusted_where_it_is_not_what_was_recorded(place):
    path = carried_folder(place, run_of(place, EVE)) / "customers.parquet"
    left = pd.read_parquet(path, partitioning=None)
    left.assign(held_amount=left["held_amount"] + 1).to_parquet(path)
    found = replay(place)
    assert found.is_identical, found.summary  # its own decisions go on from the ledger
    assert codes(found) == {"previous_run_altered"}
    assert "limit_amount" not in found.checked["scores"]


def test_another_version_of_the_code_is_told(past, monkeypatch):
    monkeypatch.setattr(findings, "code_version", lambda: "9.9+another")
    found = replay(past, customer_ids=[CUSTOMER])
    assert found.is_identical
    assert codes(found) == {"code_version"}
    assert "9.9+another" in found.findings[0].text


def test_a_run_that_did_not_record_its_book_is_replayed_from_todays(place):
    shutil.rmtree(place.books)
    assert replay(place).is_identical
    bill = last_bill(place, CUSTOMER)
    added(place, "invoices", bill | {"invoice_id": "late", "amount": 10**9, "known_on": DAY})
    found = replay(place)
    assert not found.is_identical
    assert {"book_not_recorded", "features"} <= codes(found)


def test_the_record_holds_no_value_of_a_customer_and_is_plain_json(place):
    alter(place, "scores", "exposure_amount = 987654321", customer=CUSTOMER)
    record = replay(place).as_record()
    text = json.dumps(record, allow_nan=False)
    assert "987654321" not in text
    assert record["differences"][0]["examples"] == [CUSTOMER]
    assert record["is_identical"] is False


@pytest.mark.postgresql
def test_a_day_in_postgresql_is_replayed_and_an_altered_score_in_it_is_found(workspace, postgresql_url, monkeypatch):
    monkeypatch.setenv("CREDITSCORE_STORE", postgresql_url)
    score_days(workspace, [EVE, DAY])
    assert replay(workspace).is_identical
    assert replay(workspace, as_of=EVE, customer_ids=[CUSTOMER]).is_identical
    step = np.spacing(read_scores(workspace, as_of=DAY).set_index("customer_id")["log_odds"][CUSTOMER])
    alter(workspace, "scores", f"log_odds = log_odds + {float(step)!r}", customer=CUSTOMER)
    assert columns(replay(workspace), "scores") == {"log_odds"}
