"""From scores to decisions that can be defended: governed colours, limits, reserves, alerts, applications."""

from creditscore.decisions.alerts import ALERT_COLUMNS, follow_alerts, standing_alerts
from creditscore.decisions.freezes import FOLLOWED_FREEZE_COLUMNS, FREEZE_COLUMNS, follow_freezes, freezes
from creditscore.decisions.telling import freeze_text

__all__ = [
    "ALERT_COLUMNS",
    "FOLLOWED_FREEZE_COLUMNS",
    "FREEZE_COLUMNS",
    "follow_alerts",
    "follow_freezes",
    "freeze_text",
    "freezes",
    "standing_alerts",
]
