"""Daily trade-credit scores of companies: features, probabilities of default, scores, colours, reserves and reasons."""

from importlib.metadata import version

__version__ = version("creditscore")

__all__ = ["__version__"]
