# ruff: noqa: D401 - a feature is a noun, and its docstring says what the column holds
"""What the customer may owe and asks for: X features."""

import ibis

from creditscore.domain import Reason
from creditscore.features.definition import feature
from creditscore.features.relations import Facilities, Position
from creditscore.features.relations.arithmetic import amount_where, count_where, ratio, total

ANSWER_DAYS = 30


@feature(
    family="exposure",
    unit="amount",
    risk="either",
    reason=Reason("X21", en="Limit granted", zh="已授信额度"),
)
def limit_amount(facilities: Facilities) -> ibis.Value:
    """Sum of the limits in force; 0 when there is none."""
    return total(amount_where(facilities.in_force_flag, facilities.limit_amount))


@feature(
    family="exposure",
    unit="count",
    risk="either",
    reason=Reason("X22", en="Number of facilities in force", zh="有效授信笔数"),
)
def facilities_count(facilities: Facilities) -> ibis.Value:
    """Number of facilities in force."""
    return count_where(facilities.in_force_flag)


@feature(
    family="exposure",
    unit="days",
    risk="rises",
    reason=Reason("X23", en="A long payment term is granted", zh="已批准的最长账期偏长"),
)
def term_longest_days(facilities: Facilities) -> ibis.Value:
    """Longest payment term of the facilities in force; missing when there is none."""
    return facilities.in_force_flag.ifelse(facilities.term_days, ibis.null("int64")).max()


@feature(
    family="exposure",
    unit="amount",
    risk="either",
    reason=Reason("X24", en="Amount of the latest request", zh="最近一次申请金额"),
)
def requested_amount(facilities: Facilities) -> ibis.Value:
    """Largest amount of the latest request; missing when none was ever made."""
    return facilities.latest_flag.ifelse(facilities.requested_amount, ibis.null("int64")).max()


@feature(
    family="exposure",
    unit="days",
    risk="rises",
    reason=Reason("X25", en="A long payment term was asked for", zh="最近一次申请的账期偏长"),
)
def requested_term_days(facilities: Facilities) -> ibis.Value:
    """Longest term of the latest request; missing when none was ever made."""
    return facilities.latest_flag.ifelse(facilities.requested_term_days, ibis.null("int64")).max()


@feature(
    family="exposure",
    unit="days",
    risk="either",
    reason=Reason("X26", en="Time since the latest request", zh="距最近一次申请的时间"),
)
def since_request_days(facilities: Facilities) -> ibis.Value:
    """Days since the latest request became known; missing when none was ever made."""
    return facilities.requested_flag.ifelse(facilities.asked_days, ibis.null("int64")).min()


@feature(
    family="exposure",
    unit="ratio",
    risk="rises",
    reason=Reason("X27", en="The latest request is large against earlier ones", zh="最近一次申请金额明显高于以往"),
)
def requested_growth_ratio(facilities: Facilities) -> ibis.Value:
    """Largest amount of the latest request over the mean of the earlier ones; missing when there is no earlier one."""
    earlier = facilities.requested_amount.notnull() & ~facilities.latest_flag
    latest = facilities.latest_flag.ifelse(facilities.requested_amount, ibis.null("int64")).max()
    return ratio(latest * count_where(earlier), total(amount_where(earlier, facilities.requested_amount)))


@feature(
    family="exposure",
    unit="count",
    risk="either",
    reason=Reason("X28", en="Number of requests in the last year", zh="近一年申请次数"),
)
def requests_365d_count(facilities: Facilities) -> ibis.Value:
    """Number of requests of the last 365 days."""
    return count_where(facilities.asked_within(365))


@feature(
    family="exposure",
    unit="count",
    risk="rises",
    reason=Reason("X29", en="Bulk purchases were asked for", zh="近一年提出大宗采购申请"),
)
def bulk_requests_365d_count(facilities: Facilities) -> ibis.Value:
    """Number of requests for a bulk purchase in the last 365 days."""
    return count_where(facilities.asked_within(365) & facilities.of("bulk_purchase"))


@feature(
    family="exposure",
    unit="count",
    risk="rises",
    reason=Reason("X30", en="Longer payment terms were asked for", zh="近一年提出延长账期申请"),
)
def extension_requests_365d_count(facilities: Facilities) -> ibis.Value:
    """Number of requests for a longer term in the last 365 days."""
    return count_where(facilities.asked_within(365) & facilities.of("term_extension"))


@feature(
    family="exposure",
    unit="count",
    risk="rises",
    reason=Reason("X31", en="Requests were not granted", zh="近一年有未获批准的申请"),
)
def ungranted_requests_365d_count(facilities: Facilities) -> ibis.Value:
    """Number of requests of the last 365 days that are not granted, after more than 30 days."""
    waiting = facilities.asked_within(365) & (facilities.asked_days > ANSWER_DAYS)
    return count_where(waiting & ~facilities.granted_flag)


@feature(
    family="exposure",
    unit="ratio",
    risk="rises",
    reason=Reason("X32", en="Much of the limit is used", zh="授信额度使用率偏高"),
)
def limit_utilization_ratio(position: Position) -> ibis.Value:
    """Open receivables over the limits in force; missing when there is no limit."""
    return ratio(position.open_amount, position.limit_amount)


@feature(
    family="exposure",
    unit="ratio",
    risk="rises",
    reason=Reason("X33", en="The latest request is large against the limit", zh="最近一次申请金额相对额度偏高"),
)
def requested_to_limit_ratio(position: Position) -> ibis.Value:
    """Largest amount of the latest request over the limits in force; missing when there is no limit."""
    return ratio(position.requested_amount, position.limit_amount)


@feature(
    family="exposure",
    unit="ratio",
    risk="rises",
    reason=Reason(
        "X34", en="The latest request is large against a year of orders", zh="最近一次申请金额相对全年订单偏高"
    ),
)
def requested_to_orders_ratio(position: Position) -> ibis.Value:
    """Largest amount of the latest request over a year of invoices; missing when nothing was invoiced."""
    return ratio(position.requested_amount, position.ordered_amount)


@feature(
    family="exposure",
    unit="ratio",
    risk="either",
    reason=Reason("X35", en="Limit against a year of orders", zh="额度相对全年订单"),
)
def limit_to_orders_ratio(position: Position) -> ibis.Value:
    """Limits in force over a year of invoices; missing when nothing was invoiced."""
    return ratio(position.limit_amount, position.ordered_amount)


@feature(
    family="exposure",
    unit="ratio",
    risk="rises",
    reason=Reason("X36", en="More of the limit is used than three months ago", zh="授信额度使用率较三个月前上升"),
)
def limit_utilization_change_90d_ratio(position: Position) -> ibis.Value:
    """Change over 90 days of the amount of invoices not settled, over the limits in force; missing without a limit."""
    return ratio(position.unsettled_amount - position.unsettled_90d_amount, position.limit_amount)


@feature(
    family="exposure",
    unit="flag",
    risk="rises",
    reason=Reason("X37", en="The limit is exceeded", zh="已超出授信额度"),
)
def limit_exceeded_flag(position: Position) -> ibis.Value:
    """1 when the open receivables exceed the limits in force, else 0; missing when there is no limit."""
    exceeded = (position.open_amount > position.limit_amount).cast("int64")
    return (position.limit_amount > 0).ifelse(exceeded, ibis.null("int64"))
