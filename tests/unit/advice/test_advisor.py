"""Advice on the small simulated portfolio: point in time, and the daily score is its base."""

from datetime import date

import pytest
from typer.testing import CliRunner

from creditscore.advice import Advice, Advisor, Refusal, Request, advise, set_scenario, write_scenario
from creditscore.book import Book
from creditscore.cli.app import build
from creditscore.errors import BundleError, ParameterError
from creditscore.policy import load_policy
from creditscore.scoring import read_scores, score_portfolio

DAY = date(2023, 1, 31)
BULK = Request(purpose="bulk_purchase", amount=1_000_000)
LONGER = Request(purpose="term_extension", term_days=75, max_default_probability=0.9)


@pytest.fixture
def advisor(advised):
    return Advisor.open(advised, as_of=DAY)


@pytest.fixture
def answers(advisor):
    """Return the answers to a small bulk purchase of the first customers that are known on the day."""
    rows = advisor.book.read("customers").to_pylist()
    customers = sorted({row["customer_id"] for row in rows if row["known_on"] <= DAY})[:12]
    advisor.look_up(customers)
    return {customer: advisor.advise(customer, BULK) for customer in customers}


def given(answers, kind):
    return {customer: answer for customer, answer in answers.items() if isinstance(answer, kind)}


def test_without_the_request_the_customer_stands_where_the_daily_run_puts_it(advised, answers):
    score_portfolio(advised, as_of=DAY)
    daily = read_scores(advised, as_of=DAY).set_index("customer_id")
    advice = given(answers, Advice)
    assert len(advice) >= 3
    for customer, answer in advice.items():
        assert answer.without.log_odds == daily.loc[customer, "log_odds"]
        assert answer.without.score == daily.loc[customer, "score"]
        assert str(answer.without.colour) == daily.loc[customer, "colour"]
        assert answer.exposure_amount == daily.loc[customer, "exposure_amount"] + BULK.amount


def test_every_answer_names_what_made_it(advised, advisor, answers):
    scenario = advisor.scenario("bulk_purchase")
    for answer in answers.values():
        assert answer.provenance.as_of == DAY
        assert answer.provenance.base_bundle_hash == advisor.base.hash
        assert answer.provenance.scenario_bundle_hash == scenario.hash
        assert answer.provenance.policy_hash == load_policy(advised.policy).hash


def test_what_becomes_known_after_the_day_changes_no_answer(advised, answers):
    book = Book.open(advised.book)
    earlier = {}
    for name in ("invoices", "payments", "facilities", "events"):
        table = book.read(name)
        known = table["known_on"].to_pylist()
        earlier[name] = table.filter([day <= DAY for day in known])
        assert len(earlier[name]) < len(table)
    book.write(earlier)
    again = Advisor.open(advised, as_of=DAY)
    again.look_up(list(answers))
    assert {customer: again.advise(customer, BULK) for customer in answers} == answers


def test_a_customer_in_default_is_refused(advised):
    events = Book.open(advised.book).read("events").to_pandas()
    failed = events.query("kind == 'default'").sort_values("known_on").iloc[0]
    answer = advise(advised, failed["customer_id"], BULK)
    assert isinstance(answer, Refusal)
    assert answer.reason.code == "N02"
    assert answer.reason.zh


def test_a_customer_without_enough_history_is_refused(advised, scenario_contents, answers):
    set_scenario(advised, write_scenario(advised, scenario_contents("bulk_purchase", min_history_days=5_000)))
    customer = next(iter(given(answers, Advice)))
    assert advise(advised, customer, BULK, as_of=DAY).reason.code == "N01"


def test_a_term_extension_is_measured_on_a_usual_month(advisor, answers):
    for customer in given(answers, Advice):
        answer = advisor.advise(customer, LONGER)
        if isinstance(answer, Advice):
            assert answer.amount > 0
            assert answer.term_days == 75
            assert answer.longest_term_days.value is None or answer.longest_term_days.value >= 1


def test_the_same_question_has_the_same_answer_anew(advised, answers):
    customer = next(iter(answers))
    assert advise(advised, customer, BULK, as_of=DAY) == answers[customer]


def test_an_unknown_customer_is_an_error_and_no_refusal(advisor):
    with pytest.raises(ParameterError, match="not known"):
        advisor.advise("nobody", BULK)


def test_a_day_before_what_the_scenario_model_learned_is_refused(advised):
    with pytest.raises(ParameterError, match="2022-12-31"):
        advise(advised, "C0000001", BULK, as_of=date(2022, 11, 30))


def test_without_a_scenario_model_there_is_no_answer(workspace):
    with pytest.raises(BundleError, match="creditscore train bulk_purchase"):
        advise(workspace, "C0000001", BULK)


def test_the_command_says_the_answer_in_the_language_asked_for(advised, answers):
    customer, answer = next((one, found) for one, found in given(answers, Advice).items() if found.reasons)
    words = ["advise", customer, "--purpose", "bulk_purchase", "--amount", "1000000", "--as-of", str(DAY)]
    said = CliRunner().invoke(build(), [*words, "-w", str(advised.root), "--lang", "zh"])
    assert said.exit_code == 0
    assert f"reserve {answer.reserve_amount}" in said.output
    assert answer.reasons[0].zh in said.output


def test_a_language_that_nobody_wrote_is_refused_before_anything_is_read():
    said = CliRunner(env={"COLUMNS": "200"}).invoke(
        build(), ["advise", "C1", "--purpose", "bulk_purchase", "--lang", "fr"]
    )
    assert said.exit_code == 2
    assert "There is no 'fr'. Choose one of en, zh." in said.output


def test_the_command_ends_with_exit_code_3_where_there_is_no_answer(advised, answers):
    customer = next(iter(given(answers, Advice)))
    words = ["advise", customer, "--purpose", "bulk_purchase", "--amount", "900000000000", "--as-of", str(DAY)]
    said = CliRunner().invoke(build(), [*words, "-w", str(advised.root)])
    assert said.exit_code == 3
    assert said.output.startswith("no answer: N0")
