"""Who may ask what: keys, tokens, limits, business units, masked fields, and a log of who asked about whom."""

from creditscore_serving.access.asked import about, current_caller
from creditscore_serving.access.audit import AuditLog
from creditscore_serving.access.caller import EVERYBODY, Caller
from creditscore_serving.access.guard import Guard, is_local
from creditscore_serving.access.masking import concealed, is_confidential, masked
from creditscore_serving.access.middleware import AccessControl
from creditscore_serving.access.permissions import Permission, permission_for
from creditscore_serving.access.rate import Rate
from creditscore_serving.access.store import AccessStore
from creditscore_serving.access.units import Units, UnitTable, visible, visible_segments
from creditscore_serving.access.withholding import NOBODY, hidden_in, withheld

__all__ = [
    "EVERYBODY",
    "NOBODY",
    "AccessControl",
    "AccessStore",
    "AuditLog",
    "Caller",
    "Guard",
    "Permission",
    "Rate",
    "UnitTable",
    "Units",
    "about",
    "concealed",
    "current_caller",
    "hidden_in",
    "is_confidential",
    "is_local",
    "masked",
    "permission_for",
    "visible",
    "visible_segments",
    "withheld",
]
