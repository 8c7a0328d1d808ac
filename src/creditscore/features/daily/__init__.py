"""From day to day: totals of the ledger that new facts and the passing of days move, so that a day costs a day."""

from creditscore.features.daily.answer import Day, snapshot_by_state
from creditscore.features.daily.folder import StateFolder
from creditscore.features.daily.state import LedgerState
from creditscore.features.ledger.columns import TooWide

__all__ = ["Day", "LedgerState", "StateFolder", "TooWide", "snapshot_by_state"]
