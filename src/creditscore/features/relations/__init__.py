"""Relations of the book that features are made of."""

from creditscore.features.relations.base import Facts, Relation, RowRelation, View
from creditscore.features.relations.events import Events
from creditscore.features.relations.facilities import Facilities
from creditscore.features.relations.links import Links, NeighborEvents, NeighborReceivables
from creditscore.features.relations.orders import Orders
from creditscore.features.relations.peers import Peers
from creditscore.features.relations.position import Position
from creditscore.features.relations.profile import Profile
from creditscore.features.relations.receivables import OpenReceivables, Receivables
from creditscore.features.relations.statements import Statements
from creditscore.features.relations.timeseries import (
    Industry,
    IndustryReleases,
    Macro,
    MacroReleases,
    Releases,
    TimeSeries,
)

__all__ = [
    "Events",
    "Facilities",
    "Facts",
    "Industry",
    "IndustryReleases",
    "Links",
    "Macro",
    "MacroReleases",
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
]
