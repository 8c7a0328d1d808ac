"""Relations of the book that features are made of."""

from creditscore.features.relations.base import Facts, Relation, RowRelation, View
from creditscore.features.relations.orders import Orders
from creditscore.features.relations.profile import Profile
from creditscore.features.relations.receivables import Receivables

__all__ = ["Facts", "Orders", "Profile", "Receivables", "Relation", "RowRelation", "View"]
