"""``creditscore apply``: the record that is printed is that of the served score and of the account of its day."""

import json
from datetime import date

import pytest
import typer
from typer.testing import CliRunner

from creditscore.accounts import affiliations, histories, limits_in_force, open_receivables, segments
from creditscore.book import Book
from creditscore.cli import apply
from creditscore.decisions import Application, Freeze, follow_alerts, freezes
from creditscore.errors import NotScoredError
from creditscore.policy import load_policy
from creditscore.scoring import ScoreStore, apply_for_credit, last_scored_day, read_scores, score_days

BEFORE, AFTER = date(2023, 1, 20), date(2023, 1, 31)


@pytest.fixture
def served(workspace):
    score_days(workspace, [BEFORE, AFTER])
    return workspace


@pytest.fixture
def ask(served, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    app = typer.Typer()
    apply.register(app)
    asked = ["--amount", "5000000", "--term-days", "60", "-w", str(served.root)]
    return lambda *words: CliRunner().invoke(app, [customer(served), *words, *asked])


def customer(workspace):
    """Return a customer that has a limit, of the many that do."""
    limited = limits_in_force(Book.open(workspace.book), AFTER).dropna()
    return read_scores(workspace, as_of=AFTER).merge(limited, on="customer_id")["customer_id"].iloc[0]


def application(workspace, **changes):
    asked = {"applied_on": AFTER, "amount": 5_000_000, "term_days": 60} | changes
    return Application(customer_id=customer(workspace), **asked)


def row(frame, customer_id):
    return frame.set_index("customer_id").loc[customer_id]


def test_a_record_holds_the_served_score_and_the_account_of_its_day(served):
    record = apply_for_credit(served, application(served))
    known, book = record.applicant, Book.open(served.book)
    with ScoreStore(served.store_url) as store:
        score = store.score(known.customer_id, AFTER)
    past, limit = row(histories(book, AFTER), known.customer_id), row(limits_in_force(book, AFTER), known.customer_id)
    assert (known.as_of, known.score, known.grade, known.colour) == (
        AFTER,
        score["score"],
        score["grade"],
        score["colour"],
    )
    assert (known.default_probability, known.exposure_amount) == (score["pd_12m"], score["exposure_amount"])
    assert (known.cooperation_years, known.payback_ratio) == (past["cooperation_years"], past["payback_ratio"])
    assert (known.limit_amount, known.agreed_term_days) == (limit["limit_amount"], limit["term_days"])
    assert known.industry_code == row(segments(book, AFTER), known.customer_id)["industry_code"]
    assert record.policy_hash == store.latest_run().policy_hash


def test_an_application_is_decided_by_the_last_day_scored_before_it_or_on_it(served):
    assert last_scored_day(served) == AFTER
    days = {date(2023, 1, 20): BEFORE, date(2023, 1, 30): BEFORE, AFTER: AFTER, date(2023, 2, 10): AFTER}
    for applied_on, as_of in days.items():
        assert apply_for_credit(served, application(served, applied_on=applied_on)).applicant.as_of == as_of


def test_a_customer_that_a_red_alert_reaches_is_frozen_with_its_path(served):
    book, red = Book.open(served.book), load_policy().alerts.red
    alerts = follow_alerts(open_receivables(book, AFTER), load_policy().alerts, as_of=AFTER)
    frozen = freezes(alerts, affiliations(book, AFTER, kinds=red.freeze_links), red=red)
    scored = frozen[frozen["customer_id"].isin(read_scores(served, as_of=AFTER)["customer_id"])].iloc[0]
    asked = Application(customer_id=scored["customer_id"], applied_on=AFTER, amount=1, term_days=1)
    record = apply_for_credit(served, asked)
    assert record.applicant.freeze == Freeze(cause_id=scored["cause_id"], path=scored["path"])
    assert (record.route, record.allowed_amount) == ("committee", 0)


def test_before_the_first_day_scored_and_for_a_stranger_nothing_is_decided(served):
    with pytest.raises(NotScoredError, match="No day was scored until 2023-01-19"):
        apply_for_credit(served, application(served, applied_on=date(2023, 1, 19)))
    with pytest.raises(NotScoredError, match="This customer was not scored as of 2023-01-31"):
        apply_for_credit(served, Application(customer_id="nobody", applied_on=AFTER, amount=1, term_days=1))


def test_without_a_score_there_is_no_day(workspace):
    with pytest.raises(NotScoredError, match="There are no scores yet"):
        last_scored_day(workspace)


def test_the_command_tells_route_levels_deadlines_conditions_and_reasons(ask, served):
    result = ask("--dispute")
    assert result.exit_code == 0, result.output
    record = apply_for_credit(served, application(served, disputed_on=AFTER))
    lines = result.output.splitlines()
    assert lines[0] == f"referred: {record.route} by {record.rule.key}, {record.rule.en}"
    assert "dispute ruled by 2023-02-01: credit_committee" in lines
    assert f"at most {record.allowed_amount} on {record.allowed_term_days} days" in lines
    assert [line for line in lines if line.startswith("condition")] == [
        f"condition: {one.en}" for one in record.conditions
    ]
    assert [f"{reason.code} {reason.en}" for reason in record.reasons] == lines[-1 - len(record.reasons) : -1]
    assert lines[-1] == f"policy {record.policy_version}, record {record.record_id[:12]}"


def test_the_answer_comes_in_chinese(ask, served):
    record = apply_for_credit(served, application(served))
    assert record.rule.zh in ask("--lang", "zh").output


def test_json_is_the_whole_record(ask, served):
    answer = json.loads(ask("--json", "--applied-on", "2023-02-10").output)
    assert answer == apply_for_credit(served, application(served, applied_on=date(2023, 2, 10))).to_record()


def test_a_day_without_an_announcement_is_told(ask):
    assert ", if no holiday is announced before" in ask("--applied-on", "2027-03-01").output
