"""The scorecard: one table of points a feature, the transparent benchmark."""

from creditscore.models.scorecard.bins import Bins, monotone_bins
from creditscore.models.scorecard.card import Scorecard

__all__ = ["Bins", "Scorecard", "monotone_bins"]
