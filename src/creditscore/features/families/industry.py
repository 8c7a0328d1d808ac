"""How the customer's industry fares: I features, over the series of the simulated portfolio.

A book with other series gets its features from the same makers, in its recipe.
"""

from creditscore.domain import Reason
from creditscore.features.series import industry_change, industry_level, industry_surprise

prosperity = industry_level(
    "prosperity", risk="falls", reason=Reason("I01", en="The industry is not prosperous", zh="行业景气度偏低")
)
prosperity_change = industry_change(
    "prosperity",
    months=12,
    risk="falls",
    reason=Reason("I02", en="The industry's prosperity is falling", zh="行业景气度下滑"),
)
orders = industry_level(
    "orders", risk="falls", reason=Reason("I03", en="The industry's order books are thin", zh="行业订单偏少")
)
orders_change = industry_change(
    "orders", months=6, risk="falls", reason=Reason("I04", en="The industry's orders are falling", zh="行业订单下滑")
)

prosperity_surprise = industry_surprise(
    "prosperity",
    risk="falls",
    reason=Reason("I05", en="The industry's prosperity disappoints", zh="行业景气度不及预期"),
)
