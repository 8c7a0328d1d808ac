"""What a daily run decides, keeps and hands on."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from creditscore.accounts import accounts_of
from creditscore.book import TABLES, Book
from creditscore.decisions import Application, link_kinds
from creditscore.errors import StoreError
from creditscore.policy import load_policy
from creditscore.policy.policy import SHIPPED
from creditscore.scoring import DecisionStore, apply_for_credit, read_scores, score_days, score_portfolio
from creditscore.scoring.run import RunInputs

DAYS = [date(2023, 1, 10), date(2023, 1, 20), date(2023, 1, 31)]
SOURCE = """
import sys
from datetime import date
from pathlib import Path
from creditscore.domain import Workspace
from creditscore.scoring import score_days
score_days(Workspace(Path(sys.argv[1])), [date.fromisoformat(day) for day in sys.argv[2:]])
"""
INPUTS = RunInputs(
    as_of=DAYS[0],
    snapshot_hash="a",
    accounts_hash="b",
    bundle_hash="c",
    policy_hash="d",
    code_version="e",
    previous_run_id=None,
)


@pytest.fixture
def scored(workspace):
    return score_days(workspace, DAYS)


def kinds():
    return link_kinds(load_policy())


@pytest.mark.parametrize("name", INPUTS.__dataclass_fields__)
def test_every_input_moves_the_run_id(name):
    assert replace(INPUTS, **{name: DAYS[1] if name == "as_of" else "other"}).run_id != INPUTS.run_id


def test_each_run_goes_on_from_the_one_before(scored):
    assert [run.previous_run_id for run in scored] == [None, scored[0].run_id, scored[1].run_id]


def test_the_store_holds_what_the_file_holds_and_the_ledger_adds_up_over_the_days(workspace, scored):
    with DecisionStore(workspace.store_url) as store:
        held = 0
        for run in scored:
            scores = read_scores(workspace, as_of=run.as_of)
            pd.testing.assert_frame_equal(store.scores(run.as_of), scores, check_exact=True)
            total = store.reserve_closings(run)[0]
            assert (total["opening_amount"], total["closing_amount"]) == (held, run.held_amount)
            held = run.held_amount
            assert run.held_amount == scores["held_amount"].sum()
            assert (
                run.frozen_count
                == scores["frozen_by"].notna().sum()
                == len(store.freezes(run, scores["customer_id"].tolist()))
            )
        with store._engine.connect() as connection:  # noqa: SLF001 - the sum over all runs is nobody's question but a test's
            moved = dict(
                connection.execute(sa.text("SELECT customer_id, SUM(amount) FROM reserve_movements GROUP BY 1")).all()
            )
    last = scores.set_index("customer_id")["held_amount"]
    assert {name: amount for name, amount in moved.items() if amount} == last[last != 0].to_dict()


def test_the_history_of_alerts_leads_to_those_that_stand(workspace, scored):
    scores = read_scores(workspace, as_of=DAYS[-1]).set_index("customer_id")
    alerted = scores[scores["red_alert_count"] > 0].index[0]
    with DecisionStore(workspace.store_url) as store:
        changes = store.alert_changes(scored[-1], alerted)
    last = {change["invoice_id"]: change for change in changes}
    standing = [change["level"] for change in last.values() if change["change"] != "closed"]
    assert standing.count("red") == scores["red_alert_count"][alerted]
    assert standing.count("yellow") == scores["yellow_alert_count"][alerted]
    opened = [change["invoice_id"] for change in changes if change["change"] == "opened"]
    assert len(opened) == len(set(opened))  # one alert a cause, not one a day


def test_alerts_of_a_run_that_was_gone_beyond_are_not_told_twice(workspace, scored):
    text = SHIPPED.read_text("utf-8").replace("days_past_due_above: 30", "days_past_due_above: 20")
    workspace.policy.write_text(text, "utf-8")
    again = score_days(workspace, DAYS)
    assert not {run.run_id for run in again} & {run.run_id for run in scored}
    with DecisionStore(workspace.store_url) as store:
        for customer in read_scores(workspace, as_of=DAYS[-1])["customer_id"]:
            changes = store.alert_changes(again[-1], customer)
            opened = [change["invoice_id"] for change in changes if change["change"] == "opened"]
            assert len(opened) == len(set(opened))


def test_without_what_the_earlier_day_left_the_later_one_is_refused_and_scoring_both_again_mends_it(workspace, scored):
    shutil.rmtree(workspace.decisions)
    with pytest.raises(StoreError, match=rf"is gone\. Run `creditscore score --as-of {DAYS[1]}`"):
        score_portfolio(workspace, as_of=DAYS[2])
    assert [run.run_id for run in score_days(workspace, DAYS)] == [run.run_id for run in scored]


def test_another_process_decides_the_same(workspace, scored, tmp_path):
    other = tmp_path / "elsewhere"
    shutil.copytree(workspace.root, other)
    for name in ("scores", "snapshots", "decisions", "state"):
        shutil.rmtree(other / name, ignore_errors=True)
    for path in other.glob("scores.db*"):
        path.unlink()
    environment = {**os.environ, "PYTHONHASHSEED": "12345", "PYTHONPATH": os.pathsep.join(sys.path)}
    environment.pop("CREDITSCORE_STORE", None)
    command = [sys.executable, "-c", SOURCE, str(other), *map(str, DAYS)]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    with DecisionStore(f"sqlite:///{other / 'scores.db'}") as store:
        assert [run.run_id for run in store.runs()] == [run.run_id for run in scored]
        pd.testing.assert_frame_equal(store.scores(), read_scores(workspace, as_of=DAYS[-1]), check_exact=True)


@pytest.mark.postgresql
def test_postgresql_tells_the_decisions_that_sqlite_tells(workspace, decided, template, tmp_path, request, monkeypatch):
    rows, expected = decided_and_told(workspace, decided)
    monkeypatch.setenv("CREDITSCORE_STORE", request.getfixturevalue("postgresql_url"))
    shutil.copytree(template.root, tmp_path / "other")
    assert decided_and_told(replace(workspace, root=tmp_path / "other"), decided) == (rows, expected)
    assert all(expected.values())
    assert {change["change"] for change in expected["alerts"]} >= {"opened", "escalated", "closed"}
    assert {record["applicant"]["freeze"] is None for record in expected["applications"]} == {True, False}
    assert not (tmp_path / "other" / "scores.db").exists()


def decided_and_told(workspace, decided):
    """Score three days, decide on applications, and return what the tables of decisions hold and the store tells."""
    runs = score_days(workspace, DAYS)
    scores = read_scores(workspace, as_of=DAYS[-1])
    customers = scores["customer_id"].tolist()
    asking = [*customers[:3], *scores.loc[scores["frozen_by"].notna(), "customer_id"][:2]]
    for customer in asking:
        apply_for_credit(workspace, Application(customer_id=customer, applied_on=DAYS[-1], amount=900, term_days=45))
    with DecisionStore(workspace.store_url) as store:
        told = {
            "scores": [records(store.scores(day)) for day in DAYS],
            "exposures": records(store.exposures(DAYS)),
            "freezes": [store.freezes(run, customers) for run in runs],
            "alerts": [change for customer in customers for change in store.alert_changes(runs[-1], customer)],
            "closings": [store.reserve_closings(run) for run in runs],
            "ledger": records(store.reserve_ledger()),
            "applications": [record for customer in asking for record in store.applications(customer)],
        }
    return decided(workspace), told


def records(frame):
    """Return the rows of a frame with its missing values equal to themselves."""
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


@pytest.mark.parametrize(("known_on", "moves"), [(date(2023, 1, 11), False), (date(2023, 1, 9), True)])
def test_accounts_move_with_what_was_known_and_only_with_that(workspace, tmp_path, known_on, moves):
    book = Book.open(workspace.book)
    tables = {name: pq.read_table(book.path(name)) for name in TABLES if book.has(name)}
    facility = {
        "facility_id": "NEW",
        "customer_id": tables["customers"]["customer_id"][0].as_py(),
        "granted_on": date(2023, 1, 8),
        "expires_on": date(2030, 1, 1),
        "limit_amount": 123_456,
        "term_days": 45,
        "purpose": "standard",
        "known_on": known_on,
    }
    row = pa.Table.from_pylist([facility], schema=tables["facilities"].schema)
    grown = tables | {"facilities": pa.concat_tables([tables["facilities"], row])}
    other = Book.create(tmp_path / "book", currency=book.currency).write(grown)
    found = [accounts_of(one, DAYS[0], link_kinds=kinds()).hash for one in (book, other)]
    assert (found[0] != found[1]) is moves
