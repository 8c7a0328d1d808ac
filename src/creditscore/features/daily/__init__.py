"""From day to day: totals of the ledger that new facts and the passing of days move, so that a day costs a day."""

from creditscore.features.daily.state import LedgerState

__all__ = ["LedgerState"]
