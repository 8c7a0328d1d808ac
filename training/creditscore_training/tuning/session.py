"""A session of tuning: trials until there are enough or the time is over, and a record of what they found."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import optuna
from sklearn.base import clone

from creditscore.book import Book
from creditscore.domain import Progress, Workspace, silent
from creditscore_training.panel import build_panel
from creditscore_training.recipe import Recipe
from creditscore_training.tracking import tracking_uri_or_default
from creditscore_training.tuning.choice import SENTENCES, Tried, best_of, most_broken, tried
from creditscore_training.tuning.judging import Judgement, Lesson, judged
from creditscore_training.tuning.record import record
from creditscore_training.tuning.study import (
    DEFAULT_STORAGE,
    begun,
    development_rows,
    finished,
    opened,
    sampler,
    study_name,
)

STEP = "trials"


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningResult:
    """What a session of tuning gives.

    Parameters
    ----------
    study
        Name of the study.
    trials
        All finished trials of the study, those of earlier sessions included.
    wanted
        How many were asked for.
    gap_months, horizon_months
        Months kept between training and validation of the folds, and those that an outcome takes.
    run_id
        The MLflow run.
    """

    study: str
    trials: tuple[Tried, ...]
    wanted: int
    gap_months: int
    horizon_months: int
    run_id: str

    @property
    def best(self) -> Tried | None:
        """The feasible trial with the highest AUC."""
        return best_of(self.trials)

    @property
    def own(self) -> Tried | None:
        """The trial of the recipe's own parameters, ``None`` where time ran out before it."""
        return next((trial for trial in self.trials if trial.own_flag), None)

    @property
    def lines(self) -> tuple[str, ...]:
        """What was found, in sentences for a person."""
        said = [f"{self.study}: {len(self.trials)} of {self.wanted} trials, {self._kept} kept every promotion rule."]
        if self.gap_months < self.horizon_months:
            said.append(
                f"The history leaves a gap of {self.gap_months} months between training and validation; outcomes take "
                f"{self.horizon_months}, so both share calendar time."
            )
        return (*said, *(self._nothing() if self.best is None else self._gain(self.best)))

    @property
    def _kept(self) -> int:
        return sum(trial.feasible_flag for trial in self.trials)

    def _nothing(self) -> tuple[str, ...]:
        broken = most_broken(self.trials)
        if broken is None:
            return ("No trial was judged on all folds: give more --trials or a longer --timeout.",)
        return (f"No trial is feasible; most often ({broken[1]} trials) {SENTENCES[broken[0]]}.",)

    def _gain(self, best: Tried) -> tuple[str, ...]:
        chosen = ", ".join(f"{name} {value:.4g}" for name, value in best.parameters.items())
        numbers = best.numbers
        slope = (numbers[f"calibration_slope{end}"] for end in ("", "_low", "_high"))
        found = (
            f"Trial {best.number} is best: AUC {numbers['auc']:.4f}, log loss {numbers['log_loss']:.4f}, "
            f"shift {numbers['shift']:.3f}, calibration slope {'{:.2f} ({:.2f} to {:.2f})'.format(*slope)}; {chosen}."
        )
        if best.own_flag:
            return (found, "These are the recipe's own parameters: nothing better was found.")
        return (found, *self._compared(best), "Use it: creditscore train RECIPE --tuned")

    def _compared(self, best: Tried) -> tuple[str, ...]:
        if self.own is None:
            return ()
        gain, less = (best.numbers[name] - self.own.numbers[name] for name in ("auc", "log_loss"))
        kept = "" if self.own.feasible_flag else ", which break a promotion rule"
        said = f"{gain:+.4f} AUC and {less:+.4f} log loss over the recipe's own parameters{kept}"
        return (f"On the same folds that is {said}.",)


def tune(
    recipe: Recipe,
    workspace: Workspace,
    *,
    as_of: date | None = None,
    storage: str = DEFAULT_STORAGE,
    tracking_uri: str | None = None,
    progress: Progress = silent,
) -> TuningResult:
    """Try parameters of a recipe's estimator on folds of its development period; run again, it goes on.

    Trials are drawn by Optuna's tree-structured Parzen estimator [1]_ for the highest mean AUC of the folds, because
    the level of the probabilities is set by the calibration afterwards, and so parameters decide the ranking only. The
    promotion rules are constraints: a certificate that no direction is broken, rates that do not shift between training
    and validation, a calibration slope that may lie within the gate. Neither the calibration period nor the test is
    looked at.

    Parameters
    ----------
    recipe
        What to tune; its ``tuning`` says how.
    workspace
        Folder whose book is learned from.
    as_of
        Last day whose information may be used; the recipe's ``observed_until`` where ``None``.
    storage
        Where studies are kept, such as ``sqlite:///FILE``. One session at a time may tune a study.
    tracking_uri
        MLflow's store; ``MLFLOW_TRACKING_URI`` or ``sqlite:///mlruns/mlflow.db`` where ``None``.
    progress
        Told of each step.

    Raises
    ------
    ContractError
        If the workspace has no book.
    ParameterError
        If the book gives no panel or no folds, or there is no search space for the estimator.
    StoreError
        If the storage or MLflow cannot be written.

    References
    ----------
    .. [1] Bergstra, Bardenet, Bengio, Kegl (2011). Algorithms for hyper-parameter optimization. NeurIPS 24.
    """
    recipe = recipe if as_of is None else replace(recipe, observed_until=as_of)
    panel = build_panel(Book.open(workspace.book), recipe, progress=progress)
    rows = development_rows(panel, recipe)
    lesson, name = Lesson.of(rows, recipe), study_name(rows, recipe)
    own = recipe.estimator.get_params(deep=False)
    with opened(storage) as kept:
        study = begun(name, kept, own={one: own[one] for one in recipe.tuning.space_for(recipe.estimator)})
        search(study, lesson, progress=progress)
        trials = tried(finished(study))
        run_id = record(study, trials, recipe, tracking_uri=tracking_uri_or_default(tracking_uri))
    return TuningResult(
        study=name,
        trials=trials,
        wanted=recipe.tuning.trials,
        gap_months=lesson.folds[0].gap_months,
        horizon_months=recipe.definition.horizon_months,
        run_id=run_id,
    )


def search(study: optuna.Study, lesson: Lesson, *, progress: Progress = silent) -> None:
    """Run trials one after the other until the study has as many as the plan wants, or its time is over."""
    plan = lesson.recipe.tuning
    until = time.monotonic() + plan.timeout_seconds
    done = len(finished(study))
    progress(STEP, min(done, plan.trials), plan.trials)
    while done < plan.trials and time.monotonic() < until:
        study.sampler = sampler(study, seed=plan.seed)
        study.optimize(lambda trial: _tried(trial, lesson), n_trials=1)
        done = len(finished(study))
        progress(STEP, done, plan.trials)


def _tried(trial: optuna.Trial, lesson: Lesson) -> float:
    """Judge one set of parameters fold by fold; give it up once most earlier ones had done better by then."""
    recipe = lesson.recipe
    space = recipe.tuning.space_for(recipe.estimator)
    estimator = clone(recipe.estimator).set_params(**{name: one.suggested(trial, name) for name, one in space.items()})
    results = []
    for step, fold in enumerate(lesson.folds):
        results.append(judged(estimator, lesson, fold))
        trial.report(Judgement(results).auc, step)
        if step + 1 < len(lesson.folds) and trial.should_prune():
            _tell(trial, Judgement(results), recipe)
            raise optuna.TrialPruned
    _tell(trial, Judgement(results), recipe)
    return Judgement(results).auc


def _tell(trial: optuna.Trial, found: Judgement, recipe: Recipe) -> None:
    told: Mapping[str, float] = found.numbers()
    for name, value in told.items():
        trial.set_user_attr(name, value)
    for rule, value in found.excess(recipe).items():
        trial.set_constraint(rule, value)
