"""What would raise a score: each promise is held against a book in which it came true."""

import json
import shutil
from datetime import date, timedelta

import pandas as pd
import pyarrow as pa
import pytest
import typer
from typer.testing import CliRunner

from creditscore.book import TABLES, Book
from creditscore.cli import improve
from creditscore.domain import Colour, Workspace
from creditscore.errors import ParameterError, StoreError
from creditscore.scoring import (
    Remedy,
    counterfactuals,
    read_scores,
    read_snapshot,
    recorded_score,
    score_days,
    set_champion,
    write_bundle,
)
from creditscore.scoring.customer_facts import facts_of_customer
from creditscore.scoring.improvements.remedies import attempts, collected, open_invoices
from creditscore.scoring.improvements.trial import Trial

DAY = date(2023, 2, 20)
IN_ARREARS, GUARANTOR, UNTRADED = "C0000010", "C0000001", "C-new"


def rows_of(name, rows):
    return pa.Table.from_pylist([dict.fromkeys(TABLES[name].schema.names) | row for row in rows], TABLES[name].schema)


def arrears():
    """Return an invoice that has been open for so long that it is a default."""
    issued_on = DAY - timedelta(days=150)
    days = {"issued_on": issued_on, "due_on": DAY - timedelta(days=120), "known_on": issued_on}
    return [{"invoice_id": "arrears", "customer_id": IN_ARREARS, "amount": 90_000_000, "currency": "CNY", **days}]


def extended(workspace, added):
    """Add rows to the book of a workspace."""
    book = Book.open(workspace.book)
    book.write({name: pa.concat_tables([book.read(name), table]) for name, table in added.items()})


@pytest.fixture(scope="module")
def desk(template, contents, features_of_every_kind, tmp_path_factory):
    """A scored portfolio with a model of features of every kind, and a customer whose arrears are a default."""
    root = tmp_path_factory.mktemp("counterfactuals") / "portfolio"
    shutil.copytree(template.root, root)
    workspace = Workspace(root)
    stranger = {"customer_id": UNTRADED, "known_on": DAY - timedelta(days=9), "industry_code": "C13"}
    extended(workspace, {"invoices": rows_of("invoices", arrears()), "customers": rows_of("customers", [stranger])})
    write_bundle(workspace.bundles / "rich", contents=contents(7, features_of_every_kind))
    set_champion(workspace, "rich")
    score_days(workspace, [DAY])
    return workspace


@pytest.fixture
def copied(desk, tmp_path):
    """A copy to do harm to."""
    shutil.copytree(desk.root, tmp_path / "copied")
    return Workspace(tmp_path / "copied")


def trial_of(workspace, customer):
    recorded, book = recorded_score(workspace, customer), Book.open(workspace.book)
    return Trial(book, recorded, facts_of_customer(book, customer, as_of=DAY))


@pytest.fixture(scope="module")
def debtor(desk):
    """Return the customer that owes most invoices beyond their due day and is not in default."""
    snapshot = read_snapshot(desk, as_of=DAY).set_index("customer_id")
    late = snapshot[(snapshot["in_default_flag"] == 0) & (snapshot["disputed_open_ratio"] > 0)]
    return late["overdue_oldest_days"].idxmax()


@pytest.fixture(scope="module")
def told(desk):
    """Return what would end the default of the customer in arrears."""
    return counterfactuals(desk, IN_ARREARS)


def test_an_unchanged_twin_has_the_score_of_the_day_to_the_bit(desk, debtor):
    for customer in (IN_ARREARS, GUARANTOR, debtor):
        trial = trial_of(desk, customer)
        (outcome,) = trial.outcomes([{}])
        stored = trial.recorded.score
        assert (outcome.score, outcome.log_odds, outcome.colour) == tuple(
            stored[name] for name in ("score", "log_odds", "colour")
        )


@pytest.mark.parametrize(
    ("who", "remedy"),
    [
        ("debtor", Remedy.COLLECT_HALF),
        ("debtor", Remedy.SETTLE_DISPUTES),
        ("guarantor", Remedy.RELEASE_GUARANTEES),
        ("in arrears", Remedy.COLLECT_OVER_90D),
    ],
)
def test_a_promise_is_what_the_score_becomes_when_its_facts_come_true(copied, debtor, who, remedy):
    customer = {"debtor": debtor, "guarantor": GUARANTOR, "in arrears": IN_ARREARS}[who]
    trial = trial_of(copied, customer)
    attempt = next(one for one in attempts(trial.facts) if one.remedy == remedy)
    promised, (outcome,) = trial.rows([attempt.added]), trial.outcomes([attempt.added])
    extended(copied, attempt.added)
    score_days(copied, [DAY])
    became = recorded_score(copied, customer)
    assert [outcome.score, outcome.log_odds, outcome.colour] == [
        became.score[name] for name in ("score", "log_odds", "colour")
    ]
    features = promised.columns[2:]
    pd.testing.assert_frame_equal(promised[features], became.row[features].reset_index(drop=True), check_exact=True)
    assert not promised[features].equals(trial.recorded.row[features].reset_index(drop=True))


def test_what_a_customer_may_do_covers_money_disputes_and_guarantees(desk, debtor):
    remedies = {one.remedy for who in (debtor, GUARANTOR) for one in attempts(trial_of(desk, who).facts)}
    assert {Remedy.COLLECT_ALL, Remedy.COLLECT_OVERDUE, Remedy.SETTLE_DISPUTES, Remedy.RELEASE_GUARANTEES} <= remedies


def test_collecting_the_arrears_ends_the_default(told):
    found = {one.remedy: one for one in told.remedies}
    assert told.in_default
    assert told.now.score == 0 < found[Remedy.COLLECT_OVER_90D].after.score
    assert found[Remedy.COLLECT_OVER_90D].amount >= 90_000_000


def test_only_remedies_that_raise_the_score_are_told_the_most_for_the_amount_first(told):
    assert all(one.gain > 0 for one in told.remedies)
    worth = [one.gain / one.amount for one in told.remedies]
    assert worth == sorted(worth, reverse=True)


def test_the_smallest_amount_found_is_enough_and_a_little_less_is_not(desk, told):
    trial, enough = trial_of(desk, IN_ARREARS), told.next_colour
    invoices = open_invoices(trial.facts)
    less = enough.amount - sum(one.amount for one in invoices) // 400
    amounts = [collected(trial.facts, invoices, amount, remedy=enough.remedy) for amount in (less, enough.amount)]
    before, after = trial.outcomes([one.added for one in amounts])
    assert (before.colour, after) == (Colour.RED, enough.after)
    assert after.colour != Colour.RED


def test_a_green_customer_needs_no_better_colour(desk):
    scores = read_scores(desk, as_of=DAY)
    customer = scores[(scores["colour"] == "green") & (scores["exposure_amount"] > 0)]["customer_id"].iloc[0]
    found = counterfactuals(desk, customer, DAY)
    assert found.next_colour is None
    assert "The colour is the best already." in found.text()


def test_a_customer_without_a_ledger_has_nothing_to_be_done(desk):
    found = counterfactuals(desk, UNTRADED)
    assert (found.remedies, found.next_colour) == ((), None)
    assert "No remedy of the catalogue would raise the score." in found.text("en")
    assert "目录中的措施均不能提高评分。" in found.text("zh")


def test_the_book_is_only_read(copied):
    before = Book.open(copied.book)
    counterfactuals(copied, IN_ARREARS)
    assert Book.open(copied.book) == before
    assert {path.name for path in copied.book.glob("*.parquet")} >= set(before.files.values())


def test_what_was_learned_later_changes_nothing(copied, told):
    later = {
        "issued_on": DAY - timedelta(days=90),
        "due_on": DAY - timedelta(days=60),
        "known_on": DAY + timedelta(days=1),
    }
    bill = {"invoice_id": "later", "customer_id": IN_ARREARS, "amount": 5_000_000, "currency": "CNY", **later}
    paid = {"payment_id": "later", "invoice_id": "arrears", "paid_on": DAY, "amount": 90_000_000}
    extended(
        copied,
        {
            "invoices": rows_of("invoices", [bill]),
            "payments": rows_of("payments", [{**paid, "known_on": DAY + timedelta(days=1)}]),
        },
    )
    assert counterfactuals(copied, IN_ARREARS) == told


def test_a_book_that_has_learned_of_the_day_since_is_refused(copied):
    paid = {"payment_id": "late", "invoice_id": "arrears", "paid_on": DAY, "amount": 1_000, "known_on": DAY}
    extended(copied, {"payments": rows_of("payments", [paid])})
    with pytest.raises(StoreError, match="do not give its stored features to the bit"):
        counterfactuals(copied, IN_ARREARS)


def test_a_customer_that_was_not_scored_is_refused(desk):
    with pytest.raises(ParameterError, match="'C9'"):
        counterfactuals(desk, "C9")


def test_remedies_are_told_in_both_languages(told):
    assert "that is more than 90 days past due (1 invoice)" in told.text("en")
    assert "only what ends the default raises the score" in told.text("en")
    assert ", is enough for" in told.text("en")
    assert "收回逾期超过 90 天的" in told.text("zh")
    assert "客户处于违约状态" in told.text("zh")
    assert "即可转为" in told.text("zh")


def test_the_answer_is_a_record_that_json_knows(told):
    record = json.loads(json.dumps(told.as_record(), allow_nan=False))
    assert (record["as_of"], record["in_default"]) == (str(DAY), True)
    assert [one["remedy"] for one in record["remedies"]] == [str(one.remedy) for one in told.remedies]


def test_the_command_prints_remedies_and_what_is_enough(desk, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    app = typer.Typer()
    improve.register(app)
    result = CliRunner().invoke(app, [IN_ARREARS, "--as-of", str(DAY), "-w", str(desk.root)])
    assert result.exit_code == 0, result.output
    assert "Collect the 900,000.00 CNY that is more than 90 days past due" in result.output
    assert ", is enough for" in result.output
