"""Trials go on where they ended, keep to the promotion rules, and see no row outside their folds."""

from dataclasses import replace

import numpy as np
import optuna
import pytest

from creditscore.errors import StoreError
from creditscore.models import MonotoneForest
from creditscore_training.tuning.choice import best_of, most_broken, tried
from creditscore_training.tuning.judging import Judgement, Lesson, judged
from creditscore_training.tuning.session import search
from creditscore_training.tuning.study import begun, finished, found, opened, study_name


class Unbound(MonotoneForest):
    """A forest that does not listen to the directions it is given."""

    def fit(self, X, y, *, monotone=None, lenient=None):
        del monotone
        return super().fit(X, y, monotone=None, lenient=lenient)


def run(recipe, rows, storage, *, trials, progress=lambda *_: None):
    """Carry out a session and return the finished trials."""
    asked = replace(recipe, tuning=replace(recipe.tuning, trials=trials))
    own = {name: getattr(recipe.estimator, name) for name in recipe.tuning.space}
    with opened(storage) as kept:
        study = begun(study_name(rows, asked), kept, own=own)
        search(study, Lesson.of(rows, asked), progress=progress)
        return tried(finished(study))


@pytest.fixture(scope="module")
def whole(recipe, rows, tmp_path_factory):
    """Return what one session of four trials finds."""
    return run(recipe, rows, f"sqlite:///{tmp_path_factory.mktemp('whole') / 'optuna.db'}", trials=4)


def test_the_first_trial_is_what_the_recipe_has(whole, recipe):
    assert [trial.own_flag for trial in whole] == [True, False, False, False]
    assert whole[0].parameters == {"min_leaf": recipe.estimator.min_leaf, "feature_share": 0.3}


def test_a_study_that_is_resumed_tries_what_one_session_would_have_tried(whole, recipe, rows, storage):
    said = []
    assert len(run(recipe, rows, storage, trials=2)) == 2
    resumed = run(recipe, rows, storage, trials=4, progress=lambda *step: said.append(step))
    assert resumed == whole
    assert said == [("trials", 2, 4), ("trials", 3, 4), ("trials", 4, 4)]
    assert run(recipe, rows, storage, trials=4) == whole


def test_the_numbers_of_a_trial_are_kept_for_a_person_to_read(whole):
    for trial in whole:
        assert trial.feasible_flag
        assert {"auc", "log_loss", "shift", "worst_step", "calibration_slope", "auc_fold_1"} <= set(trial.numbers)
        assert trial.numbers["worst_step"] == 0
        assert 0.5 < trial.numbers["auc"] < 1
    assert best_of(whole).numbers["auc"] == max(trial.numbers["auc"] for trial in whole)


def test_a_model_that_may_move_against_a_direction_is_never_feasible(recipe, rows, storage):
    unbound = replace(recipe, estimator=Unbound(**recipe.estimator.get_params()))
    trials = run(unbound, rows, storage, trials=3)
    assert len(trials) == 3
    assert all(trial.excess["monotone"] > 0 for trial in trials)
    assert best_of(trials) is None
    assert most_broken(trials) == ("monotone", 3)


@pytest.mark.parametrize("rule", ["stable", "calibrated"])
def test_shifting_rates_and_a_slope_outside_the_gate_are_broken_rules(recipe, rows, storage, rule):
    strict = {
        "stable": {"tuning": replace(recipe.tuning, most_shift=1e-6)},
        "calibrated": {"gates": replace(recipe.gates, calibration_slope=(8.0, 9.0))},
    }
    (only,) = run(replace(recipe, **strict[rule]), rows, storage, trials=1)
    assert {name for name, value in only.excess.items() if value > 0} == {rule}


def test_a_trial_that_is_worse_than_most_is_given_up_and_is_not_feasible(recipe, rows, storage):
    narrow = replace(recipe, tuning=replace(recipe.tuning, trials=8))
    own = {"min_leaf": 20, "feature_share": 0.3}
    with opened(storage) as kept:
        study = begun(study_name(rows, narrow), kept, own=own)
        for number in range(6):
            tree = optuna.distributions.FloatDistribution(0.3, 1.0)
            study.add_trial(
                optuna.create_trial(
                    params={"feature_share": 0.5 + number / 100},
                    distributions={"feature_share": tree},
                    value=0.9999,
                    intermediate_values={0: 0.9999, 1: 0.9999},
                )
            )
        search(study, Lesson.of(rows, narrow))
        last = tried(finished(study))
    pruned = [trial for trial in last if trial.pruned_flag]
    assert pruned
    assert not any(trial.feasible_flag for trial in pruned)
    assert {"auc_fold_1"} == {name for trial in pruned for name in trial.numbers if name.startswith("auc_fold")}


def test_a_trial_that_was_killed_is_given_up_and_the_recipes_own_is_tried_again(recipe, rows, storage):
    name, own = study_name(rows, recipe), {"min_leaf": 20, "feature_share": 0.3}
    with opened(storage) as kept:
        begun(name, kept, own=own).ask()
        study = begun(name, kept, own=own)
        states = [trial.state.name for trial in study.get_trials()]
    assert states == ["FAIL", "WAITING"]
    first = run(recipe, rows, storage, trials=1)
    assert [trial.own_flag for trial in first] == [True]


def test_no_trial_is_begun_when_the_time_is_over(recipe, rows, storage):
    brief = replace(recipe, tuning=replace(recipe.tuning, timeout_seconds=1e-9))
    assert run(brief, rows, storage, trials=4) == ()


def test_the_name_of_a_study_holds_the_data_and_the_question_but_not_how_long_it_is_asked(recipe, rows):
    name = study_name(rows, recipe)
    assert name.startswith("tiny-")
    assert study_name(rows, replace(recipe, tuning=replace(recipe.tuning, trials=99, timeout_seconds=1))) == name
    later = rows.assign(default_flag=1 - rows["default_flag"])
    others = [
        study_name(later, recipe),
        study_name(rows, replace(recipe, seed=5)),
        study_name(rows, replace(recipe, features=recipe.features[:2])),
        study_name(rows, replace(recipe, estimator=MonotoneForest(trees=9))),
        study_name(rows, replace(recipe, tuning=replace(recipe.tuning, most_shift=0.1))),
    ]
    assert len({name, *others}) == 6


def test_an_unknown_study_has_no_trials_and_none_is_made(storage):
    with opened(storage) as kept:
        assert found("nobody", kept) == []
        assert optuna.get_all_study_names(kept) == []


def test_a_storage_that_cannot_be_written_is_a_store_error_that_does_not_name_it(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="storage of studies") as caught, opened(f"sqlite:///{tmp_path}/file/x.db"):
        pass
    assert str(tmp_path) not in str(caught.value)


def test_rates_that_cannot_be_calibrated_say_nothing_and_have_the_slope_0(recipe, rows):
    fold = Lesson.of(rows, recipe).folds[0]
    flags = rows["default_flag"].to_numpy(copy=True)
    flags[fold.calibration] = 1 - flags[fold.calibration]
    upside_down = Lesson.of(rows.assign(default_flag=flags), recipe)
    result = judged(recipe.estimator, upside_down, upside_down.folds[0])
    assert np.ptp(result.default_probability) == 0
    found_there = Judgement([result])
    assert found_there.slope.value == found_there.slope.error == 0
    assert found_there.excess(recipe)["calibrated"] > 0
