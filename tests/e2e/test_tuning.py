"""A recipe is tuned, goes on where it ended, and is trained with what was found on exactly this panel."""

from dataclasses import replace
from datetime import date

import mlflow
import pytest

from creditscore.book import Book
from creditscore.book.simulation import Portfolio, simulate
from creditscore.domain import Workspace
from creditscore.errors import ParameterError
from creditscore.features import catalogue
from creditscore.models import LogisticCalibration, MonotoneForest
from creditscore.scoring import Bundle
from creditscore_training.folds import FoldPlan
from creditscore_training.gates import Gates
from creditscore_training.panel import build_panel
from creditscore_training.pipeline import train
from creditscore_training.recipes.trade_credit import RECIPE
from creditscore_training.tuning.choice import tuned_recipe
from creditscore_training.tuning.plan import Tuning
from creditscore_training.tuning.session import tune
from creditscore_training.tuning.space import Between

SEEN = ("overdue_ratio", "overdue_oldest_days", "payback_365d_ratio", "orders_365d_count", "cooperation_years")
SMALL = replace(
    RECIPE,
    name="small",
    features=tuple(one for one in catalogue() if one.name in SEEN),
    estimator=MonotoneForest(trees=20, leaves=8, depth=3, min_leaf=30, threads=1),
    calibration=LogisticCalibration(),
    gates=Gates(min_auc=0.5, calibration_slope=(0.1, 10.0), min_defaults=20),
    tuning=Tuning(
        trials=3, folds=FoldPlan(folds=2, min_defaults=1), space={"min_leaf": Between(20, 60)}, most_shift=5.0
    ),
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    place = Workspace(tmp_path_factory.mktemp("portfolio"))
    portfolio = Portfolio(customers=800, months=30, seed=1, first_month=date(2022, 1, 1))
    simulate(portfolio, book=place.book, truth=place.truth)
    return place


@pytest.fixture(scope="module")
def uris(workspace):
    """Return where studies and where runs are kept."""
    folder = workspace.root / "mlruns"
    return f"sqlite:///{folder / 'optuna.db'}", f"sqlite:///{folder / 'mlflow.db'}"


@pytest.fixture(scope="module")
def first(workspace, uris):
    return tune(SMALL, workspace, storage=uris[0], tracking_uri=uris[1])


def test_the_answer_names_the_best_trial_and_what_it_gains(first):
    assert len(first.trials) == 3
    assert first.own.number == 0
    assert first.best.feasible_flag
    said = " ".join(first.lines)
    assert f"Trial {first.best.number} is best" in said
    assert "3 of 3 trials" in said
    assert ("--tuned" in said) is not first.best.own_flag


def test_a_second_session_goes_on_and_begins_nothing_if_there_are_enough_trials(first, workspace, uris):
    again = tune(SMALL, workspace, storage=uris[0], tracking_uri=uris[1])
    assert (again.study, again.trials) == (first.study, first.trials)
    assert again.run_id != first.run_id


def test_a_session_leaves_one_run_with_the_table_of_trials_and_optunas_plots(first, uris):
    client = mlflow.MlflowClient(tracking_uri=uris[1])
    run = client.get_run(first.run_id)
    assert run.data.tags["study"] == first.study
    assert run.data.metrics["trial_count"] == 3
    assert run.data.metrics["best_auc"] == first.best.numbers["auc"]
    assert run.data.params["best.min_leaf"] == str(first.best.parameters["min_leaf"])
    kept = {item.path for folder in ("tables", "plots") for item in client.list_artifacts(first.run_id, folder)}
    drawn = ("optimization_history", "parameter_importances", "parallel_coordinate", "slice")
    assert kept == {"tables/trials.csv", *(f"plots/{name}.png" for name in drawn)}


def test_training_takes_the_best_trial_and_the_bundle_says_which(first, workspace, uris):
    result = train(replace(SMALL, tuned_in=uris[0]), workspace, tracking_uri=uris[1])
    origin = Bundle.open(result.bundle_folder, features=SMALL.features).training
    assert (origin["tuning_study"], origin["tuning_trial"]) == (first.study, str(first.best.number))
    run = mlflow.MlflowClient(tracking_uri=uris[1]).get_run(result.run_id)
    assert run.data.tags["tuning_study"] == first.study
    assert run.data.params["estimator.min_leaf"] == str(first.best.parameters["min_leaf"])


def test_tuned_parameters_of_another_panel_or_another_question_are_refused(first, workspace, uris):
    assert first.best is not None
    book = Book.open(workspace.book)
    earlier = replace(SMALL, observed_until=date(2024, 4, 30))
    for other in (earlier, replace(SMALL, seed=1)):
        with pytest.raises(ParameterError, match="no study of exactly this recipe and these development rows"):
            tuned_recipe(other, build_panel(book, other), storage=uris[0])


def test_a_study_in_which_every_trial_broke_a_rule_says_which_and_gives_nothing(workspace, uris):
    strict = replace(SMALL, tuning=replace(SMALL.tuning, trials=2, most_shift=1e-9))
    found = tune(strict, workspace, storage=uris[0], tracking_uri=uris[1])
    assert found.best is None
    assert "No trial is feasible; most often (2 trials) the rates shift too far" in found.lines[-1]
    with pytest.raises(ParameterError, match="None of 2 trials"):
        tuned_recipe(strict, build_panel(Book.open(workspace.book), strict), storage=uris[0])
