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
from creditscore_training import commands, loading, pipeline
from creditscore_training.gates import GateResult
from creditscore_training.scenarios import pipeline as scenarios

HEAVY = ("pandas", "sklearn", "lightgbm", "mlflow", "ibis", "matplotlib")


@pytest.fixture
def app():
    application = typer.Typer()
    commands.register(application)
    return application


@pytest.fixture
def trained(monkeypatch):
    """Replace the training itself, and remember what it was asked for."""
    asked = SimpleNamespace(promoted_flag=True)

    def pretend(recipe, workspace, *, as_of, tracking_uri, progress, engine):
        progress("features", 1, 1)
        asked.as_of, asked.engine = as_of, engine
        asked.recipe, asked.workspace, asked.tracking_uri = recipe.name, workspace.root, tracking_uri
        gates = (GateResult("ranks_well_enough", asked.promoted_flag, "The AUC is what it is."),)
        return SimpleNamespace(gates=gates, summary="the summary", promoted_flag=asked.promoted_flag)

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


def test_without_a_workspace_the_current_folder_is_meant(app, trained):
    assert CliRunner().invoke(app, ["train", "trade_credit"]).exit_code == 0
    assert (trained.workspace, trained.as_of, trained.tracking_uri) == (Path(), None, None)


def test_a_refused_model_ends_with_exit_code_3(app, trained):
    trained.promoted_flag = False
    answer = CliRunner().invoke(app, ["train", "trade_credit"])
    assert answer.exit_code == commands.REFUSED == 3
    assert "REFUSED  The AUC is what it is." in answer.output


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
