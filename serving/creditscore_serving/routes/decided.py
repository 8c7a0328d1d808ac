"""Alerts, the reserve ledger, the portfolio."""

from creditscore_serving.desk import decided
from creditscore_serving.routes.operation import MISSING, Answer, Ask, Operation
from creditscore_serving.schemas.common import DayQuery
from creditscore_serving.schemas.decisions import (
    AlertsAnswer,
    AlertsQuery,
    CustomerAlertsAnswer,
    PortfolioAnswer,
    ReserveAnswer,
)


def customer_alerts(ask: Ask[DayQuery]) -> Answer:
    """Return the history of a customer's alerts."""
    return Answer(decided.customer_alerts(ask.desk, ask.edition, ask.customer_id, as_of=ask.query.as_of))


def alerts(ask: Ask[AlertsQuery]) -> Answer:
    """Return the alerts that stand."""
    query = ask.query
    return Answer(
        decided.standing_alerts(ask.desk, ask.edition, level=query.level, limit=query.limit, cursor=query.cursor)
    )


def reserve(ask: Ask[DayQuery]) -> Answer:
    """Return the reserve ledger of a day."""
    return Answer(decided.reserve(ask.desk, ask.edition, as_of=ask.query.as_of))


def portfolio(ask: Ask[DayQuery]) -> Answer:
    """Return the sums of a day."""
    return Answer(decided.portfolio(ask.desk, ask.edition, as_of=ask.query.as_of))


OPERATIONS = (
    Operation(
        name="customerAlerts",
        summary="Every change of the alerts of a customer's receivables up to a day, and which stand on it",
        method="GET",
        path="/v1/customers/{customer_id}/alerts",
        answer=customer_alerts,
        asks=DayQuery,
        answers_with=CustomerAlertsAnswer,
        statuses=MISSING,
    ),
    Operation(
        name="alerts",
        summary="The alerts that stand on the latest scored day, by invoice",
        method="GET",
        path="/v1/alerts",
        answer=alerts,
        asks=AlertsQuery,
        answers_with=AlertsAnswer,
    ),
    Operation(
        name="portfolio",
        summary="The portfolio of a day in sum",
        method="GET",
        path="/v1/portfolio",
        answer=portfolio,
        asks=DayQuery,
        answers_with=PortfolioAnswer,
        statuses=MISSING,
    ),
    Operation(
        name="reserve",
        summary="The reserve ledger of a day: opening, movements, closing, in total, by industry and region",
        method="GET",
        path="/v1/reserve",
        answer=reserve,
        asks=DayQuery,
        answers_with=ReserveAnswer,
        statuses=MISSING,
    ),
)
