"""Who is reached from where over links of any direction: a breadth-first search on whole arrays."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from creditscore.policy.exact import IntArray

NOBODY = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The nearest start of each node and the last step of a shortest way from it; arrays of one length.

    Parameters
    ----------
    distance
        Number of links from the nearest start; -1 where none reaches the node.
    start
        That start; of several equally near the smallest number. -1 where none.
    previous
        The node before this one on the way; of several the smallest number. -1 at a start and where none.
    link
        The link of the last step; of several between the same nodes the first. -1 at a start and where none.
    """

    distance: IntArray
    start: IntArray
    previous: IntArray
    link: IntArray

    @classmethod
    def unreached(cls, count: int) -> Self:
        """Return the reach of nothing over so many nodes."""
        nothing = (np.full(count, NOBODY, np.int64) for _ in range(4))
        return cls(**dict(zip(("distance", "start", "previous", "link"), nothing, strict=True)))


@dataclass(frozen=True, slots=True)
class _Steps:
    """Every link from both of its ends, in the order of where the step begins.

    Parameters
    ----------
    begin, end, link
        The nodes of each step, and the link that it takes.
    first
        Position of the first step of each node, and the number of steps at the end.
    """

    begin: IntArray
    end: IntArray
    link: IntArray
    first: IntArray

    @classmethod
    def of(cls, source: IntArray, target: IntArray, *, count: int) -> Self:
        begin, end = np.concatenate([source, target]), np.concatenate([target, source])
        order = np.argsort(begin, kind="stable")
        link = np.tile(np.arange(source.size), 2)[order]
        first = np.searchsorted(begin[order], np.arange(count + 1))
        return cls(begin[order], end[order], link, first)

    def from_nodes(self, nodes: IntArray) -> IntArray:
        """Return the positions of all steps that begin at the nodes."""
        start, length = self.first[nodes], self.first[nodes + 1] - self.first[nodes]
        ahead = np.cumsum(length) - length  # how many steps of the nodes before
        return np.repeat(start - ahead, length) + np.arange(length.sum())


def reach(starts: IntArray, *, source: IntArray, target: IntArray, count: int) -> Reach:
    """Search from all starts at once, one ring of nodes after the other.

    A node's start is also that of the node before it on the way: a smaller one that is as near to that node would be as
    near to this one too. So each ring takes its starts from the ring before.

    Parameters
    ----------
    starts
        Different nodes.
    source, target
        The nodes at the ends of each link.
    count
        Number of nodes; they are numbered from 0.

    Examples
    --------
    >>> found = reach(np.array([0]), source=np.array([1, 2]), target=np.array([0, 1]), count=4)
    >>> found.distance.tolist(), found.previous.tolist()
    ([0, 1, 2, -1], [-1, 0, 1, -1])
    """
    steps, found = _Steps.of(source, target, count=count), Reach.unreached(count)
    found.distance[starts], found.start[starts] = 0, starts
    ring, distance = starts, 0
    while ring.size:
        distance += 1
        ring = _next_ring(ring, steps, found)
        found.distance[ring] = distance
    return found


def _next_ring(ring: IntArray, steps: _Steps, found: Reach) -> IntArray:
    """Note for each node that is reached anew how, and return those nodes."""
    taken = steps.from_nodes(ring)
    taken = taken[found.distance[steps.end[taken]] == NOBODY]
    begin, end, link = steps.begin[taken], steps.end[taken], steps.link[taken]
    order = np.lexsort((link, begin, found.start[begin], end))
    nodes, best = np.unique(end[order], return_index=True)
    chosen = order[best]
    found.start[nodes] = found.start[begin[chosen]]
    found.previous[nodes], found.link[nodes] = begin[chosen], link[chosen]
    return nodes
