"""One node of a tree, with what hangs below it: how trees are read from libraries, certified and explained."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A split with two children, or a leaf without.

    Parameters
    ----------
    rows
        Development rows, or their weight, that came through.
    value
        What a leaf says.
    feature, threshold
        A row goes left where its value of the feature is at most the threshold.
    missing_left
        Whether a missing value goes left.
    children
        The left and the right child; empty at a leaf.
    """

    rows: float
    value: float = 0.0
    feature: int = 0
    threshold: float = 0.0
    missing_left: bool = False
    children: tuple["Node", ...] = ()

    @property
    def height(self) -> int:
        """Most splits between here and a leaf."""
        return 1 + max(child.height for child in self.children) if self.children else 0

    @property
    def mean(self) -> float:
        """What the leaves below say on average of development."""
        if not self.children:
            return self.value
        return sum(child.rows / self.rows * child.mean for child in self.children)

    def splits(self) -> Iterator["Node"]:
        """Yield the splits from here on, parents first, left before right."""
        if self.children:
            yield self
            for child in self.children:
                yield from child.splits()
