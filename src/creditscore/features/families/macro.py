"""How the economy fares: M features, over the series of the simulated portfolio.

A book with other series gets its features from the same makers, in its recipe.
"""

from creditscore.domain import Reason
from creditscore.features.series import macro_change, macro_level, macro_surprise

output_gap = macro_level(
    "output_gap", risk="falls", reason=Reason("M01", en="The economy runs below its potential", zh="经济低于潜在产出")
)
output_gap_change = macro_change(
    "output_gap", months=12, risk="falls", reason=Reason("M02", en="The economy is slowing", zh="经济增长放缓")
)
credit_spread = macro_level("credit_spread", risk="rises", reason=Reason("M03", en="Credit is dear", zh="信用利差偏高"))
credit_spread_change = macro_change(
    "credit_spread", months=12, risk="rises", reason=Reason("M04", en="Credit has become dearer", zh="信用利差扩大")
)
interest_rate = macro_level(
    "interest_rate", risk="either", reason=Reason("M05", en="Level of interest rates", zh="利率水平")
)
interest_rate_change = macro_change(
    "interest_rate", months=12, risk="either", reason=Reason("M06", en="Change of interest rates", zh="利率变动")
)
pmi = macro_level("pmi", risk="falls", reason=Reason("M07", en="Purchasing managers are gloomy", zh="采购经理指数偏低"))
pmi_change = macro_change(
    "pmi",
    months=6,
    risk="falls",
    reason=Reason("M08", en="Purchasing managers have become gloomier", zh="采购经理指数下滑"),
)
ppi = macro_level("ppi", risk="falls", reason=Reason("M09", en="Producer prices are falling", zh="工业品出厂价格走低"))

output_gap_surprise = macro_surprise(
    "output_gap", risk="falls", reason=Reason("M10", en="Output disappoints", zh="产出缺口数据不及预期")
)
credit_spread_surprise = macro_surprise(
    "credit_spread", risk="rises", reason=Reason("M11", en="Credit is dearer than expected", zh="信用利差高于预期")
)
pmi_surprise = macro_surprise(
    "pmi", risk="falls", reason=Reason("M12", en="Purchasing managers disappoint", zh="采购经理指数不及预期")
)
ppi_surprise = macro_surprise(
    "ppi", risk="either", reason=Reason("M13", en="Producer prices against what was expected", zh="工业品价格偏离预期")
)
