import numpy as np
import pytest

from creditscore.models.trees import Attributions, Node
from creditscore.models.trees.attributions import NO_VALUE
from creditscore.models.trees.lookup import BLOCK

NAN = np.nan


def leaf(value, count):
    return Node(count, value=value)


def split(feature, left, right, *, threshold=0.0, missing_left=False):
    rows = left.rows + right.rows
    return Node(rows, feature=feature, threshold=threshold, missing_left=missing_left, children=(left, right))


# Missing values go right with the values above 0, and part from them at the same threshold one level below.
TREE = split(
    0,
    leaf(0.1, 50),
    split(
        0,
        leaf(0.6, 20),
        split(1, leaf(0.2, 10), split(1, leaf(0.3, 15), leaf(0.9, 5), threshold=1.0)),
        missing_left=True,
    ),
)
ROWS = np.array([[-1.0, 2.0], [0.0, 0.0], [1.0, -1.0], [1.0, 0.5], [3.0, 2.0], [NAN, 0.5], [NAN, NAN], [1.0, NAN]])


def expected(node, row, known):
    """The value of a tree for a row of which only some features are known; the others go as development went."""
    if not node.children:
        return node.value
    value = row[node.feature]
    if node.feature in known:
        left = node.missing_left if np.isnan(value) else value <= node.threshold
        return expected(node.children[not left], row, known)
    return sum(child.rows * expected(child, row, known) for child in node.children) / node.rows


def test_shares_are_shapley_values_also_where_only_missing_values_reach_a_leaf():
    tables = Attributions.of([TREE], features=2)
    nobody, first, second, both = (
        np.array([expected(TREE, row, known) for row in ROWS]) for known in (set(), {0}, {1}, {0, 1})
    )
    shares = tables(ROWS)
    assert [NO_VALUE, NO_VALUE, 1] in tables.conditions[:, 1:].tolist()
    np.testing.assert_allclose(shares[:, 0], (first - nobody + both - second) / 2, rtol=0, atol=1e-15)
    np.testing.assert_allclose(shares[:, 1], (second - nobody + both - first) / 2, rtol=0, atol=1e-15)


@pytest.mark.parametrize("rows", [1, BLOCK - 1, BLOCK, 3 * BLOCK + 1])
def test_a_row_gets_the_same_bits_whatever_block_it_is_looked_up_in(model, sample, rows):
    tables = Attributions.of(list(model.ranker.trees.nodes()), features=4)
    X = np.where(np.isnan(sample.X_later), model.ranker.stand_ins, sample.X_later)
    np.testing.assert_array_equal(tables(X[:rows]).view(np.int64), tables(X)[:rows].view(np.int64))
