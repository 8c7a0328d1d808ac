"""Features: one function, one column, from the relations of the book as they were known on a day."""

from creditscore.features.catalogue import catalogue
from creditscore.features.definition import Feature, feature
from creditscore.features.engine import observe, panel, snapshot
from creditscore.features.frame import feature_matrix, snapshot_hash
from creditscore.features.leakage import Alteration, LeakageProof, Moved, prove_no_leakage
from creditscore.features.loading import load_features
from creditscore.features.page import catalogue_page
from creditscore.features.records import from_record, named, to_record
from creditscore.features.relations import (
    Events,
    Facilities,
    Industry,
    IndustryReleases,
    Links,
    Macro,
    MacroReleases,
    NeighborEvents,
    NeighborReceivables,
    OpenReceivables,
    Orders,
    Peers,
    Position,
    Profile,
    Receivables,
    Relation,
    Releases,
    RowRelation,
    Statements,
    TimeSeries,
    View,
)
from creditscore.features.series import (
    industry_change,
    industry_level,
    industry_mean,
    industry_surprise,
    macro_change,
    macro_level,
    macro_surprise,
)
from creditscore.features.spark import distributed_panel, write_snapshot

__all__ = [
    "Alteration",
    "Events",
    "Facilities",
    "Feature",
    "Industry",
    "IndustryReleases",
    "LeakageProof",
    "Links",
    "Macro",
    "MacroReleases",
    "Moved",
    "NeighborEvents",
    "NeighborReceivables",
    "OpenReceivables",
    "Orders",
    "Peers",
    "Position",
    "Profile",
    "Receivables",
    "Relation",
    "Releases",
    "RowRelation",
    "Statements",
    "TimeSeries",
    "View",
    "catalogue",
    "catalogue_page",
    "distributed_panel",
    "feature",
    "feature_matrix",
    "from_record",
    "industry_change",
    "industry_level",
    "industry_mean",
    "industry_surprise",
    "load_features",
    "macro_change",
    "macro_level",
    "macro_surprise",
    "named",
    "observe",
    "panel",
    "prove_no_leakage",
    "snapshot",
    "snapshot_hash",
    "to_record",
    "write_snapshot",
]
