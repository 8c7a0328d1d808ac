"""Exact attributions of a forest of shallow trees, from tables instead of walks.

What a leaf gives to the features on its path depends on a row only through the conditions of the path that it meets.
Below a node with at most two more levels there are at most three splits, so a handful of yes-or-no answers decides what
all of its leaves give: the sums are tabulated once for every combination of answers, and to explain a row is to look
up. The values are those of path-dependent TreeSHAP [1]_, as is the average they start from.

References
----------
.. [1] Lundberg, S. M. et al. (2020). From local explanations to global understanding with explainable AI for trees.
   Nature Machine Intelligence 2, 56-67. doi:10.1038/s42256-019-0138-9
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from creditscore.models.checks import Floats
from creditscore.models.trees.lookup import MISSING, add_shares
from creditscore.models.trees.node import Node

DEEPEST = 8  # splits between root and leaf; the tables double with each
LEVELS = 2  # levels of a tree that share a table
NO_VALUE = MISSING - 1  # a rank that no value has


@dataclass(frozen=True, slots=True)
class Condition:
    """What sends a row along a path as far as one feature goes: ``low < value <= high``, or missing where allowed.

    ``cover`` is the share of rows that development sent the same way.
    """

    low: float = -np.inf
    high: float = np.inf
    missing: bool = True
    cover: float = 1.0

    def narrowed(self, node: Node, *, left: bool) -> "Condition":
        """Add one split of the same feature."""
        child = node.children[0 if left else 1]
        return Condition(
            self.low if left else max(self.low, node.threshold),
            min(self.high, node.threshold) if left else self.high,
            self.missing and node.missing_left == left,
            self.cover * child.rows / node.rows,
        )


Path = dict[int, Condition]


@dataclass(frozen=True, slots=True)
class Attributions:
    """Tables of trees; what a leaf says is shared out among the features on its path.

    Attributes
    ----------
    average
        What the trees say on average of their development rows, added up.
    thresholds, starts
        Sorted thresholds of all features, feature after feature, and where each feature's begin (k + 1,).
    conditions
        What is asked, each once, as feature, lowest rank, highest rank and missing; shape (c, 4).
    asked
        Which condition each bit of a group's combination of answers stands for, shape (g, b).
    firsts
        Where the entries of each feature begin (k + 1,).
    groups
        Group (e,) of each entry.
    tables
        What each entry gives for each combination of answers, shape (e, 2 ** b).
    """

    average: float
    thresholds: Floats
    starts: NDArray[np.int64]
    conditions: NDArray[np.uint16]
    asked: NDArray[np.int64]
    firsts: NDArray[np.int64]
    groups: NDArray[np.int64]
    tables: Floats

    @classmethod
    def of(cls, trees: list[Node], *, features: int) -> Self:
        """Tabulate trees of at most ``DEEPEST`` levels over ``features`` features."""
        found = [group for tree in trees for group in _groups(tree, {})]
        splits = sorted({(node.feature, node.threshold) for tree in trees for node in tree.splits()})
        thresholds = tuple(np.array([value for owner, value in splits if owner == f]) for f in range(features))
        width = max(len(group.asked) for group in found)
        entries = sorted(
            ((owner, index, table) for index, group in enumerate(found) for owner, table in group.tables(width)),
            key=lambda entry: entry[:2],
        )
        answers = np.array([group.ranked(thresholds, width) for group in found], dtype=np.uint16)
        conditions, asked = np.unique(answers.reshape(-1, 4), axis=0, return_inverse=True)
        return cls(
            sum(tree.mean for tree in trees),
            np.concatenate(thresholds),
            np.cumsum([0, *map(len, thresholds)], dtype=np.int64),
            conditions,
            asked.reshape(len(found), width).astype(np.int64),
            np.searchsorted([owner for owner, _, _ in entries], np.arange(features + 1)).astype(np.int64),
            np.array([index for _, index, _ in entries], dtype=np.int64),
            np.array([table for _, _, table in entries]).reshape(len(entries), 2**width),
        )

    def __call__(self, X: Floats) -> Floats:
        """Return each feature's share (n, k) of what the trees say, added up, of the rows ``X`` (n, k).

        A row's bits do not depend on its company: its shares are added up entry after entry.
        """
        shares = np.zeros(X.shape)
        add_shares(
            self.thresholds,
            self.starts,
            self.conditions,
            self.asked,
            self.firsts,
            self.groups,
            self.tables,
            np.ascontiguousarray(X, dtype=np.float64),
            shares,
        )
        return shares


@dataclass(frozen=True, slots=True)
class _Group:
    """The leaves below one node: the path to it, the splits below it, and the way to each leaf."""

    path: Path
    splits: tuple[Node, ...]
    leaves: tuple[tuple[float, tuple[tuple[int, bool], ...]], ...]

    @property
    def asked(self) -> list[tuple[int, Condition]]:
        """The conditions whose answers decide: those of the path, then each split's way to the left."""
        below = [(node.feature, Condition().narrowed(node, left=True)) for node in self.splits]
        return [*self.path.items(), *below]

    def ranked(self, thresholds: tuple[Floats, ...], width: int) -> list[tuple[int, int, int, int]]:
        """Return the asked conditions on ranks among the thresholds; padding asks for a rank that no value has."""
        rows = []
        for feature, condition in self.asked:
            below, highest = np.searchsorted(thresholds[feature], [condition.low, condition.high], side="left")
            lowest = 0 if np.isneginf(condition.low) else int(below) + 1
            # A path that parts values from missing ones at one threshold twice is left for the missing ones alone.
            ranks = (lowest, int(highest)) if lowest <= highest else (NO_VALUE, NO_VALUE)
            rows.append((feature, *ranks, int(condition.missing)))
        return rows + [(0, NO_VALUE, NO_VALUE, 0)] * (width - len(rows))

    def tables(self, width: int) -> Iterator[tuple[int, Floats]]:
        """Yield each feature with what it gets for each combination of answers, summed over the leaves."""
        answers = (np.arange(2**width)[:, None] >> np.arange(width)) & 1 == 1
        total: dict[int, Floats] = {}
        for value, way in self.leaves:
            met, covers = self._on_the_way(way, answers)
            shares = value * _shapley(met, np.array(list(covers.values())))
            for column, feature in enumerate(covers):
                total[feature] = total.get(feature, np.zeros(2**width)) + shares[:, column]
        yield from total.items()

    def _on_the_way(
        self, way: tuple[tuple[int, bool], ...], answers: NDArray[np.bool_]
    ) -> tuple[NDArray[np.bool_], dict[int, float]]:
        """Return, for each feature between the root and a leaf, whether a row meets it (m, d), and its cover."""
        met = {feature: answers[:, bit] for bit, feature in enumerate(self.path)}
        covers = {feature: condition.cover for feature, condition in self.path.items()}
        for split, left in way:
            node = self.splits[split]
            feature = node.feature
            answer = answers[:, len(self.path) + split] == left
            met[feature] = met[feature] & answer if feature in met else answer
            covers[feature] = Condition(cover=covers.get(feature, 1.0)).narrowed(node, left=left).cover
        return np.array(list(met.values())).reshape(len(met), len(answers)).T, covers


def _shapley(met: NDArray[np.bool_], covers: Floats) -> Floats:
    """Return the Shapley values (m, d) of the game in which a known feature multiplies by 0 or 1, an unknown by cover.

    The value of feature j is ``(met_j - cover_j)`` times the integral over t in [0, 1] of the product over the others
    of ``t met_i + (1 - t) cover_i``, a polynomial that Gauss's rule integrates exactly.
    """
    players = len(covers)
    if players == 0:
        return np.zeros(met.shape)
    t, weights = _gauss(players // 2 + 1)
    factors = t[:, None, None] * met + (1 - t)[:, None, None] * covers
    # Row j of the last but one axis leaves player j out of the product.
    others = np.where(np.eye(players, dtype=bool), 1.0, factors[:, :, None, :]).prod(axis=3)
    return (met - covers) * np.tensordot(weights, others, axes=1)


@cache
def _gauss(points: int) -> tuple[Floats, Floats]:
    """Return nodes and weights of Gauss's rule on [0, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(points)
    return (nodes + 1) / 2, weights / 2


def _groups(node: Node, path: Path) -> Iterator[_Group]:
    if node.height <= LEVELS:
        splits = tuple(node.splits())
        numbers = {id(split): number for number, split in enumerate(splits)}
        yield _Group(path, splits, tuple(_leaves(node, numbers, ())))
        return
    feature = node.feature
    for child, left in zip(node.children, (True, False), strict=True):
        narrowed = path.get(feature, Condition()).narrowed(node, left=left)
        yield from _groups(child, {**path, feature: narrowed})


def _leaves(
    node: Node, numbers: dict[int, int], way: tuple[tuple[int, bool], ...]
) -> Iterator[tuple[float, tuple[tuple[int, bool], ...]]]:
    if not node.children:
        yield node.value, way
        return
    number = numbers[id(node)]
    for child, left in zip(node.children, (True, False), strict=True):
        yield from _leaves(child, numbers, (*way, (number, left)))
