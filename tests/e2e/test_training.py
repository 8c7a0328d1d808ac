"""A simulated portfolio is learned from, recorded and promoted; a refused model is recorded and not promoted."""

import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from creditscore.book import Book
from creditscore.book.simulation import Portfolio, simulate
from creditscore.domain import Workspace
from creditscore.models import BestCalibration, MonotoneForest
from creditscore.reporting import model_card
from creditscore.scoring import Bundle, champion_of, open_champion
from creditscore_training import commands
from creditscore_training.gates import Gates
from creditscore_training.pipeline import train
from creditscore_training.recipes.trade_credit import RECIPE

# Eight hundred customers: enough to learn from in seconds, too few for the gates of a portfolio.
SMALL = replace(
    RECIPE,
    name="small",
    estimator=MonotoneForest(trees=60, min_leaf=30, threads=1),
    calibration=BestCalibration(),
    gates=Gates(min_auc=0.6, calibration_slope=(0.4, 2.5), min_defaults=20),
)
REFUSED = """
from dataclasses import replace
from creditscore.models import MonotoneForest
from creditscore_training.gates import Gates
from creditscore_training.recipes.trade_credit import RECIPE as SHIPPED

RECIPE = replace(
    SHIPPED,
    name="small",
    estimator=MonotoneForest(trees=60, min_leaf=30, threads=1),
    gates=Gates(min_auc=0.99, min_defaults=20),
)
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    place = Workspace(tmp_path_factory.mktemp("portfolio"))
    portfolio = Portfolio(customers=800, months=30, seed=1, first_month=date(2022, 1, 1))
    simulate(portfolio, book=place.book, truth=place.truth)
    return place


@pytest.fixture(scope="module")
def tracking_uri(workspace):
    return f"sqlite:///{workspace.root / 'mlruns' / 'mlflow.db'}"


@pytest.fixture(scope="module")
def steps():
    return []


@pytest.fixture(scope="module")
def result(workspace, tracking_uri, steps):
    return train(SMALL, workspace, tracking_uri=tracking_uri, progress=lambda *step: steps.append(step))


@pytest.fixture(scope="module")
def mlflow_client(result, tracking_uri):
    assert result.registered_version
    from mlflow.tracking import MlflowClient  # noqa: PLC0415 - the record was made with it, and it is heavy

    return MlflowClient(tracking_uri)


@pytest.fixture(scope="module")
def refusal(result, workspace, tracking_uri):
    """The same recipe, copied to a file and given a gate that nothing passes, run by the command line."""
    assert result.promoted_flag
    path = workspace.root / "refused.py"
    path.write_text(REFUSED, "utf-8")
    app = typer.Typer()
    commands.register(app)
    arguments = ["train", str(path), "-w", str(workspace.root), "--tracking-uri", tracking_uri]
    return CliRunner(env={"COLUMNS": "400"}).invoke(app, arguments)


def test_a_model_that_passes_its_gates_becomes_the_champion(result, workspace):
    assert result.promoted_flag
    assert all(gate.passed for gate in result.gates)
    assert open_champion(workspace).folder == result.bundle_folder
    assert champion_of(workspace).registry_version == result.registered_version


def test_the_bundle_is_named_after_its_own_hash(result):
    bundle = Bundle.open(result.bundle_folder)
    assert result.bundle_folder.name == f"small-{bundle.hash[:12]}"


def test_the_forest_ranks_better_than_chance_out_of_time_and_on_strangers(result):
    assert result.metrics["auc_test_low"] > 0.5
    assert result.metrics["auc_test_unseen"] > 0.5
    assert result.metrics["auc_test_low"] < result.metrics["auc_test"] < result.metrics["auc_test_high"]


def test_every_observation_is_kept_or_counted(result):
    attrition = result.attrition
    assert attrition.immature_count > 0
    assert attrition.in_default_count > 0
    assert attrition.observed_count == attrition.immature_count + attrition.in_default_count + attrition.kept_count


def test_the_evaluation_holds_the_three_periods_in_order_and_strangers_in_the_test_alone(result):
    evaluation = Bundle.open(result.bundle_folder).evaluation()
    days = evaluation.groupby("split")["as_of"].agg(["min", "max"])
    assert days.loc["development", "max"] < days.loc["calibration", "min"]
    assert days.loc["calibration", "max"] < days.loc["test", "min"]
    unseen = set(evaluation.loc[evaluation["unseen_flag"], "customer_id"])
    assert unseen
    assert unseen.isdisjoint(evaluation.loc[evaluation["split"] != "test", "customer_id"])
    assert evaluation["default_flag"].isin([0.0, 1.0]).all()
    assert evaluation[["pd_12m", "pd_logistic", "pd_single"]].gt(0).all(axis=None)


def test_the_evaluation_of_the_bundle_is_what_its_model_says(result):
    bundle = Bundle.open(result.bundle_folder)
    evaluation = bundle.evaluation()
    np.testing.assert_allclose(evaluation["pd_12m"], 1 / (1 + np.exp(-evaluation["log_odds"])), rtol=1e-12)
    reference = bundle.reference()
    scored = reference[["customer_id", "as_of"]].assign(
        log_odds=bundle.model.log_odds(reference[list(bundle.feature_names)].to_numpy(np.float64))
    )
    both = scored.merge(evaluation, on=["customer_id", "as_of"], suffixes=("_now", "_then"), validate="1:1")
    assert len(both) == len(reference)
    assert (both["log_odds_now"] == both["log_odds_then"]).all()


def test_progress_tells_of_every_long_step_to_its_end(result, steps):
    assert result.run_id
    last = {step: (done, total) for step, done, total in steps}
    assert {"features", "models fitted", "record in MLflow"} <= set(last)
    assert all(done == total for done, total in last.values())


def test_mlflow_holds_the_recipe_the_metrics_and_where_the_data_came_from(result, mlflow_client, workspace):
    data = mlflow_client.get_run(result.run_id).data
    assert data.params["definition.horizon_months"] == "12"
    assert data.params["estimator.trees"] == "60"
    assert data.metrics["auc_test"] == pytest.approx(result.metrics["auc_test"])
    assert data.metrics["immature_count"] == result.attrition.immature_count
    assert data.tags["book_fingerprint"] == Book.open(workspace.book).fingerprint
    assert data.tags["bundle"] == result.bundle_folder.name


def test_mlflow_holds_plots_tables_gates_and_the_bundle(result, mlflow_client, tmp_path):
    mlflow_client.download_artifacts(result.run_id, "", str(tmp_path))
    plots = {path.name for path in (tmp_path / "plots").iterdir()}
    assert plots == {"roc.png", "calibration.png", "scores.png", "feature_importances.png"}
    assert all(path.stat().st_size > 5_000 for path in (tmp_path / "plots").iterdir())
    importances = pd.read_csv(tmp_path / "tables" / "feature_importances.csv")
    assert set(importances["feature"]) == set(SMALL.feature_names)
    assert importances["mean_contribution"].is_monotonic_decreasing
    periods = pd.read_csv(tmp_path / "tables" / "periods.csv").set_index("split")
    assert periods.loc["development", "overlap_count"] > 0
    candidates = pd.read_csv(tmp_path / "tables" / "calibration_candidates.csv").set_index("kind")
    assert candidates["chosen_flag"].sum() == 1
    assert candidates["log_loss"].between(0, 1).all()
    gates = json.loads((tmp_path / "gates.json").read_text("utf-8"))["gates"]
    assert [gate["name"] for gate in gates] == [gate.name for gate in result.gates]
    assert Bundle.open(tmp_path / "bundle").hash == Bundle.open(result.bundle_folder).hash


def test_the_model_card_lies_beside_the_bundle_and_with_the_run_and_names_the_appointment(
    result, mlflow_client, workspace, tmp_path
):
    card = (workspace.bundles / f"card-{result.bundle_folder.name}.md").read_text("utf-8")
    assert "| train | nobody |" in card
    assert "| estimator.trees | 60 |" in card
    kept = mlflow_client.download_artifacts(result.run_id, "model_card.md", str(tmp_path))
    assert Path(kept).read_text("utf-8") == card
    assert model_card(workspace, Bundle.open(result.bundle_folder)) == card


def test_the_registered_model_loads_without_a_pickle_and_agrees_with_the_bundle(result, tracking_uri, monkeypatch):
    import mlflow  # noqa: PLC0415 - heavy

    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    before = os.environ.get("MLFLOW_TRACKING_URI")
    mlflow.set_tracking_uri(tracking_uri)
    try:
        model = mlflow.pyfunc.load_model("models:/small@champion")
    finally:
        mlflow.set_tracking_uri(None)
    bundle = Bundle.open(result.bundle_folder)
    rows = bundle.reference().head(50)[list(bundle.feature_names)]
    answer = model.predict(rows)
    assert answer["pd_12m"].tolist() == bundle.model.default_probability(rows.to_numpy(np.float64)).tolist()
    assert not list(Path(tracking_uri.removeprefix("sqlite:///")).parent.rglob("*.pkl"))
    assert os.environ.get("MLFLOW_TRACKING_URI") == before


def test_the_registered_model_refuses_rows_that_lack_a_feature(result, tracking_uri):
    import mlflow  # noqa: PLC0415 - heavy

    mlflow.set_tracking_uri(tracking_uri)
    try:
        model = mlflow.pyfunc.load_model(f"models:/small/{result.registered_version}")
    finally:
        mlflow.set_tracking_uri(None)
    bundle = Bundle.open(result.bundle_folder)
    rows = bundle.reference().head(2)[list(bundle.feature_names)[1:]]
    with pytest.raises(mlflow.MlflowException, match=bundle.feature_names[0]):
        model.predict(rows)


def test_a_refused_model_says_why_and_exits_with_3(refusal):
    assert refusal.exit_code == 3, refusal.output
    assert "REFUSED" in refusal.output
    assert "at least 0.990 is asked for" in refusal.output
    assert "not promoted" in refusal.output


def test_a_refused_model_is_recorded_and_the_champion_stays(refusal, result, mlflow_client, workspace):
    assert refusal.exit_code == 3
    assert {one.version for one in mlflow_client.search_model_versions("name='small'")} == {1, 2}
    assert str(mlflow_client.get_model_version_by_alias("small", "champion").version) == result.registered_version
    assert champion_of(workspace).registry_version == result.registered_version


def test_the_same_book_and_choices_give_the_same_bundle_to_the_last_bit(refusal, workspace, result):
    assert refusal.exit_code == 3
    folders = [path for path in workspace.bundles.iterdir() if path.is_dir()]
    first, second = sorted(folders, key=lambda folder: folder != result.bundle_folder)
    # What the gates said is part of a bundle, and is all in which these two differ.
    without_gates = [{**Bundle.open(folder).manifest, "gates": ()} for folder in (first, second)]
    assert without_gates[0] == without_gates[1]
    assert [gate.name for gate in Bundle.open(second).gates if not gate.passed] == ["ranks_well_enough"]
