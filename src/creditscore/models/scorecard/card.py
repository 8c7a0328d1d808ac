"""A logistic regression on the weights of evidence of a few features: a model that fits on one page."""

import math
from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize
from scipy.special import expit, logit

from creditscore.models.checks import Floats
from creditscore.models.estimator import Range, RankingEstimator
from creditscore.models.missing import with_stand_ins
from creditscore.models.ranker import LOG_ODDS, TreeRanker
from creditscore.models.scorecard.bins import Bins, monotone_bins
from creditscore.models.trees import Node, Trees

POINTS_TO_DOUBLE = 20  # points that double the odds of a table, as lenders are used to
MOST = 1e6
SOME = 1e-9  # rows of an empty bin, by which the average must not be divided
LOWEST = -np.finfo(np.float64).max  # no value lies below; only a missing one goes left of it


class Scorecard(RankingEstimator):
    """Points a bin, a few features, no interactions [1]_: the transparent benchmark of forest and boosted trees.

    Each feature is cut into bins whose default rates follow its direction. Of the features that tell defaults and
    others apart, the strongest are taken one after the other, unless one is much like a stronger one. Their weights of
    evidence enter a logistic regression whose coefficients are not negative, so that directions hold. A missing value
    of a feature with a direction counts as an observed one, see
    :func:`creditscore.models.missing.missing_stand_ins`; of one without it is a bin of its own.

    Parameters
    ----------
    most_features
        Most features of the card.
    min_share
        Fewest rows of a bin, as a share of the rows with a value, in (0, 0.5].
    min_information
        Lowest information value of a feature; below 0.02 it is of no use.
    most_alike
        Highest correlation of the weights of evidence of two features, in (0, 1].
    l2
        Ridge penalty on the coefficients, 0 or more.
    monotone
        1 (risk rises with the feature), -1 (falls) or 0 for each feature; ``None`` lets each choose.
    lenient
        For each feature whether a missing value of it counts as one as risky as the rows that lack it, and not as the
        riskiest observed one; ``None`` lets none off.
    threads
        Threads of the prediction.
    seed
        Nothing is drawn; taken so that all estimators take the same.

    Attributes
    ----------
    bins_ : dict
        Bins of each feature on the card, by column.
    coefficients_ : dict
        Coefficient of each feature on the card, by column.
    intercept_ : float
        Log-odds of a row whose weights are all 0.

    References
    ----------
    .. [1] Siddiqi, N. (2017). Intelligent Credit Scoring, 2nd ed. Wiley.

    Examples
    --------
    >>> X = np.repeat([0.0, 1.0, 2.0], 100)[:, None]
    >>> y = np.tile(np.arange(100), 3) < np.repeat([10, 20, 40], 100)
    >>> card = Scorecard(monotone=(1,)).fit(X, y)
    >>> card.default_rate([[0.0], [1.0], [2.0]]).round(2)
    array([0.1, 0.2, 0.4])
    """

    WHOLE: ClassVar[Mapping[str, int]] = {"most_features": 1, "threads": 1, "seed": 0}
    SHARES: ClassVar[Mapping[str, Range]] = {
        "min_share": (0.0, 0.5),
        "min_information": (-1e-12, MOST),
        "most_alike": (0.0, 1.0),
        "l2": (-1e-12, MOST),
    }

    def __init__(  # noqa: PLR0913 - scikit-learn takes each parameter by name
        self,
        *,
        most_features: int = 20,
        min_share: float = 0.05,
        min_information: float = 0.02,
        most_alike: float = 0.8,
        l2: float = 0.1,
        monotone: Sequence[int] | None = None,
        lenient: Sequence[bool] | None = None,
        threads: int = 1,
        seed: int = 0,
    ) -> None:
        self.most_features = most_features
        self.min_share = min_share
        self.min_information = min_information
        self.most_alike = most_alike
        self.l2 = l2
        self.monotone = monotone
        self.lenient = lenient
        self.threads = threads
        self.seed = seed

    def table(self) -> pd.DataFrame:
        """Return the card: a line for each bin, the strongest feature first.

        Returns
        -------
        pandas.DataFrame
            ``feature``, ``above`` and ``up_to`` (missing at the ends, and where values are missing), ``row_count``,
            ``default_rate``, ``weight`` of evidence, and ``points``: more are safer, and 20 double the odds.
        """
        names = getattr(self, "feature_names_in_", [f"x{place}" for place in range(self.n_features_in_)])
        lines = []
        for column, bins in self.bins_.items():
            ends = np.r_[np.nan, bins.edges, np.nan]
            parts = [*zip(ends[:-1], ends[1:], bins.rows, bins.defaults, bins.weights, strict=True)]
            if bins.missing_rows:
                parts.append((np.nan, np.nan, bins.missing_rows, bins.missing_defaults, bins.missing_weight))
            for above, up_to, rows, defaults, weight in parts:
                points = -self.coefficients_[column] * weight * POINTS_TO_DOUBLE / math.log(2)
                rate = defaults / rows if rows else np.nan
                lines.append((names[column], above, up_to, int(rows), rate, weight, points))
        titles = ["feature", "above", "up_to", "row_count", "default_rate", "weight", "points"]
        return pd.DataFrame(lines, columns=titles)

    def _learned(self, X: Floats, y: Floats, *, signs: tuple[int, ...], stand_ins: Floats) -> TreeRanker:
        filled = with_stand_ins(X, stand_ins)
        bins = {
            column: monotone_bins(filled[:, column], y, direction=sign, min_share=self.min_share)
            for column, sign in enumerate(signs)
        }
        chosen, weights = self._chosen(filled, bins)
        self.intercept_, coefficients = _fitted(weights, y, l2=self.l2)
        self.bins_ = {column: bins[column] for column in chosen}
        self.coefficients_ = dict(zip(chosen, coefficients.tolist(), strict=True))
        return TreeRanker(self._trees(filled, features=X.shape[1]), stand_ins, LOG_ODDS)

    def _chosen(self, X: Floats, bins: Mapping[int, Bins]) -> tuple[list[int], Floats]:
        """Return the columns on the card, and the weights of evidence (n, columns) of the rows."""
        strongest = sorted(bins, key=lambda column: (-bins[column].information_value, column))
        chosen: list[int] = []
        weights: list[Floats] = []
        for column in strongest:
            if bins[column].information_value < self.min_information or len(chosen) == self.most_features:
                break
            weight = bins[column].weigh(X[:, column])
            if np.ptp(weight) > 0 and all(_alike(weight, other) <= self.most_alike for other in weights):
                chosen.append(column)
                weights.append(weight)
        return chosen, np.column_stack(weights) if weights else np.empty((len(X), 0))

    def _trees(self, X: Floats, *, features: int) -> Trees:
        """Return the card as trees: one of a single leaf for the intercept, one for each feature."""
        roots = [Node(len(X), value=self.intercept_)]
        for column, bins in self.bins_.items():
            roots.append(_tree(column, bins, self.coefficients_[column]))
        return Trees.of(roots, features=features)


def _alike(first: Floats, second: Floats) -> float:
    return abs(float(np.corrcoef(first, second)[0, 1]))


def _fitted(weights: Floats, y: Floats, *, l2: float) -> tuple[float, Floats]:
    """Return intercept and coefficients, none negative, that minimise the log loss plus the ridge penalty."""
    design = np.column_stack([np.ones(len(y)), weights])

    def loss(beta: Floats) -> tuple[float, Floats]:
        z = design @ beta
        penalty = l2 * np.r_[0.0, beta[1:]]
        value = np.sum(np.logaddexp(0, z) - y * z) + penalty @ beta / 2
        return float(value), design.T @ (expit(z) - y) + penalty

    start = np.r_[logit(y.mean()), np.ones(weights.shape[1])]
    bounds = [(None, None)] + [(0.0, None)] * weights.shape[1]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 1_000, "gtol": 1e-8})
    return float(found.x[0]), np.asarray(found.x[1:])


def _tree(column: int, bins: Bins, coefficient: float) -> Node:
    """Return the bins of a feature as a tree of few levels; where values are missing, they have a leaf of their own."""
    values, rows = coefficient * bins.weights, np.maximum(bins.rows, SOME)
    below = _halved(column, bins.edges, values, rows)
    if not bins.missing_rows:
        return below
    missing = Node(bins.missing_rows, value=coefficient * bins.missing_weight)
    return Node(
        below.rows + bins.missing_rows,
        feature=column,
        threshold=LOWEST,
        missing_left=True,
        children=(missing, below),
    )


def _halved(column: int, edges: Floats, values: Floats, rows: npt.NDArray[np.float64]) -> Node:
    if not len(edges):
        return Node(float(rows[0]), value=float(values[0]))
    middle = len(edges) // 2
    left = _halved(column, edges[:middle], values[: middle + 1], rows[: middle + 1])
    right = _halved(column, edges[middle + 1 :], values[middle + 1 :], rows[middle + 1 :])
    return Node(
        left.rows + right.rows,
        feature=column,
        threshold=float(edges[middle]),
        children=(left, right),
    )
