"""Trees as plain arrays: how they are read from libraries, kept, walked and explained."""

from creditscore.models.trees.arrays import Trees
from creditscore.models.trees.attributions import DEEPEST, Attributions
from creditscore.models.trees.node import Node
from creditscore.models.trees.reading import trees_of_lightgbm, trees_of_sklearn

__all__ = ["DEEPEST", "Attributions", "Node", "Trees", "trees_of_lightgbm", "trees_of_sklearn"]
