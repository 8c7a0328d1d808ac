"""A random forest that keeps the declared directions of risk."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from creditscore.models.checks import Floats
from creditscore.models.estimator import Range, RankingEstimator, grown
from creditscore.models.missing import with_stand_ins
from creditscore.models.ranker import RATE, TreeRanker
from creditscore.models.trees import trees_of_lightgbm

if TYPE_CHECKING:
    import lightgbm as lgb

BELOW_ONE = 0.999  # LightGBM wants some rows left out of each tree


class MonotoneForest(RankingEstimator):
    """Breiman's forest [1]_ of default rates, monotone in every feature whose direction of risk is declared.

    Each tree is grown by LightGBM on its own random rows with random features at each split; a leaf holds the default
    rate of its rows, and the forest's probability is the average over trees. Monotone constraints are LightGBM's
    ``basic`` ones, the only method that kept its word when values were missing. A missing value of a constrained
    feature counts as an observed one, the riskiest unless the feature is lenient: see
    :func:`creditscore.models.missing.missing_stand_ins`. Equal input, parameters and seed give equal bits in every
    process.

    Parameters
    ----------
    trees
        Number of trees.
    leaves
        Most leaves of a tree.
    depth
        Most splits between the root and a leaf, at most 8: the tables that explain a tree double with each.
    min_leaf
        Fewest rows of a leaf.
    row_share
        Share of rows that each tree is grown on, drawn without replacement; 0.632 is what a bootstrap would see.
    feature_share
        Share of features tried at each split.
    monotone
        1 (risk rises with the feature), -1 (falls) or 0 for each feature; ``None`` constrains none.
    lenient
        For each feature whether a missing value of it counts as one as risky as the rows that lack it, and not as the
        riskiest observed one; ``None`` lets none off.
    threads
        Threads of fit and prediction; more than one can be ten times slower on a busy machine, for they wait spinning.
    seed
        Seed of all random draws.

    References
    ----------
    .. [1] Breiman, L. (2001). Random Forests. Machine Learning 45, 5-32. doi:10.1023/A:1010933404324

    Examples
    --------
    >>> import numpy as np
    >>> X = np.linspace(0, 1, 400)[:, None]
    >>> y = (X[:, 0] > 0.7).astype(float)
    >>> forest = MonotoneForest(trees=10, min_leaf=20, monotone=(1,)).fit(X, y)
    >>> forest.predict_proba([[0.1], [0.9]])[:, 1].round(2)
    array([0., 1.])
    >>> forest.fit(X, np.zeros(400))
    Traceback (most recent call last):
    creditscore.errors.ParameterError: MonotoneForest: All 400 labels are of one class. Give a longer period, or a \
wider default definition, so that some default and some do not.
    """

    WHOLE: ClassVar[Mapping[str, int]] = {"trees": 1, "leaves": 2, "depth": 1, "min_leaf": 1, "threads": 1, "seed": 0}
    SHARES: ClassVar[Mapping[str, Range]] = {"row_share": (0.0, BELOW_ONE), "feature_share": (0.0, 1.0)}

    def __init__(  # noqa: PLR0913 - scikit-learn takes each parameter by name
        self,
        *,
        trees: int = 150,
        leaves: int = 48,
        depth: int = 6,
        min_leaf: int = 50,
        row_share: float = 0.632,
        feature_share: float = 0.3,
        monotone: Sequence[int] | None = None,
        lenient: Sequence[bool] | None = None,
        threads: int = 1,
        seed: int = 0,
    ) -> None:
        self.trees = trees
        self.leaves = leaves
        self.depth = depth
        self.min_leaf = min_leaf
        self.row_share = row_share
        self.feature_share = feature_share
        self.monotone = monotone
        self.lenient = lenient
        self.threads = threads
        self.seed = seed

    def _learned(self, X: Floats, y: Floats, *, signs: tuple[int, ...], stand_ins: Floats) -> TreeRanker:
        parameters = {
            "boosting": "rf",
            "objective": "regression",  # the mean of 0/1 labels in a leaf is its default rate
            "num_leaves": self.leaves,
            "max_depth": self.depth,
            "min_data_in_leaf": self.min_leaf,
            "bagging_fraction": self.row_share,
            "bagging_freq": 1,
            "feature_fraction_bynode": self.feature_share,
            "monotone_constraints": list(signs),
            "num_threads": self.threads,
            "seed": self.seed,
        }
        booster = grown(parameters, with_stand_ins(X, stand_ins), y, rounds=self.trees)
        _give_stumps_the_average(booster, float(y.mean()))
        return TreeRanker(trees_of_lightgbm(booster), stand_ins, RATE)


def _give_stumps_the_average(booster: "lgb.Booster", average: float) -> None:
    """Let a tree that found nothing to split say the average default rate: LightGBM's forest lets it say about 0."""
    for tree in booster.dump_model()["tree_info"]:
        if tree["num_leaves"] == 1:
            booster.set_leaf_output(tree["tree_index"], 0, average)
