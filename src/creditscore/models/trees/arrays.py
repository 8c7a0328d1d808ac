"""Trees as a few flat arrays: the safest form to keep and the fastest to walk."""

import io
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from creditscore.errors import ParameterError
from creditscore.models.checks import Floats
from creditscore.models.trees.kernel import BLOCK, add_leaves
from creditscore.models.trees.node import Node

NONE = -1  # what a leaf asks for
KINDS: Mapping[str, npt.DTypeLike] = {
    "roots": np.int32,
    "feature": np.int32,
    "threshold": np.float64,
    "child": np.int32,
    "missing_left": np.bool_,
    "value": np.float64,
    "rows": np.float64,
}


@dataclass(frozen=True, eq=False)
class Trees:
    """Binary trees over ``features`` numbers; a row goes left where its value is at most the threshold.

    The two children of a node lie side by side, behind the node itself.

    Parameters
    ----------
    features
        Number of features k.
    roots
        First node (t,) of each tree.
    feature
        Feature (m,) that a node asks for; -1 at a leaf.
    threshold
        Largest value (m,) that goes left; infinite at a leaf.
    child
        Left child (m,) of a node, the right one lies behind it; the node itself at a leaf.
    missing_left
        Whether a missing value goes left (m,).
    value
        What a leaf says (m,); 0 elsewhere.
    rows
        Development rows (m,), or their weight, that came through the node.

    Raises
    ------
    ParameterError
        If a walk along the arrays could leave them or never end.
    """

    features: int
    roots: npt.NDArray[np.int32]
    feature: npt.NDArray[np.int32]
    threshold: Floats
    child: npt.NDArray[np.int32]
    missing_left: npt.NDArray[np.bool_]
    value: Floats
    rows: Floats

    def __post_init__(self) -> None:
        if not (self._have_kinds() and self._lead_somewhere()):
            raise ParameterError(
                where="Trees",
                found="The arrays differ in length or kind, or a node leads nowhere.",
                fix="Give arrays of fitted trees.",
            )

    def __len__(self) -> int:
        """Return the number of trees."""
        return len(self.roots)

    @classmethod
    def of(cls, roots: list[Node], *, features: int) -> Self:
        """Lay trees out as arrays, each from its root depth first."""
        nodes: list[Node] = []
        children: list[int] = []
        starts = []
        for root in roots:
            starts.append(len(nodes))
            nodes.append(root)
            children.append(starts[-1])
            _lay_out(starts[-1], nodes, children)
        return cls(
            features,
            np.array(starts, np.int32),
            np.array([node.feature if node.children else NONE for node in nodes], np.int32),
            np.array([node.threshold if node.children else np.inf for node in nodes], np.float64),
            np.array(children, np.int32),
            np.array([node.missing_left for node in nodes], np.bool_),
            np.array([node.value for node in nodes], np.float64),
            np.array([node.rows for node in nodes], np.float64),
        )

    @classmethod
    def mean(cls, parts: Sequence[Self]) -> Self:
        """Return the trees of all parts, over the same features, so that a row's sum is the mean of its sums in each.

        A part alone is returned as it is.
        """
        if len(parts) == 1:
            return parts[0]
        starts = np.cumsum([0, *(len(part.feature) for part in parts[:-1])], dtype=np.int32)
        placed = list(zip(parts, starts, strict=True))
        return cls(
            parts[0].features,
            np.concatenate([part.roots + start for part, start in placed]),
            np.concatenate([part.feature for part in parts]),
            np.concatenate([part.threshold for part in parts]),
            np.concatenate([part.child + start for part, start in placed]),
            np.concatenate([part.missing_left for part in parts]),
            np.concatenate([part.value for part in parts]) / len(parts),
            np.concatenate([part.rows for part in parts]),
        )

    def nodes(self) -> Iterator[Node]:
        """Yield the root of each tree, with all that hangs below it."""
        columns = [getattr(self, name).tolist() for name in ("feature", "threshold", "child", "missing_left")]
        columns += [self.value.tolist(), self.rows.tolist()]
        for root in self.roots.tolist():
            yield _hung_up(root, columns)

    def sums(self, X: Floats, *, stand_ins: Floats | None = None, threads: int = 1) -> Floats:
        """Return for each row of ``X`` (n, k) the sum (n,) of the leaves that it falls into, added tree after tree.

        The sum of a row does not depend on its company or on the number of threads.

        Parameters
        ----------
        X
            Rows, missing as NaN.
        stand_ins
            What stands in for a missing value of each feature (k,); NaN where the trees decide on missing itself.
        threads
            Threads that share the rows.
        """
        rows, total = np.ascontiguousarray(X), np.zeros(len(X))
        column, sources, fills = self._columns
        known = fills if stand_ins is None else np.where(np.isnan(stand_ins[sources]), fills, stand_ins[sources])
        arrays = (self.roots, self.depths, column, self.threshold, self.child, self.value, sources, known)
        share = -(-len(rows) // threads)
        if threads == 1 or share < BLOCK:
            add_leaves(*arrays, rows, total)
            return total
        parts = [slice(start, start + share) for start in range(0, len(rows), share)]
        with ThreadPoolExecutor(threads) as workers:
            list(workers.map(lambda part: add_leaves(*arrays, rows[part], total[part]), parts))
        return total

    @cached_property
    def depths(self) -> npt.NDArray[np.int32]:
        """Most splits (t,) between the root of each tree and a leaf."""
        deep = np.zeros(len(self.feature), np.int32)
        for node in np.flatnonzero(self.feature != NONE):
            deep[self.child[node] : self.child[node] + 2] = deep[node] + 1
        return np.maximum.reduceat(deep, self.roots)

    @cached_property
    def _columns(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], Floats]:
        """Return the column that each node reads, the feature of each column, and what a missing value is in it.

        A feature whose missing values go left here and right there is read from two columns: in one a missing value
        lies below every threshold, in the other above. So the walk need not ask what is missing.
        """
        splits = self.feature != NONE
        asked = 2 * self.feature + ~self.missing_left
        read, places = np.unique(asked[splits], return_inverse=True)
        column = np.zeros(len(splits), np.int32)
        column[splits] = places
        if not len(read):  # leaves alone: they compare any column with infinity
            read = np.zeros(1, np.int32)
        return column, (read // 2).astype(np.int32), np.where(read % 2 == 1, np.inf, -np.inf)

    def to_bytes(self) -> bytes:
        """Return the trees as an ``npz`` file without pickle; equal trees give equal bytes."""
        buffer = io.BytesIO()
        arrays: dict[str, Any] = {name: getattr(self, name) for name in KINDS}
        np.savez_compressed(buffer, allow_pickle=False, features=np.int64(self.features), **arrays)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Read what :meth:`to_bytes` gave.

        Raises
        ------
        ParameterError
            If the content is no such file, or the arrays make no trees.
        """
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as stored:
                arrays = {name: np.ascontiguousarray(stored[name]) for name in KINDS}
                features = int(stored["features"])
        except Exception as cause:  # zip and numpy raise a dozen kinds on a damaged file
            raise ParameterError(
                where="Trees", found="The file does not hold arrays of trees.", fix="Give what Trees.to_bytes wrote."
            ) from cause
        return cls(features, **arrays)

    def _have_kinds(self) -> bool:
        whole = all(getattr(self, name).dtype == kind for name, kind in KINDS.items())
        alike = {getattr(self, name).shape for name in KINDS if name != "roots"} == {(self.feature.size,)}
        return whole and alike and self.roots.ndim == 1 and self.roots.size > 0

    def _lead_somewhere(self) -> bool:
        """Tell whether every walk stays inside and ends: children lie behind their parents, values are finite."""
        count, places = len(self.feature), np.arange(len(self.feature))
        leaf = self.feature == NONE
        onward = np.where(leaf, self.child == places, (self.child > places) & (self.child < count - 1))
        asked = np.where(leaf, self.threshold == np.inf, np.isfinite(self.threshold) & (self.feature < self.features))
        starts = (self.roots >= 0) & (self.roots < count) & (np.diff(self.roots, prepend=-1) > 0)
        sound = (self.feature >= NONE) & np.isfinite(self.value) & (self.rows >= 0)
        return bool(onward.all() and asked.all() and starts.all() and sound.all())


def _lay_out(place: int, nodes: list[Node], children: list[int]) -> None:
    """Put what hangs below the node at a place behind all that is laid out, the left side first."""
    waiting = [place]
    while waiting:
        parent = waiting.pop()
        if not nodes[parent].children:
            continue
        first = len(nodes)
        children[parent] = first
        nodes.extend(nodes[parent].children)
        children.extend([first, first + 1])
        waiting += [first + 1, first]


def _hung_up(place: int, columns: list[list[Any]]) -> Node:
    feature, threshold, child, missing_left, value, rows = (column[place] for column in columns)
    if feature == NONE:
        return Node(rows=rows, value=value)
    children = (_hung_up(child, columns), _hung_up(child + 1, columns))
    return Node(rows, feature=feature, threshold=threshold, missing_left=missing_left, children=children)
