"""The record of a session of tuning in MLflow: the best parameters, all trials as a table, and Optuna's plots."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict

import matplotlib as mpl
import numpy as np
import optuna
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from optuna.exceptions import ExperimentalWarning
from optuna.visualization import matplotlib as plots

from creditscore_training.recipe import Recipe
from creditscore_training.tracking import Notes, record_run
from creditscore_training.tuning.choice import Tried, best_of

WIDTH, HEIGHT = 12.0, 5.0
FEWEST_DRAWN = 2  # completed trials without which there is nothing to compare


def record(study: optuna.Study, trials: Sequence[Tried], recipe: Recipe, *, tracking_uri: str) -> str:
    """Write the record as one run of the experiment ``<recipe>_tuning``, and return the run's id.

    Raises
    ------
    StoreError
        If MLflow cannot be reached or refuses the record.
    """
    best = best_of(trials)
    notes = Notes(
        name=f"{recipe.name}_tuning",
        parameters=_parameters(recipe, best),
        tags={"study": study.study_name, "optuna": optuna.__version__, "sampler": "TPESampler, a seed for each trial"},
        metrics=_metrics(trials, best),
        tables={"trials": trial_table(trials)},
        figures=figures(study),
    )
    return record_run(notes, tracking_uri=tracking_uri)


def trial_table(trials: Sequence[Tried]) -> pd.DataFrame:
    """Return a line for each trial: parameters, numbers, and by how much it broke each promotion rule."""
    return pd.DataFrame(
        {
            "trial": trial.number,
            "own_flag": trial.own_flag,
            "pruned_flag": trial.pruned_flag,
            "feasible_flag": trial.feasible_flag,
            **trial.parameters,
            **trial.numbers,
            **{f"excess_{rule}": value for rule, value in trial.excess.items()},
        }
        for trial in trials
    )


def figures(study: optuna.Study) -> Mapping[str, Figure]:
    """Draw Optuna's plots of a study, and leave matplotlib's settings as they were; none of fewer than two trials."""
    complete = study.get_trials(deepcopy=False, states=(optuna.trial.TrialState.COMPLETE,))
    if len(complete) < FEWEST_DRAWN:
        return {}
    with mpl.rc_context(), warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)  # what may change there is how the plots look
        drawn = {
            "optimization_history": _figure(plots.plot_optimization_history(study)),
            "parameter_importances": _figure(plots.plot_param_importances(study)),
            "parallel_coordinate": _figure(plots.plot_parallel_coordinate(study)),
            "slice": _figure(plots.plot_slice(study)),
        }
        for figure in drawn.values():
            figure.set_size_inches(WIDTH, HEIGHT)  # a label for each parameter needs room
            plt.close(figure)
    return drawn


def _figure(axes: object) -> Figure:
    """Return the figure of an axes, or of several."""
    figure: Figure = np.ravel(np.asarray(axes, dtype=object))[0].figure
    return figure


def _parameters(recipe: Recipe, best: Tried | None) -> Mapping[str, str]:
    plan = recipe.tuning
    folds = {f"folds.{name}": str(value) for name, value in asdict(plan.folds).items()}
    space = {f"space.{name}": str(bounds) for name, bounds in plan.space_for(recipe.estimator).items()}
    chosen = {} if best is None else {f"best.{name}": str(value) for name, value in best.parameters.items()}
    asked = {name: str(getattr(plan, name)) for name in ("trials", "timeout_seconds", "most_shift", "seed")}
    return {"estimator": type(recipe.estimator).__name__, **asked, **folds, **space, **chosen}


def _metrics(trials: Sequence[Tried], best: Tried | None) -> Mapping[str, float]:
    counts = {
        "trial_count": float(len(trials)),
        "feasible_count": float(sum(trial.feasible_flag for trial in trials)),
        "pruned_count": float(sum(trial.pruned_flag for trial in trials)),
    }
    own = {f"own_{name}": value for trial in trials if trial.own_flag for name, value in trial.numbers.items()}
    if best is None:
        return counts | own
    return counts | own | {f"best_{name}": value for name, value in best.numbers.items()} | {"best_trial": best.number}
