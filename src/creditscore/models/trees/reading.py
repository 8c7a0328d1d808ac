"""From the trees of LightGBM and scikit-learn to plain arrays that send every row to the same leaf."""

import sys
from typing import TYPE_CHECKING, Any

from creditscore.models.trees.arrays import Trees
from creditscore.models.trees.node import Node

if TYPE_CHECKING:
    import lightgbm as lgb
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.tree._tree import Tree


def trees_of_lightgbm(booster: "lgb.Booster") -> Trees:
    """Return the trees of a fitted booster with numeric features.

    The sum of a row's leaves is LightGBM's raw score to the last bit; its forests divide it by the number of trees.
    """
    roots = [_lightgbm_node(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]]
    return Trees.of(roots, features=booster.num_feature())


def trees_of_sklearn(forest: "RandomForestClassifier") -> Trees:
    """Return the trees of a fitted scikit-learn forest of two classes; a leaf says the share of the second class.

    The sum of a row's leaves over the number of trees is the forest's own probability to the last bit, if one thread
    adds it up there. scikit-learn rounds rows to 32 bits before it compares them; round them for the same answer.
    """
    roots = [_sklearn_node(one.tree_, 0) for one in forest.estimators_]
    return Trees.of(roots, features=int(forest.n_features_in_))


def _lightgbm_node(node: dict[str, Any]) -> Node:
    if "split_feature" not in node:
        return Node(rows=node.get("leaf_count", 1), value=node["leaf_value"])
    # LightGBM takes a missing value for 0 where development had none.
    missing_left = node["default_left"] if node["missing_type"] == "NaN" else node["threshold"] >= 0
    return Node(
        node["internal_count"],
        feature=node["split_feature"],
        threshold=node["threshold"],
        missing_left=missing_left,
        children=(_lightgbm_node(node["left_child"]), _lightgbm_node(node["right_child"])),
    )


def _sklearn_node(tree: "Tree", place: int) -> Node:
    rows = float(tree.weighted_n_node_samples[place])
    left, right = int(tree.children_left[place]), int(tree.children_right[place])
    if left < 0:
        return Node(rows, value=float(tree.value[place, 0, 1]))
    return Node(
        rows,
        feature=int(tree.feature[place]),
        # All values go left, missing ones right: below every infinity, as every value is.
        threshold=min(float(tree.threshold[place]), sys.float_info.max),
        missing_left=bool(tree.missing_go_to_left[place]),
        children=(_sklearn_node(tree, left), _sklearn_node(tree, right)),
    )
