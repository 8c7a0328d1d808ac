"""A recipe says everything, and refuses to contradict itself."""

from dataclasses import FrozenInstanceError, replace

import pytest

from creditscore.errors import ParameterError
from creditscore.models import LogisticCalibration
from creditscore_training.gates import Gates
from creditscore_training.recipes.trade_credit import RECIPE
from creditscore_training.role import Role


def test_a_recipe_cannot_be_changed_only_copied():
    with pytest.raises(FrozenInstanceError):
        RECIPE.seed = 1
    assert replace(RECIPE, seed=1).seed == 1


@pytest.mark.parametrize("name", ["", "Trade Credit", "../up", "_hidden"])
def test_a_name_that_cannot_name_a_folder_is_refused(name):
    with pytest.raises(ParameterError, match=r"Recipe\.name"):
        replace(RECIPE, name=name)


def test_a_recipe_without_features_is_refused():
    with pytest.raises(ParameterError, match="There is no feature"):
        replace(RECIPE, features=())


def test_a_feature_named_twice_is_refused():
    with pytest.raises(ParameterError, match=f"{RECIPE.features[0].name} named more than once"):
        replace(RECIPE, features=(*RECIPE.features, RECIPE.features[0]))


def test_a_feature_is_added_to_a_copy_of_the_recipe():
    first, second = RECIPE.features[:2]
    small = replace(RECIPE, features=(first,))
    assert small.with_features(second).feature_names == (first.name, second.name)
    assert small.feature_names == (first.name,)
    with pytest.raises(ParameterError, match="named more than once"):
        small.with_features(first)


def test_a_bundle_is_told_the_choices_that_move_the_model_and_no_other():
    told = RECIPE.hyperparameters()
    assert told["estimator"] == type(RECIPE.estimator).__name__
    assert told["lenient_families"] == RECIPE.parameters()["lenient_families"]
    assert not any(name.endswith(".threads") for name in told)
    assert replace(RECIPE, role=Role.CHALLENGER, gates=Gates(min_auc=0.99)).hyperparameters() == told


def test_a_choice_whose_text_tells_where_it_lies_in_memory_is_not_told_to_the_bundle():
    class Wordless(LogisticCalibration):
        def get_params(self, *, deep=True):  # noqa: ARG002 - as scikit-learn asks
            return {"link": object()}

    recipe = replace(RECIPE, calibration=Wordless())
    assert "calibration.link" in recipe.parameters()
    assert "calibration.link" not in recipe.hyperparameters()


def test_the_parameters_name_every_choice_by_its_path():
    parameters = replace(RECIPE, seed=11).parameters()
    assert parameters["seed"] == "11"
    assert parameters["definition.horizon_months"] == "12"
    assert parameters["observations"] == "MonthEnds(first=None, last=None, history_months=12)"
    assert parameters["periods.unseen_share"] == "0.2"
    assert parameters["gates.min_auc"] == "0.7"
    assert any(name.startswith("estimator.") for name in parameters)
    assert parameters["calibration"] == "BestCalibration"
    assert parameters["calibration.min_defaulters"] == "20"
    assert parameters["long_run_rate"] == "None"


@pytest.mark.parametrize("rate", [0.0, 1.0, -0.02, float("nan")])
def test_a_long_run_rate_is_a_default_rate(rate):
    with pytest.raises(ParameterError, match=r"Recipe\.long_run_rate"):
        replace(RECIPE, long_run_rate=rate)


def test_the_exposure_is_observed_even_where_the_model_does_not_use_it():
    without = tuple(one for one in RECIPE.features if one.name != "open_amount")
    recipe = replace(RECIPE, features=without)
    assert "open_amount" not in recipe.feature_names
    assert [one.name for one in recipe.observed_features][-1] == "open_amount"
    assert RECIPE.observed_features == RECIPE.features


@pytest.mark.parametrize("changes", [{"blend_with": "nobody"}, {"rivals": {"Big Rival": RECIPE.estimator}}])
def test_a_blend_needs_a_rival_and_a_rival_a_plain_name(changes):
    with pytest.raises(ParameterError, match=r"Recipe\.rivals"):
        replace(RECIPE, **changes)


def test_statements_and_profile_may_be_withheld_and_our_own_ledger_may_not():
    mild = {feature.family for feature, lenient in zip(RECIPE.features, RECIPE.lenient, strict=True) if lenient}
    assert {feature.family for feature in RECIPE.features} - mild == {"statements", "profile"}
