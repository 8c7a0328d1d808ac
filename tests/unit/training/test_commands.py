"""The command line learns of `train` without paying for it."""

import subprocess
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer
from typer.testing import CliRunner

from creditscore.errors import ParameterError
from creditscore.scoring import GateResult
from creditscore_training import commands, loading, pipeline
from creditscore_training.recipes.trade_credit import RECIPE
from creditscore_training.role import Role
from creditscore_training.scenarios import pipeline as scenarios
from creditscore_training.standing import Standing
from creditscore_training.tuning import session
from creditscore_training.tuning.study import DEFAULT_STORAGE

HEAVY = ("pandas", "sklearn", "lightgbm", "mlflow", "ibis", "matplotlib", "optuna")


@pytest.fixture
def app():
    application = typer.Typer()
    commands.register(application)
    return application


@pytest.fixture
def trained(monkeypatch):
    """Replace the training itself, and remember what it was asked for."""
    asked = SimpleNamespace(role=Role.CHAMPION)

    def pretend(recipe, workspace, *, as_of, tracking_uri, progress, engine):
        progress("features", 1, 1)
        asked.as_of, asked.engine, asked.tuned_in = as_of, engine, getattr(recipe, "tuned_in", None)
        asked.recipe, asked.workspace, asked.tracking_uri = recipe.name, workspace.root, tracking_uri
        asked.wished = getattr(recipe, "role", None)
        gates = (GateResult("ranks_well_enough", asked.role is not None, "The AUC is what it is."),)
        return SimpleNamespace(gates=gates, summary="the summary", standing=Standing(asked.role, "This is why."))

    monkeypatch.setattr(pipeline, "train", pretend)
    return asked


def test_registering_the_command_imports_nothing_heavy():
    code = f"import sys; import creditscore_training.commands; print([m for m in {HEAVY} if m in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_the_command_passes_on_what_it_was_given_and_says_what_was_found(app, trained, tmp_path):
    answer = CliRunner().invoke(
        app, ["train", "trade_credit", "-w", str(tmp_path), "--tracking-uri", "sqlite:///x.db", "--as-of", "2024-11-30"]
    )
    assert answer.exit_code == 0
    assert (trained.recipe, trained.workspace, trained.tracking_uri) == ("trade_credit", tmp_path, "sqlite:///x.db")
    assert trained.as_of == date(2024, 11, 30)
    assert "passed  The AUC is what it is." in answer.output
    assert "the summary" in answer.output
    assert "This is why." in answer.output


def test_without_a_workspace_the_current_folder_is_meant(app, trained):
    assert CliRunner().invoke(app, ["train", "trade_credit"]).exit_code == 0
    assert (trained.workspace, trained.as_of, trained.tracking_uri) == (Path(), None, None)


def test_a_refused_model_ends_with_exit_code_3(app, trained):
    trained.role = None
    answer = CliRunner().invoke(app, ["train", "trade_credit"])
    assert answer.exit_code == commands.REFUSED == 3
    assert "REFUSED  The AUC is what it is." in answer.output


def test_a_model_that_becomes_challenger_is_a_success(app, trained):
    trained.role = Role.CHALLENGER
    assert CliRunner().invoke(app, ["train", "trade_credit"]).exit_code == 0
    assert trained.wished is Role.CHAMPION


def test_a_model_may_be_asked_to_challenge_whatever_its_recipe_says(app, trained):
    assert CliRunner().invoke(app, ["train", "trade_credit", "--as", "challenger"]).exit_code == 0
    assert trained.wished is Role.CHALLENGER


def test_an_unknown_recipe_is_an_expected_failure(app):
    answer = CliRunner().invoke(app, ["train", "nothing"])
    assert isinstance(answer.exception, ParameterError)
    assert "trade_credit" in str(answer.exception)
    assert loading.shipped_names() == ("bulk_purchase", "term_extension", "trade_credit")


def test_a_scenario_recipe_is_carried_out_on_top_of_the_champion(app, trained, monkeypatch):
    monkeypatch.setattr(scenarios, "train_scenario", pipeline.train)
    answer = CliRunner().invoke(app, ["train", "bulk_purchase"])
    assert answer.exit_code == 0
    assert trained.recipe == "bulk_purchase"


@pytest.mark.parametrize(("given", "meant"), [([], None), (["--tuned"], commands.STUDIES)])
def test_tuned_parameters_are_taken_only_if_asked_for(app, trained, given, meant):
    assert CliRunner().invoke(app, ["train", "trade_credit", *given]).exit_code == 0
    assert trained.tuned_in == meant


@pytest.fixture
def tuned(monkeypatch):
    """Replace the tuning itself, and remember what it was asked for."""
    asked = SimpleNamespace()

    def pretend(recipe, workspace, *, as_of, storage, tracking_uri, progress):
        progress("trials", 1, 1)
        asked.plan, asked.workspace, asked.as_of = recipe.tuning, workspace.root, as_of
        asked.storage, asked.tracking_uri = storage, tracking_uri
        return SimpleNamespace(lines=("Trial 3 is best.", "Use it."))

    monkeypatch.setattr(session, "tune", pretend)
    return asked


def test_tuning_passes_on_what_it_was_given_and_says_what_was_found(app, tuned, tmp_path):
    given = ["--trials", "7", "--timeout", "30", "--storage", "sqlite:///s.db", "--as-of", "2024-11-30"]
    answer = CliRunner().invoke(app, ["tune", "trade_credit", "-w", str(tmp_path), *given])
    assert answer.exit_code == 0
    assert (tuned.plan.trials, tuned.plan.timeout_seconds, tuned.storage) == (7, 30, "sqlite:///s.db")
    assert (tuned.workspace, tuned.as_of, tuned.tracking_uri) == (tmp_path, date(2024, 11, 30), None)
    assert "Trial 3 is best." in answer.output


def test_a_tuning_without_options_follows_the_recipe_and_the_default_storage(app, tuned):
    assert CliRunner().invoke(app, ["tune", "trade_credit"]).exit_code == 0
    assert (tuned.plan, tuned.storage) == (RECIPE.tuning, commands.STUDIES)
    assert commands.STUDIES == DEFAULT_STORAGE
