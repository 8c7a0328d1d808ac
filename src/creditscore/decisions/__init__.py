"""From scores to decisions that can be defended: governed colours, limits, reserves, alerts, applications."""

from creditscore.decisions.backtest import Backtest, backtest
from creditscore.decisions.frontier import GRID, chosen_setting, efficient, frontier

__all__ = [
    "GRID",
    "Backtest",
    "backtest",
    "chosen_setting",
    "efficient",
    "frontier",
]
