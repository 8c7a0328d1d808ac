"""The audit of leakage: whether anything learned later than a day moves a feature of that day."""

from creditscore.features.leakage.perturbing import Alteration
from creditscore.features.leakage.proof import LeakageProof, Moved
from creditscore.features.leakage.proving import prove_no_leakage

__all__ = ["Alteration", "LeakageProof", "Moved", "prove_no_leakage"]
