"""Two models of one portfolio: the second challenges, is compared, promoted and rolled back, in MLflow too."""

from datetime import date
from types import SimpleNamespace

import pytest
import typer
from typer.testing import CliRunner

from creditscore.book.simulation import Portfolio, simulate
from creditscore.cli import score
from creditscore.domain import Workspace
from creditscore.scoring import ScoreStore, champion_of, history_of, read_shadow_scores
from creditscore_training import commands

RECIPE = """
from dataclasses import replace
from creditscore.models import MonotoneForest
from creditscore_training.gates import Gates
from creditscore_training.recipes.trade_credit import RECIPE as SHIPPED

RECIPE = replace(
    SHIPPED,
    name="small",
    features=SHIPPED.features[:{features}],
    estimator=MonotoneForest(trees={trees}, min_leaf=30, threads=1),
    gates=Gates(min_auc=0.6, beats_logistic=False, calibration_slope=(0.2, 4.0), min_defaults=20),
)
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A portfolio with a champion and, trained after it, a challenger with fewer features; and what was said."""
    workspace = Workspace(tmp_path_factory.mktemp("portfolio"))
    portfolio = Portfolio(customers=800, months=30, seed=1, first_month=date(2022, 1, 1))
    simulate(portfolio, book=workspace.book, truth=workspace.truth)
    app = typer.Typer()
    commands.register(app)
    score.register(app)
    uri = f"sqlite:///{workspace.root / 'mlruns' / 'mlflow.db'}"
    runner = CliRunner(env={"COLUMNS": "300", "MLFLOW_TRACKING_URI": uri})

    def ask(*words):
        answer = runner.invoke(app, [*words, "-w", str(workspace.root)])
        assert answer.exit_code == 0, (answer.output, answer.exception)
        return answer.output

    trained = []
    for features, trees, options in ((40, 30, ()), (20, 15, ("--as", "challenger"))):
        path = workspace.root / f"recipe_{trees}.py"
        path.write_text(RECIPE.format(features=features, trees=trees), "utf-8")
        trained.append(ask("train", str(path), *options))
    return SimpleNamespace(workspace=workspace, ask=ask, trained=trained, uri=uri)


def aliases(place):
    from mlflow.tracking import MlflowClient  # noqa: PLC0415 - heavy

    found = MlflowClient(place.uri).get_registered_model("small").aliases
    return {alias: str(version) for alias, version in found.items()}


def test_a_second_model_challenges_the_first_in_the_workspace_and_in_the_registry(place):
    first, second = place.trained
    assert "version 1, champion" in first
    assert "version 2, challenger" in second
    assert aliases(place) == {"champion": "1", "challenger": "2"}
    lines = place.ask("models", "list").splitlines()
    assert "champion since" in lines[1]
    assert "5 of 5" in lines[1]
    assert lines[2].rstrip().endswith("challenger")


def test_both_are_compared_on_the_rows_of_their_tests(place):
    output = place.ask("models", "compare", "champion", "challenger")
    assert "Out of time for both" in output
    assert "paired DeLong by customer" in output
    assert "customers would change colour" in output


def test_the_daily_run_scores_both_and_serves_the_champion_alone(place):
    output = place.ask("score", "--as-of", "2024-06-30")
    assert "customers (" in output.splitlines()[-1]
    challenger = output.splitlines()[-1].split()[1]
    beside = read_shadow_scores(place.workspace, as_of=date(2024, 6, 30), challenger=challenger)
    with ScoreStore(place.workspace.store_url) as store:
        served = store.scores()
    assert served["log_odds"].tolist() == beside["champion_log_odds"].tolist()
    assert served["log_odds"].tolist() != beside["challenger_log_odds"].tolist()


def test_the_challenger_is_promoted_and_rolled_back_everywhere(place):
    before = champion_of(place.workspace)
    place.ask("models", "promote", "challenger", "--reason", "to see")
    assert aliases(place) == {"champion": "2"}
    assert champion_of(place.workspace).registry_version == "2"
    place.ask("models", "rollback")
    assert aliases(place) == {"champion": "1"}
    assert champion_of(place.workspace) == before
    assert [change.command for change in history_of(place.workspace)] == ["train", "promote", "rollback"]
