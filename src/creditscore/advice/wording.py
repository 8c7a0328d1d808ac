"""Why an answer is what it is, in English and Chinese."""

from creditscore.domain import Reason

LARGE_AMOUNT = Reason(
    "A01", en="The amount is large against the customer's usual turnover", zh="申请金额相对客户平时采购额偏高"
)
LONG_TERM = Reason("A02", en="The term asked for is longer than the usual one", zh="申请账期长于客户惯用账期")
ASKING = Reason(
    "A03",
    en="Customers who ask for this default more often than others of their score",
    zh="提出此类申请的客户违约率高于同分客户",
)
POLICY_TERM = Reason("A04", en="The policy allows a shorter term for this colour", zh="该颜色对应的政策账期上限更短")
POLICY_SUSPENDED = Reason("A05", en="The policy suspends trade for this colour", zh="该颜色对应的政策为暂停交易")

NO_HISTORY = Reason(
    "N01",
    en="The customer's history is missing or too short to measure the request",
    zh="客户历史缺失或过短，无法衡量申请",
)
IN_DEFAULT = Reason("N02", en="The customer is in default, so nothing is forecast", zh="客户已处于违约状态，不作预测")
TOO_LARGE = Reason(
    "N03", en="Too few granted requests were this large against usual turnover", zh="历史上获批的同等规模申请过少"
)
TOO_LONG = Reason(
    "N04", en="Too few granted requests asked for this much longer a term", zh="历史上获批的同等延期申请过少"
)
TOO_RARE = Reason(
    "N05",
    en="Too few customers of this risk were granted a request like this",
    zh="同等风险的客户中获批类似申请者过少",
)
