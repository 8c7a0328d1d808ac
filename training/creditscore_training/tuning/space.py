"""The search space of each estimator: which of its parameters are tried, and between which bounds."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from creditscore.errors import ParameterError
from creditscore.models import BoostedTrees, MonotoneForest, RankingEstimator, Scorecard

if TYPE_CHECKING:
    import optuna


@dataclass(frozen=True, slots=True)
class Between:
    """Bounds of one parameter; both whole numbers if it is one.

    Parameters
    ----------
    low, high
        Lowest and highest value that is tried.
    log
        Whether it is drawn evenly on a log scale.
    """

    low: float
    high: float
    log: bool = False

    def holding(self, value: float) -> Self:
        """Return bounds that also hold ``value``, so that what a recipe has can be tried."""
        widened = replace(self, low=min(self.low, value), high=max(self.high, value))
        return replace(widened, log=self.log and widened.low > 0)

    def suggested(self, trial: "optuna.Trial", name: str) -> float:
        """Return the value that a trial tries."""
        if isinstance(self.low, int) and isinstance(self.high, int):
            return trial.suggest_int(name, self.low, self.high, log=self.log)
        return trial.suggest_float(name, self.low, self.high, log=self.log)


Space = Mapping[str, Between]

# Depth ends at 8, where the explanation of a tree does; a forest needs rows left out of each tree.
SPACES: Mapping[type[RankingEstimator], Space] = {
    MonotoneForest: {
        "trees": Between(50, 400, log=True),
        "leaves": Between(8, 128, log=True),
        "depth": Between(3, 8),
        "min_leaf": Between(10, 300, log=True),
        "row_share": Between(0.3, 0.9),
        "feature_share": Between(0.05, 0.6, log=True),
    },
    BoostedTrees: {
        "rounds": Between(50, 600, log=True),
        "learning_rate": Between(0.01, 0.2, log=True),
        "leaves": Between(4, 64, log=True),
        "depth": Between(2, 8),
        "min_leaf": Between(10, 300, log=True),
        "l2": Between(0.01, 100.0, log=True),
        "row_share": Between(0.4, 1.0),
        "feature_share": Between(0.05, 1.0, log=True),
    },
    Scorecard: {
        "most_features": Between(5, 30),
        "min_share": Between(0.02, 0.2, log=True),
        "min_information": Between(0.005, 0.1, log=True),
        "most_alike": Between(0.5, 0.95),
        "l2": Between(0.001, 100.0, log=True),
    },
}


def space_of(estimator: RankingEstimator) -> Space:
    """Return what is tried of an estimator, with bounds that hold the values it has.

    Raises
    ------
    ParameterError
        If no space is declared for its class.

    Examples
    --------
    >>> space_of(MonotoneForest(trees=20))["trees"]
    Between(low=20, high=400, log=True)
    """
    for kind, space in SPACES.items():
        if isinstance(estimator, kind):
            return held(space, estimator)
    raise ParameterError(
        where="tuning",
        found=f"No search space is declared for {type(estimator).__name__}.",
        fix="Give one in the recipe: Tuning(space={'parameter': Between(low, high)}).",
    )


def held(space: Space, estimator: RankingEstimator) -> Space:
    """Return the part of a space that an estimator has parameters for, with bounds that hold its values."""
    own = estimator.get_params(deep=False)
    return {name: bounds.holding(own[name]) for name, bounds in space.items() if name in own}
