"""What ``creditscore models`` says, with a registry and without one."""

from dataclasses import replace

import pytest
import typer
from typer.testing import CliRunner

from creditscore.cli.models import ModelCommands
from creditscore.errors import ParameterError
from creditscore.scoring import (
    GateResult,
    add_registration,
    bundle_named,
    challenger_of,
    champion_of,
    history_of,
    write_bundle,
)

PASSED = GateResult("ranks_well_enough", passed=True, sentence="It does.")


@pytest.fixture
def workspace(workspace, contents):
    made = replace(
        contents(seed=3), gates=(PASSED,), metrics={"auc_test": 0.8, "auc_test_low": 0.7, "auc_test_high": 0.9}
    )
    add_registration(workspace, write_bundle(workspace.bundles / "third", contents=made), "3")
    return workspace


@pytest.fixture
def told():
    return []


@pytest.fixture
def ask(workspace, told):
    """Run ``creditscore models`` where a registry is at hand."""

    def registry_at(uri):
        told.append(uri)
        return told.extend

    return asked(ModelCommands(registry_at=registry_at), workspace)


@pytest.fixture
def ask_alone(workspace):
    """Run it where training is not installed."""
    return asked(ModelCommands(), workspace)


def asked(commands, workspace):
    app = typer.Typer()
    app.add_typer(commands.app(), name="models")
    runner = CliRunner(env={"COLUMNS": "300"})
    return lambda *words: runner.invoke(app, ["models", *words, "-w", str(workspace.root)])


def test_every_bundle_is_listed_with_what_it_is(ask):
    ask("challenge", "third")
    lines = ask("list").output.splitlines()
    assert lines[1].startswith("first")
    assert "champion since" in lines[1]
    assert "not known" in lines[1]
    assert "0.800 (0.700 to 0.900)" in lines[2]
    assert "1 of 1" in lines[2]
    assert lines[2].rstrip().endswith("challenger")
    assert lines[-1] == "3 bundles, 0 of them broken."


def test_a_broken_bundle_is_listed_with_its_trouble(ask, workspace):
    (workspace.bundles / "second" / "reference.parquet").unlink()
    output = ask("list").output
    assert "second cannot be used: reference.parquet is missing." in output
    assert "3 bundles, 1 of them broken." in output


def test_a_promotion_is_told_to_the_registry_and_said(ask, told, workspace):
    answer = ask("promote", "third", "--reason", "It is better.", "--tracking-uri", "sqlite:///x.db")
    assert answer.exit_code == 0, answer.output
    assert answer.output.splitlines() == [
        "third is champion; before it was first.",
        "Registry: tiny@champion is version 3, tiny@challenger is nobody.",
    ]
    assert told[0] == "sqlite:///x.db"
    assert history_of(workspace)[-1].reason == "It is better."


def test_a_promotion_without_training_changes_the_workspace_and_says_so(ask_alone, workspace):
    answer = ask_alone("promote", "third")
    assert champion_of(workspace).folder_name == "third"
    assert "No registry was told: its aliases are moved where the extra `training` is installed." in answer.output


def test_the_workspace_alone_can_be_changed(ask, told, workspace):
    answer = ask("promote", "third", "--without-registry")
    assert champion_of(workspace).folder_name == "third"
    assert told == []
    assert "The registry was not told, as asked" in answer.output


def test_a_version_that_nobody_has_told_is_said(ask):
    answer = ask("promote", "second", "--despite-gates", "the committee agreed")
    assert "tiny@champion is nobody" in answer.output
    assert "nobody has told" in answer.output


def test_a_bundle_without_gates_needs_a_reason(ask, workspace):
    assert isinstance(ask("promote", "second").exception, ParameterError)
    assert champion_of(workspace).folder_name == "first"


def test_a_rollback_returns_to_the_champion_before(ask, workspace):
    ask("promote", "third")
    assert "first is champion; before it was third." in ask("rollback", "--reason", "It was worse.").output
    assert champion_of(workspace).folder_name == "first"


def test_a_challenge_is_begun_and_ended(ask, workspace):
    assert "third is challenger; before it was nobody." in ask("challenge", "third").output
    assert challenger_of(workspace).folder_name == "third"
    assert "Nobody is challenger; before it was third." in ask("challenge", "--off").output
    assert challenger_of(workspace) is None


@pytest.mark.parametrize("words", [("challenge",), ("challenge", "third", "--off")])
def test_a_challenge_names_a_bundle_or_is_ended(ask, words):
    assert ask(*words).exit_code == 2


def test_a_comparison_says_who_ranks_better_and_who_would_change_colour(ask, workspace, contents):
    rows = contents(seed=1).evaluation.assign(log_odds=lambda frame: (50 - frame["score"]) / 20)
    other = rows.assign(log_odds=-rows["log_odds"])
    for name, frame in (("fair", rows), ("foul", other)):
        write_bundle(workspace.bundles / name, contents=replace(contents(seed=1), evaluation=frame))
    output = ask("compare", "fair", "foul").output
    assert f"Out of time for both: {len(rows):,} rows of {rows['customer_id'].nunique()} customers" in output
    assert "fair ranks better" in output
    assert "customers would change colour" in output
    assert "The daily run has not scored them beside each other." in output
    assert bundle_named(workspace, "fair").hash[:12] not in output
