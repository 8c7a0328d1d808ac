"""Boosted trees: the challenger, each tree grown on what the trees before it left unexplained."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from creditscore.models.checks import Floats
from creditscore.models.estimator import Range, RankingEstimator, grown
from creditscore.models.missing import with_stand_ins
from creditscore.models.ranker import LOG_ODDS, TreeRanker
from creditscore.models.trees import Trees, trees_of_lightgbm

SEEDS = 2**31  # LightGBM's seeds are whole numbers below


class BoostedTrees(RankingEstimator):
    """Gradient boosting of the log-odds of default [1]_ by LightGBM, monotone in every feature with a direction.

    Monotone constraints and missing values are those of :class:`creditscore.models.MonotoneForest`. The number of
    rounds is a parameter to be tuned on later rows; nothing is held back in secret. Equal input, parameters and seed
    give equal bits in every process.

    Parameters
    ----------
    rounds
        Number of trees.
    learning_rate
        Share of each tree that counts, in (0, 1].
    leaves
        Most leaves of a tree.
    depth
        Most splits between the root and a leaf, at most 8: the tables that explain a tree double with each.
    min_leaf
        Fewest rows of a leaf.
    l2
        Ridge penalty on what a leaf says, 0 or more.
    row_share, feature_share
        Shares of the rows and of the features that each tree is grown on, in (0, 1].
    split_share
        Share of those features that each split may ask for, in (0, 1].
    boosters
        Number of boosters whose log-odds are averaged, each with draws of its own. Where one draw among few rows is
        largely luck, several rank better; fit, scoring and size grow with the number. Without a share below 1 there is
        nothing to draw, and all are the same.
    monotone
        1 (risk rises with the feature), -1 (falls) or 0 for each feature; ``None`` constrains none.
    lenient
        For each feature whether a missing value of it counts as one as risky as the rows that lack it, and not as the
        riskiest observed one; ``None`` lets none off.
    threads
        Threads of fit and prediction.
    seed
        Seed of all random draws.

    References
    ----------
    .. [1] Friedman, J. H. (2001). Greedy function approximation: a gradient boosting machine. Annals of Statistics 29,
       1189-1232. doi:10.1214/aos/1013203451

    Examples
    --------
    >>> import numpy as np
    >>> X = np.linspace(0, 1, 400)[:, None]
    >>> boosted = BoostedTrees(rounds=50, min_leaf=20, monotone=(1,)).fit(X, X[:, 0] > 0.7)
    >>> boosted.predict([[0.1], [0.9]])
    array([False,  True])
    """

    WHOLE: ClassVar[Mapping[str, int]] = {
        "rounds": 1,
        "leaves": 2,
        "depth": 1,
        "min_leaf": 1,
        "boosters": 1,
        "threads": 1,
        "seed": 0,
    }
    SHARES: ClassVar[Mapping[str, Range]] = {
        "learning_rate": (0.0, 1.0),
        "row_share": (0.0, 1.0),
        "feature_share": (0.0, 1.0),
        "split_share": (0.0, 1.0),
        "l2": (-1e-12, 1e6),
    }

    def __init__(  # noqa: PLR0913 - scikit-learn takes each parameter by name
        self,
        *,
        rounds: int = 200,
        learning_rate: float = 0.05,
        leaves: int = 8,
        depth: int = 3,
        min_leaf: int = 200,
        l2: float = 10.0,
        row_share: float = 0.6,
        feature_share: float = 0.2,
        split_share: float = 1.0,
        boosters: int = 1,
        monotone: Sequence[int] | None = None,
        lenient: Sequence[bool] | None = None,
        threads: int = 1,
        seed: int = 0,
    ) -> None:
        self.rounds = rounds
        self.learning_rate = learning_rate
        self.leaves = leaves
        self.depth = depth
        self.min_leaf = min_leaf
        self.l2 = l2
        self.row_share = row_share
        self.feature_share = feature_share
        self.split_share = split_share
        self.boosters = boosters
        self.monotone = monotone
        self.lenient = lenient
        self.threads = threads
        self.seed = seed

    def _learned(self, X: Floats, y: Floats, *, signs: tuple[int, ...], stand_ins: Floats) -> TreeRanker:
        filled = with_stand_ins(X, stand_ins)
        found = [
            trees_of_lightgbm(grown(self._parameters(signs, booster=place), filled, y, rounds=self.rounds))
            for place in range(self.boosters)
        ]
        return TreeRanker(Trees.mean(found), stand_ins, LOG_ODDS)

    def _parameters(self, signs: tuple[int, ...], *, booster: int) -> dict[str, Any]:
        return {
            "objective": "binary",
            "learning_rate": self.learning_rate,
            "num_leaves": self.leaves,
            "max_depth": self.depth,
            "min_data_in_leaf": self.min_leaf,
            "lambda_l2": self.l2,
            "bagging_fraction": self.row_share,
            "bagging_freq": 1,
            "feature_fraction": self.feature_share,
            "feature_fraction_bynode": self.split_share,
            "monotone_constraints": list(signs),
            "num_threads": self.threads,
            # Two seeds share no booster, and a booster alone has the seed itself.
            "seed": (int(self.seed) * int(self.boosters) + booster) % SEEDS,
        }
