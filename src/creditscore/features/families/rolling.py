"""How the balance moves through its ageing: more of the X features.

An invoice counts whole, with its invoiced amount, as long as it is not settled, for what was still open of it on an
earlier day is not told by its last payment.
"""

import ibis

from creditscore.domain import Reason
from creditscore.features.definition import feature
from creditscore.features.relations import OpenReceivables, Receivables
from creditscore.features.relations.arithmetic import amount_where, ratio, total

STEP_DAYS = 30


@feature(
    family="exposure",
    unit="ratio",
    risk="rises",
    reason=Reason("X15", en="What fell due in the last month stays unpaid", zh="近一个月到期款项转为逾期的比例偏高"),
)
def roll_current_ratio(receivables: Receivables) -> ibis.Value:
    """Share still open, by invoice amount, of what was open 30 days ago and fell due since; missing if nothing did."""
    return _rolled(receivables, 1 - STEP_DAYS, 0)  # not yet past due then, past due now unless paid


@feature(
    family="exposure",
    unit="ratio",
    risk="rises",
    reason=Reason(
        "X16", en="What was up to 30 days past due a month ago stays unpaid", zh="逾期1至30天款项继续滚动逾期的比例偏高"
    ),
)
def roll_1_30d_ratio(receivables: Receivables) -> ibis.Value:
    """Share still open, by invoice amount, of what was 1 to 30 days past due 30 days ago; missing when nothing was."""
    return _rolled(receivables, 1, 30)


@feature(
    family="exposure",
    unit="ratio",
    risk="rises",
    reason=Reason(
        "X17",
        en="What was 31 to 60 days past due a month ago stays unpaid",
        zh="逾期31至60天款项继续滚动逾期的比例偏高",
    ),
)
def roll_31_60d_ratio(receivables: Receivables) -> ibis.Value:
    """Share still open, by invoice amount, of what was 31 to 60 days past due 30 days ago; missing when nothing was."""
    return _rolled(receivables, 31, 60)


@feature(
    family="exposure",
    unit="ratio",
    risk="rises",
    reason=Reason(
        "X18",
        en="What was 61 to 90 days past due a month ago stays unpaid",
        zh="逾期61至90天款项继续滚动逾期的比例偏高",
    ),
)
def roll_61_90d_ratio(receivables: Receivables) -> ibis.Value:
    """Share still open, by invoice amount, of what was 61 to 90 days past due 30 days ago; missing when nothing was."""
    return _rolled(receivables, 61, 90)


@feature(
    family="exposure",
    unit="ratio",
    risk="either",
    reason=Reason("X19", en="Open invoices against three months ago", zh="未结发票金额相对三个月前的变化"),
)
def open_growth_90d_ratio(receivables: Receivables) -> ibis.Value:
    """Amount of the invoices not settled over that of those not settled 90 days ago, less 1; missing if none was."""
    now = total(amount_where(receivables.open_flag, receivables.amount))
    return ratio(now, total(amount_where(receivables.open_before(90), receivables.amount))) - 1.0


@feature(
    family="exposure",
    unit="ratio",
    risk="rises",
    reason=Reason("X20", en="Much is past due although nobody disputes it", zh="无争议逾期金额占余额比例偏高"),
)
def overdue_undisputed_ratio(receivables: OpenReceivables) -> ibis.Value:
    """Share of the open balance that is past due and not disputed; missing when nothing is open."""
    part = amount_where(~receivables.disputed_flag, receivables.overdue_amount)
    return ratio(total(part), total(receivables.open_amount))


def _rolled(receivables: Receivables, first: int, last: int) -> ibis.Value:
    """Return the share still open of what was open and ``first`` to ``last`` days past due one step ago."""
    then = receivables.open_before(STEP_DAYS) & receivables.due_between(first + STEP_DAYS, last + STEP_DAYS)
    still = total(amount_where(then & receivables.open_flag, receivables.amount))
    return ratio(still, total(amount_where(then, receivables.amount)))
