"""From scores to decisions that can be defended: governed colours, limits, reserves, alerts, applications."""

from creditscore.decisions.reserves import (
    CLOSING_COLUMNS,
    HELD_COLUMNS,
    HOLDING_COLUMNS,
    MOVEMENT_COLUMNS,
    ReserveBook,
    closings,
    settle_book,
)

__all__ = [
    "CLOSING_COLUMNS",
    "HELD_COLUMNS",
    "HOLDING_COLUMNS",
    "MOVEMENT_COLUMNS",
    "ReserveBook",
    "closings",
    "settle_book",
]
