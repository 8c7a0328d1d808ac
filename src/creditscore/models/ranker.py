"""What ranks customers: trees whose leaves add up to a default rate or to log-odds, or a blend of such."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from threading import Lock
from typing import Final, Literal, Protocol

import numpy as np
from scipy.special import expit, logit

from creditscore.errors import ParameterError
from creditscore.models.checks import Floats
from creditscore.models.trees import DEEPEST, Attributions, Trees

RATE: Final = "rate"  # the mean of a row's leaves is its default rate
LOG_ODDS: Final = "log_odds"  # their sum is its log-odds
FLOOR = 1e-6  # a component of a blend that says 0 must not have the only word
NEAR, STEP = 1e-9, 1e-6
TABULATING = Lock()  # threads that need the tables of the same trees at once wait for the first to make them


class Ranker(Protocol):
    """Ranks rows by a default rate that is not calibrated yet, and says what each feature has to do with it."""

    @property
    def features(self) -> int:
        """Number of features k."""

    def default_rate(self, X: Floats, *, threads: int = 1) -> Floats:
        """Return the default rate (n,) in [0, 1] of rows ``X`` (n, k), missing as NaN."""

    def attributions(self, X: Floats) -> tuple[Floats, float]:
        """Return each feature's share (n, k) of what the ranker adds up, and what it starts from."""

    def rate_of(self, total: Floats) -> Floats:
        """Return the default rate that belongs to what the ranker adds up."""


@dataclass(frozen=True, eq=False)
class TreeRanker:
    """Trees and what their leaves mean.

    Parameters
    ----------
    trees
        The trees.
    stand_ins
        What stands in for a missing value of each feature (k,); NaN where the trees decide on missing itself.
    link
        ``"rate"`` if the mean of a row's leaves is its default rate, ``"log_odds"`` if their sum is its log-odds.

    Raises
    ------
    ParameterError
        If there is not one stand-in for each feature, one is infinite, the link is another word, or a tree has more
        than 8 levels: the tables that explain it double with each.
    """

    trees: Trees
    stand_ins: Floats
    link: Literal["rate", "log_odds"]

    def __post_init__(self) -> None:
        whole = self.stand_ins.shape == (self.trees.features,) and not np.isinf(self.stand_ins).any()
        if not whole or self.link not in {RATE, LOG_ODDS}:
            raise ParameterError(
                where="TreeRanker",
                found=f"{self.stand_ins.size} stand-ins for {self.trees.features} features, link {self.link!r}.",
                fix="Give one finite number or NaN for each feature, and the link rate or log_odds.",
            )
        if self.trees.depths.max() > DEEPEST:
            raise ParameterError(
                where="TreeRanker",
                found=f"A tree has {self.trees.depths.max()} levels.",
                fix=f"Grow trees of at most {DEEPEST} levels, which can be explained from tables.",
            )

    @property
    def features(self) -> int:
        """Number of features k."""
        return self.trees.features

    def default_rate(self, X: Floats, *, threads: int = 1) -> Floats:
        """Return the default rate (n,) of rows ``X`` (n, k), missing as NaN; alone and in a batch the same bits."""
        sums = self.trees.sums(X, stand_ins=self.stand_ins, threads=threads)
        return self.rate_of(sums / len(self.trees) if self.link == RATE else sums)

    def attributions(self, X: Floats) -> tuple[Floats, float]:
        """Return each feature's share (n, k) of the rate or log-odds, and the development average they start from.

        Exact path-dependent Shapley values [1]_: the average plus a row's shares is its rate, or its log-odds.

        References
        ----------
        .. [1] Lundberg, S. M. et al. (2020). From local explanations to global understanding with explainable AI for
           trees. Nature Machine Intelligence 2, 56-67. doi:10.1038/s42256-019-0138-9
        """
        shares = self._tables(np.where(np.isnan(X), self.stand_ins, X))
        many = len(self.trees) if self.link == RATE else 1
        return shares / many, self._tables.average / many

    def rate_of(self, total: Floats) -> Floats:
        """Return the default rate of a mean of leaves, or of log-odds."""
        return np.clip(total, 0.0, 1.0) if self.link == RATE else expit(total)

    @cached_property
    def _tables(self) -> Attributions:
        with TABULATING:
            return _tabulated(self.trees.to_bytes())


@dataclass(frozen=True, eq=False)
class Blend:
    """Several rankers whose log-odds are averaged.

    Parameters
    ----------
    rankers
        The components, over the same features.
    weights
        Weight of each, above 0; they add up to 1.

    Raises
    ------
    ParameterError
        If there is not one weight for each ranker, the weights do not add up to 1, or the features differ in number.
    """

    rankers: tuple[Ranker, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        sound = len(self.rankers) == len(self.weights) > 0 and min(self.weights) > 0
        if not (sound and abs(sum(self.weights) - 1) < NEAR and len({one.features for one in self.rankers}) == 1):
            raise ParameterError(
                where="Blend",
                found=f"{len(self.weights)} weights for {len(self.rankers)} models.",
                fix="Give each a weight above 0 that add up to 1, and models over the same features.",
            )

    @property
    def features(self) -> int:
        """Number of features k."""
        return self.rankers[0].features

    def default_rate(self, X: Floats, *, threads: int = 1) -> Floats:
        """Return the default rate (n,) of rows ``X`` (n, k)."""
        return blended_rate([one.default_rate(X, threads=threads) for one in self.rankers], self.weights)

    def attributions(self, X: Floats) -> tuple[Floats, float]:
        """Return each feature's share (n, k) of the log-odds, and what they start from: the components' averages."""
        parts = [carried_over(*one.attributions(X), to=_LogOdds(one)) for one in self.rankers]
        shares = _mean([shares for shares, _ in parts], self.weights)
        return shares, float(_mean([np.array([start]) for _, start in parts], self.weights)[0])

    def rate_of(self, total: Floats) -> Floats:
        """Return the default rate of averaged log-odds."""
        return expit(total)


def blended_rate(rates: Sequence[Floats], weights: Sequence[float]) -> Floats:
    """Return the default rate (n,) whose log-odds are the weighted mean of those of several rates (n,)."""
    return np.asarray(expit(_mean([_log_odds(rate) for rate in rates], weights)))


def _mean(parts: Sequence[Floats], weights: Sequence[float]) -> Floats:
    total = weights[0] * parts[0]
    for weight, part in zip(weights[1:], parts[1:], strict=True):
        total = total + weight * part
    return total


def components(ranker: Ranker) -> tuple[TreeRanker, ...]:
    """Return the sets of trees that a ranker is made of.

    Raises
    ------
    ParameterError
        If it ranks by something else than trees.
    """
    parts = ranker.rankers if isinstance(ranker, Blend) else (ranker,)
    trees = tuple(one for one in parts if isinstance(one, TreeRanker))
    if len(trees) != len(parts):
        raise ParameterError(
            where="model",
            found="It ranks by something else than trees or a blend of trees.",
            fix="Use the `ranker_` of a fitted estimator, or a blend of several.",
        )
    return trees


def carried_over(shares: Floats, start: float, *, to: Callable[[Floats], Floats]) -> tuple[Floats, float]:
    """Carry shares (n, k) of a total over to a rising function of the total, by one factor a row that is not negative.

    Signs and order of a row's shares stay, and they add up to the function at the total less the function at the start.

    Returns
    -------
    tuple
        The new shares (n, k), and the function at the start.
    """
    rise = shares.sum(axis=1)
    low, there, high = to(np.array([start - STEP, start, start + STEP]))
    even = np.abs(rise) < NEAR  # there the quotient of differences is the derivative
    factor = np.where(even, (high - low) / (2 * STEP), (to(start + rise) - there) / np.where(even, 1.0, rise))
    return shares * factor[:, None], float(there)


@lru_cache(maxsize=4)  # a daily run opens the same bundles day after day
def _tabulated(content: bytes) -> Attributions:
    trees = Trees.from_bytes(content)
    return Attributions.of(list(trees.nodes()), features=trees.features)


@dataclass(frozen=True)
class _LogOdds:
    """From what a ranker adds up to log-odds."""

    ranker: Ranker

    def __call__(self, total: Floats) -> Floats:
        return _log_odds(self.ranker.rate_of(total))


def _log_odds(rates: Floats) -> Floats:
    return np.asarray(logit(np.clip(rates, FLOOR, 1 - FLOOR)))
