"""Which trial is taken, what it gains, and a recipe with its parameters."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from optuna.trial import FrozenTrial, TrialState
from sklearn.base import clone

from creditscore.errors import ParameterError
from creditscore_training.panel import Panel
from creditscore_training.recipe import Recipe
from creditscore_training.tuning.study import OWN, development_rows, found, opened, study_name

SENTENCES: Mapping[str, str] = {
    "monotone": "the model may move against a declared direction of risk",
    "stable": "the rates shift too far between training and validation",
    "calibrated": "the calibration slope lies outside the gate beyond chance",
}


@dataclass(frozen=True, slots=True)
class Tried:
    """One trial.

    Parameters
    ----------
    number
        Its number in the study.
    parameters
        What was tried.
    numbers
        What was found, see :meth:`creditscore_training.tuning.judging.Judgement.numbers`.
    excess
        By how much each promotion rule was broken; 0 or less where it was kept.
    own_flag
        Whether these are the recipe's own parameters.
    pruned_flag
        Whether it was given up after the first folds, because most others had done better by then.
    """

    number: int
    parameters: Mapping[str, float]
    numbers: Mapping[str, float]
    excess: Mapping[str, float]
    own_flag: bool
    pruned_flag: bool

    @property
    def feasible_flag(self) -> bool:
        """Whether it was judged on all folds and kept every rule."""
        return not self.pruned_flag and all(value <= 0 for value in self.excess.values())


def tried(trials: Sequence[FrozenTrial]) -> tuple[Tried, ...]:
    """Return finished trials of Optuna in plain words."""
    return tuple(
        Tried(
            trial.number,
            dict(trial.params),
            {name: value for name, value in trial.user_attrs.items() if name != OWN},
            dict(trial.constraints),
            bool(trial.user_attrs.get(OWN)),
            trial.state == TrialState.PRUNED,
        )
        for trial in trials
    )


def best_of(trials: Sequence[Tried]) -> Tried | None:
    """Return the feasible trial with the highest AUC, of equals the first; ``None`` if no trial is feasible."""
    feasible = [trial for trial in trials if trial.feasible_flag]
    return max(feasible, key=lambda trial: trial.numbers["auc"], default=None)


def most_broken(trials: Sequence[Tried]) -> tuple[str, int] | None:
    """Return the rule that most trials broke, and how many did; ``None`` if all kept all."""
    broken = Counter(rule for trial in trials for rule, value in trial.excess.items() if value > 0)
    return max(broken.items(), key=lambda one: one[1], default=None)


def tuned_recipe(recipe: Recipe, panel: Panel, *, storage: str) -> tuple[Recipe, dict[str, str]]:
    """Return the recipe with the parameters of the best feasible trial, and where they come from.

    Parameters
    ----------
    recipe
        Untuned recipe.
    panel
        Panel of the training. The study must have seen the same development rows.
    storage
        Where the study is kept.

    Raises
    ------
    ParameterError
        If there is no study of exactly these rows and this recipe, or none of its trials is feasible.
    StoreError
        If the storage cannot be read.
    """
    name = study_name(development_rows(panel, recipe), recipe)
    with opened(storage) as kept:
        trials = tried(found(name, kept))
    best = best_of(trials)
    if best is None:
        raise _nothing_to_take(recipe, trials)
    estimator = clone(recipe.estimator).set_params(**best.parameters)
    return replace(recipe, estimator=estimator), {"tuning_study": name, "tuning_trial": str(best.number)}


def _nothing_to_take(recipe: Recipe, trials: Sequence[Tried]) -> ParameterError:
    said = "The storage has no study of exactly this recipe and these development rows."
    broken = most_broken(trials)
    if trials:
        said = f"None of {len(trials)} trials was judged on all folds and kept every promotion rule."
    if broken:
        said = f"{said} Most often ({broken[1]} times) {SENTENCES[broken[0]]}."
    return ParameterError(
        where=f"tuned parameters of {recipe.name}",
        found=said,
        fix="Run creditscore tune with the same workspace, --as-of and --storage, or train without --tuned.",
    )
