"""Replay: a past run made once more from what was recorded, and compared with the ledger bit by bit."""

from creditscore.scoring.replaying.replay import Finding, Replay
from creditscore.scoring.replaying.replaying import replay

__all__ = ["Finding", "Replay", "replay"]
