"""A simulated portfolio whose true probabilities of default are known."""

from creditscore.book.simulation.parameters import Parameters
from creditscore.book.simulation.portfolio import Portfolio
from creditscore.book.simulation.requests import truth_under_requests
from creditscore.book.simulation.run import simulate

__all__ = ["Parameters", "Portfolio", "simulate", "truth_under_requests"]
