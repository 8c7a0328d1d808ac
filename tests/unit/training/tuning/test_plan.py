"""What may be tried holds what a recipe has, and nothing that its estimator does not know."""

import pytest

from creditscore.errors import ParameterError
from creditscore.models import BoostedTrees, MonotoneForest, RankingEstimator, Scorecard
from creditscore_training.tuning.plan import Tuning
from creditscore_training.tuning.space import Between, space_of


@pytest.mark.parametrize("estimator", [MonotoneForest(), BoostedTrees(), Scorecard()])
def test_every_estimator_has_a_space_of_its_own_parameters_that_holds_its_own_values(estimator):
    own = estimator.get_params()
    space = space_of(estimator)
    assert len(space) >= 5
    for name, bounds in space.items():
        assert bounds.low <= own[name] <= bounds.high
        assert isinstance(bounds.low, type(own[name]))


def test_no_tree_is_deeper_than_its_explanation_allows():
    assert {space_of(one())["depth"].high for one in (MonotoneForest, BoostedTrees)} == {8}


def test_a_value_outside_the_bounds_widens_them():
    assert Between(10, 20, log=True).holding(5) == Between(5, 20, log=True)
    assert Between(0.1, 1.0, log=True).holding(0.0) == Between(0.0, 1.0, log=False)


def test_an_estimator_without_a_space_needs_one_in_the_recipe():
    class Strange(RankingEstimator):
        def __init__(self, *, strength=1):
            self.strength = strength

    with pytest.raises(ParameterError, match="No search space is declared for Strange"):
        Tuning().space_for(Strange())
    assert Tuning(space={"strength": Between(1, 3)}).space_for(Strange()) == {"strength": Between(1, 3)}


@pytest.mark.parametrize("space", [{}, {"wisdom": Between(1, 3)}])
def test_a_space_without_the_estimators_parameters_is_refused(space):
    with pytest.raises(ParameterError, match=r"Tuning\.space"):
        Tuning(space=space).space_for(MonotoneForest())


@pytest.mark.parametrize("broken", [{"trials": 0}, {"timeout_seconds": 0}, {"most_shift": 0.0}, {"seed": -1}])
def test_a_plan_that_is_no_search_is_refused(broken):
    with pytest.raises(ParameterError, match="Tuning"):
        Tuning(**broken)
