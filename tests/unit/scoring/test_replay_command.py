import json
from datetime import date

import pytest
import typer
from typer.testing import CliRunner

from creditscore.book import Book
from creditscore.cli import parity, replay
from creditscore.errors import ParameterError, StoreError
from creditscore.scoring import read_scores, score_portfolio
from creditscore.scoring.daily import scores_path

DAY = date(2023, 1, 31)


@pytest.fixture
def run(workspace):
    return score_portfolio(workspace, as_of=DAY)


@pytest.fixture
def ask(workspace):
    """Run ``creditscore replay`` or ``creditscore parity`` in the workspace."""
    app = typer.Typer()
    replay.register(app)
    parity.register(app)
    return lambda *words: CliRunner().invoke(app, [*words, "-w", str(workspace.root)])


def test_replay_says_that_a_day_is_identical(ask, run):
    result = ask("replay", "--as-of", f"{DAY}")
    assert result.exit_code == 0, result.output
    assert f"{run.customer_count} customers of {DAY}, run {run.run_id[:12]}: identical to the bit" in result.output


def test_replay_of_customers_prints_json(ask, run):
    result = ask("replay", "--run", run.run_id[:8], "--customer-id", "C0000001", "--customer-id", "C0000002", "--json")
    assert result.exit_code == 0, result.output
    record = json.loads(result.output)
    assert (record["run_id"], record["customer_ids"]) == (run.run_id, ["C0000001", "C0000002"])
    assert record["is_identical"]


def test_replay_of_an_unknown_customer_fails(ask, run):  # noqa: ARG001 - the day is to be scored
    assert isinstance(ask("replay", "--customer-id", "nobody").exception, ParameterError)


def test_replay_shows_what_differs_and_fails(ask, run, workspace):  # noqa: ARG001 - as above
    book = Book.open(workspace.book)
    book.write({"invoices": book.read("invoices").slice(200)})
    result = ask("replay")
    assert isinstance(result.exception, StoreError)
    assert "snapshot" in result.output
    assert "snapshot_hash" in result.output


def test_parity_prints_each_path_and_one_line(ask, run):
    result = ask("parity", "--sample", "2")
    assert result.exit_code == 0, result.output
    assert "notebook: one row at a time on 4 threads" in result.output
    assert f"run {run.run_id[:12]}: 11 paths, the same bits on each." in result.output


def test_parity_fails_where_a_path_differs(ask, run, workspace):  # noqa: ARG001 - as above
    scores = read_scores(workspace, as_of=DAY)
    scores.assign(grade="Z").to_parquet(scores_path(workspace, DAY), index=False)
    result = ask("parity", "--sample", "2")
    assert isinstance(result.exception, StoreError)
    assert "daily run: scores file: grade of C0000001" in result.output
    record = json.loads(ask("parity", "--sample", "2", "--json").stdout)
    assert [path["is_equal"] for path in record["paths"]] == [False, *[True] * 10]


def test_an_endpoint_that_runs_and_one_to_start_are_not_both_asked(ask):
    assert ask("parity", "--serve", "--url", "http://127.0.0.1:3000").exit_code == 2
