import json
from datetime import date

import pytest
import typer
from typer.testing import CliRunner

from creditscore.cli import explain
from creditscore.errors import StoreError
from creditscore.scoring import explain_change, read_scores, score_days

BEFORE, AFTER = date(2023, 1, 20), date(2023, 1, 31)


@pytest.fixture
def ask(workspace, monkeypatch):
    """Run ``creditscore explain`` for a customer whose score moved between two days."""
    monkeypatch.setenv("COLUMNS", "160")
    score_days(workspace, [BEFORE, AFTER])
    app = typer.Typer()
    explain.register(app)
    return lambda *words: CliRunner().invoke(app, [customer(workspace), *words, "-w", str(workspace.root)])


def customer(workspace):
    before, after = (read_scores(workspace, as_of=day).set_index("customer_id")["score"] for day in (BEFORE, AFTER))
    return (after - before).abs().idxmax()


def test_a_single_day_tells_what_lowers_and_what_raises_the_score(ask):
    for words in ((), (str(AFTER),)):
        result = ask(*words)
        assert result.exit_code == 0, result.output
        assert "on 2023-01-31" in result.output
        assert "What lowers the score" in result.output


def test_two_days_tell_the_change(ask):
    result = ask(str(BEFORE), str(AFTER))
    assert result.exit_code == 0, result.output
    assert "on 2023-01-20" in result.output
    assert "The customer's own data" in result.output


def test_the_answer_comes_in_chinese(ask):
    assert "客户自身数据" in ask(str(BEFORE), str(AFTER), "--lang", "zh").output


def test_json_holds_the_whole_answer(ask, workspace):
    answer = json.loads(ask(str(BEFORE), str(AFTER), "--json").output)
    assert answer == explain_change(workspace, customer(workspace), BEFORE, AFTER).as_record()


def test_a_failure_reaches_the_caller_as_the_librarys_error(ask):
    assert isinstance(ask("2023-01-21").exception, StoreError)
