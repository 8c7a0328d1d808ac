"""Outcomes: versioned definitions of default, and the labels they give."""

from creditscore.outcomes.definition import DefaultDefinition
from creditscore.outcomes.labels import labelled, outcomes

__all__ = ["DefaultDefinition", "labelled", "outcomes"]
