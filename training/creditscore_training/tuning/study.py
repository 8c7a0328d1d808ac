"""The study: where trials are kept, under a name that no other data and no other question can have."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import optuna
import pandas as pd
from optuna.trial import FrozenTrial, TrialState
from sqlalchemy.exc import SQLAlchemyError

from creditscore import __version__
from creditscore.errors import StoreError
from creditscore.features import snapshot_hash
from creditscore_training.observations import KEYS
from creditscore_training.panel import Panel
from creditscore_training.recipe import Recipe
from creditscore_training.splits import DEVELOPMENT, assign

DEFAULT_STORAGE = "sqlite:///mlruns/optuna.db"
SQLITE = "sqlite:///"
HASH_SHOWN = 12
FINISHED = (TrialState.COMPLETE, TrialState.PRUNED)
OWN = "own_parameters"  # marks the trial of what the recipe has without tuning
FIRST_TRIALS = 5  # completed before any is pruned


def development_rows(panel: Panel, recipe: Recipe) -> pd.DataFrame:
    """Return the rows of the panel that tuning may see: those that the training learns from."""
    days = [day.date() for day in sorted(panel.frame["as_of"].unique())]
    rows = assign(panel.frame, recipe.periods.resolved(days))
    return rows[rows["split"] == DEVELOPMENT].reset_index(drop=True)


def study_name(rows: pd.DataFrame, recipe: Recipe) -> str:
    """Return the recipe's name and a hash of all that decides what a trial gives.

    Parameters
    ----------
    rows
        Development rows.
    recipe
        Untuned recipe.
    """
    plan = recipe.tuning
    content = {
        "version": __version__,  # another one may judge otherwise
        "panel": snapshot_hash(rows[[*KEYS, "default_flag", *recipe.feature_names]]),
        "directions": [recipe.monotone, recipe.lenient],
        "estimator": [type(recipe.estimator).__name__, _texts(recipe.estimator.get_params(deep=False))],
        "calibration": [type(recipe.calibration).__name__, _texts(recipe.calibration.get_params(deep=False))],
        "space": {name: asdict(bounds) for name, bounds in plan.space_for(recipe.estimator).items()},
        "folds": asdict(plan.folds),
        "rules": [plan.most_shift, recipe.gates.calibration_slope],
        "seeds": [recipe.seed, plan.seed],
        "horizon_months": recipe.definition.horizon_months,
    }
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return f"{recipe.name}-{digest[:HASH_SHOWN]}"


@contextmanager
def opened(storage: str) -> Iterator[optuna.storages.BaseStorage]:
    """Open a storage with Optuna quiet, and leave its loggers as they were found.

    Raises
    ------
    StoreError
        If the storage cannot be read or written.
    """
    level = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        if storage.startswith(SQLITE):
            Path(storage.removeprefix(SQLITE)).parent.mkdir(parents=True, exist_ok=True)
        kept = optuna.storages.RDBStorage(storage)
        try:
            yield kept
        finally:
            kept.remove_session()
            kept.engine.dispose()
    except (SQLAlchemyError, optuna.exceptions.StorageInternalError, OSError) as cause:
        raise StoreError(
            where="storage of studies",
            found=f"It cannot be read or written ({type(cause).__name__}).",
            fix="Check --storage: sqlite:///FILE below a folder that may be written, or the URL of a database.",
        ) from cause
    finally:
        optuna.logging.set_verbosity(level)


def begun(name: str, storage: optuna.storages.BaseStorage, *, own: Mapping[str, float]) -> optuna.Study:
    """Return the study, made if there is none, with the recipe's own parameters tried or next to be tried.

    What a killed session left running is given up; so only one session at a time may tune a study.
    """
    study = optuna.create_study(
        study_name=name,
        storage=storage,
        direction="maximize",
        load_if_exists=True,
        pruner=optuna.pruners.MedianPruner(n_startup_trials=FIRST_TRIALS),
    )
    for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        study.tell(trial.number, state=TrialState.FAIL)
    known = study.get_trials(deepcopy=False, states=(*FINISHED, TrialState.WAITING))
    if not any(trial.user_attrs.get(OWN) for trial in known):
        study.enqueue_trial(dict(own), user_attrs={OWN: True})
    return study


def sampler(study: optuna.Study, *, seed: int) -> optuna.samplers.BaseSampler:
    """Return a sampler of the study's next trial, which follows from the seed and from the trials before."""
    return optuna.samplers.TPESampler(seed=seed + len(study.get_trials(deepcopy=False)), constant_liar=False)


def finished(study: optuna.Study) -> list[FrozenTrial]:
    """Return the trials that were judged, wholly or until they were pruned, in their order."""
    return study.get_trials(deepcopy=False, states=FINISHED)


def found(name: str, storage: optuna.storages.BaseStorage) -> list[FrozenTrial]:
    """Return the finished trials of a study, none if there is no such study."""
    if name not in optuna.study.get_all_study_names(storage):
        return []
    return finished(optuna.load_study(study_name=name, storage=storage))


def _texts(parameters: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in parameters.items()}
