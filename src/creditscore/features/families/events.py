# ruff: noqa: D401 - a feature is a noun, and its docstring says what the column holds
"""What the world tells of the customer: E features."""

import ibis

from creditscore.domain import Reason
from creditscore.features.definition import feature
from creditscore.features.relations import Events, Position
from creditscore.features.relations.arithmetic import amount_where, count_where, ratio, total

DAYS_IN_MONTH = 30.4375

# News and broken promises are forgotten soon, a lawsuit later, a listing as dishonest lasts for years.
HALF_LIFE_DAYS = {"broken_promise": 90, "negative_news": 90, "litigation": 180, "dishonesty": 365}


@feature(
    family="events",
    unit="count",
    risk="rises",
    reason=Reason("E01", en="Recent negative events", zh="近三个月有负面事件"),
)
def events_90d_count(events: Events) -> ibis.Value:
    """Number of events of any kind in the last 90 days."""
    return count_where(events.within(90))


@feature(
    family="events",
    unit="count",
    risk="rises",
    reason=Reason("E02", en="Several negative events within a year", zh="近一年负面事件较多"),
)
def events_365d_count(events: Events) -> ibis.Value:
    """Number of events of any kind in the last 365 days."""
    return count_where(events.within(365))


@feature(
    family="events",
    unit="level",
    risk="rises",
    reason=Reason("E03", en="Negative events weigh on the customer", zh="负面事件的累积影响"),
)
def events_decayed_level(events: Events) -> ibis.Value:
    """Number of events, each halved for every 180 days of its age; 0 when there is none."""
    return events.decayed_count(events.age_days.notnull(), half_life_days=180)


@feature(
    family="events",
    unit="level",
    risk="rises",
    reason=Reason("E04", en="A grave event within a year", zh="近一年发生严重负面事件"),
)
def severity_worst_365d_level(events: Events) -> ibis.Value:
    """Largest severity of an event of the last 365 days, 0 to 1; missing when there is none."""
    return events.within(365).ifelse(events.severity, ibis.null("float64")).max()


@feature(
    family="events",
    unit="count",
    risk="rises",
    reason=Reason("E05", en="The customer was sued within a year", zh="近一年涉诉"),
)
def litigation_365d_count(events: Events) -> ibis.Value:
    """Number of events of the kind litigation in the last 365 days."""
    return events.count_of("litigation", within=365)


@feature(
    family="events",
    unit="count",
    risk="rises",
    reason=Reason("E06", en="The customer was listed as dishonest within a year", zh="近一年被列为失信"),
)
def dishonesty_365d_count(events: Events) -> ibis.Value:
    """Number of events of the kind dishonesty in the last 365 days."""
    return events.count_of("dishonesty", within=365)


@feature(
    family="events",
    unit="count",
    risk="rises",
    reason=Reason("E07", en="Negative news within a year", zh="近一年有负面新闻"),
)
def negative_news_365d_count(events: Events) -> ibis.Value:
    """Number of events of the kind negative news in the last 365 days."""
    return events.count_of("negative_news", within=365)


@feature(
    family="events",
    unit="count",
    risk="rises",
    reason=Reason("E08", en="An environmental penalty within a year", zh="近一年受到环保处罚"),
)
def environmental_penalty_365d_count(events: Events) -> ibis.Value:
    """Number of events of the kind environmental penalty in the last 365 days."""
    return events.count_of("environmental_penalty", within=365)


@feature(
    family="events",
    unit="count",
    risk="rises",
    reason=Reason("E09", en="Equity was pledged within a year", zh="近一年有股权质押"),
)
def equity_pledge_365d_count(events: Events) -> ibis.Value:
    """Number of events of the kind equity pledge in the last 365 days."""
    return events.count_of("equity_pledge", within=365)


@feature(
    family="events",
    unit="count",
    risk="rises",
    reason=Reason("E10", en="The customer has defaulted before", zh="曾有违约记录"),
)
def default_events_count(events: Events) -> ibis.Value:
    """Number of defaults, write-offs and insolvencies ever known."""
    return count_where(events.default_flag)


@feature(
    family="events",
    unit="months",
    risk="falls",
    reason=Reason("E11", en="A negative event happened recently", zh="距最近一次负面事件时间较短"),
)
def since_event_months(events: Events) -> ibis.Value:
    """Months since the last event of any kind; missing when there is none."""
    return events.since_days(events.age_days.notnull()) / DAYS_IN_MONTH


@feature(
    family="events",
    unit="months",
    risk="falls",
    reason=Reason("E12", en="The customer was sued recently", zh="距最近一次涉诉时间较短"),
)
def since_litigation_months(events: Events) -> ibis.Value:
    """Months since the last litigation; missing when there is none."""
    return events.since_days(events.of("litigation")) / DAYS_IN_MONTH


@feature(
    family="events",
    unit="count",
    risk="rises",
    reason=Reason("E13", en="Negative events of several kinds within a year", zh="近一年负面事件种类较多"),
)
def event_kinds_365d_count(events: Events) -> ibis.Value:
    """Number of different kinds of event in the last 365 days."""
    return events.kinds_where(events.within(365))


@feature(
    family="events",
    unit="amount",
    risk="rises",
    reason=Reason("E14", en="Large claims are before the courts", zh="近一年涉诉金额较大"),
)
def litigation_365d_amount(events: Events) -> ibis.Value:
    """Amount of the litigation of the last 365 days."""
    return total(amount_where(events.of("litigation") & events.within(365), events.amount))


@feature(
    family="events",
    unit="ratio",
    risk="rises",
    reason=Reason("E15", en="Litigation is large against a year of orders", zh="涉诉金额相对全年订单偏高"),
)
def litigation_to_orders_ratio(position: Position) -> ibis.Value:
    """Amount of the litigation of the last 365 days over a year of invoices; missing when nothing was invoiced."""
    return ratio(position.litigation_amount, position.ordered_amount)


@feature(
    family="events",
    unit="count",
    risk="rises",
    reason=Reason("E16", en="Promises to pay were broken within a year", zh="近一年承诺付款未兑现"),
)
def broken_promise_365d_count(events: Events) -> ibis.Value:
    """Number of events of the kind broken promise, a promise to pay that was not kept, in the last 365 days."""
    return events.count_of("broken_promise", within=365)


@feature(
    family="events",
    unit="level",
    risk="rises",
    reason=Reason("E17", en="Promises to pay were broken lately", zh="近期承诺付款未兑现"),
)
def broken_promise_decayed_level(events: Events) -> ibis.Value:
    """Number of broken promises to pay, each halved for every 90 days of its age; 0 when there is none."""
    return _decayed(events, "broken_promise")


@feature(
    family="events",
    unit="level",
    risk="rises",
    reason=Reason("E18", en="Lawsuits weigh on the customer", zh="涉诉的累积影响"),
)
def litigation_decayed_level(events: Events) -> ibis.Value:
    """Number of litigations, each halved for every 180 days of its age; 0 when there is none."""
    return _decayed(events, "litigation")


@feature(
    family="events",
    unit="level",
    risk="rises",
    reason=Reason("E19", en="Listings as dishonest weigh on the customer", zh="失信记录的累积影响"),
)
def dishonesty_decayed_level(events: Events) -> ibis.Value:
    """Number of listings as dishonest, each halved for every 365 days of its age; 0 when there is none."""
    return _decayed(events, "dishonesty")


@feature(
    family="events",
    unit="level",
    risk="rises",
    reason=Reason("E20", en="Negative news weighs on the customer", zh="负面舆情的累积影响"),
)
def negative_news_decayed_level(events: Events) -> ibis.Value:
    """Number of reports of negative news, each halved for every 90 days of its age; 0 when there is none."""
    return _decayed(events, "negative_news")


@feature(
    family="events",
    unit="ratio",
    risk="rises",
    reason=Reason("E25", en="Much of the capital is pledged", zh="近一年股权质押金额相对注册资本偏高"),
)
def equity_pledge_to_capital_ratio(position: Position) -> ibis.Value:
    """Amount of the equity pledged in the last 365 days over the registered capital; missing when that is unknown."""
    return ratio(position.pledged_amount, position.capital_amount)


def _decayed(events: Events, kind: str) -> ibis.Value:
    return events.decayed_count(events.of(kind), half_life_days=HALF_LIFE_DAYS[kind])
