"""Features: one function, one column, from the relations of the book as they were known on a day."""

from creditscore.features.catalogue import catalogue
from creditscore.features.definition import Feature, feature
from creditscore.features.engine import observe, panel, snapshot
from creditscore.features.frame import feature_matrix, snapshot_hash
from creditscore.features.relations import Orders, Profile, Receivables

__all__ = [
    "Feature",
    "Orders",
    "Profile",
    "Receivables",
    "catalogue",
    "feature",
    "feature_matrix",
    "observe",
    "panel",
    "snapshot",
    "snapshot_hash",
]
