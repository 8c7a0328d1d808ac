"""Parity: the same snapshot, bundle and policy give the same bits on every path."""

from creditscore.scoring.parity.proof import ParityProof, PathResult
from creditscore.scoring.parity.proving import prove_parity

__all__ = ["ParityProof", "PathResult", "prove_parity"]
