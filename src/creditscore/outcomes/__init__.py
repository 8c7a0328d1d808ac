"""Outcomes: versioned definitions of default, and the labels they give."""

from creditscore.outcomes.definition import DefaultDefinition
from creditscore.outcomes.entries import default_entries
from creditscore.outcomes.labels import labelled, outcomes

__all__ = ["DefaultDefinition", "default_entries", "labelled", "outcomes"]
