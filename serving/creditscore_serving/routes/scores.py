"""Daily scores of customers."""

from creditscore_serving.access import about
from creditscore_serving.desk import daily
from creditscore_serving.routes.operation import MANY_CUSTOMERS_BYTES, MISSING, Answer, Ask, Operation
from creditscore_serving.schemas.common import DayQuery, PageQuery
from creditscore_serving.schemas.scores import ScoreRequest, ScoresRequest, score_models


def score(ask: Ask[DayQuery]) -> Answer:
    """Return a customer's score of a day."""
    return Answer(daily.score_on(ask.desk, ask.edition, ask.customer_id, as_of=ask.query.as_of))


def score_at_once(ask: Ask[DayQuery]) -> Answer | None:
    """Return a customer's score of the latest day."""
    if not daily.is_at_hand(ask.edition, ask.query.as_of):
        return None
    return Answer(daily.latest_score(ask.edition, ask.customer_id))


def posted_score(ask: Ask[ScoreRequest]) -> Answer:
    """Return the score of a customer whose id stands in the body."""
    return Answer(daily.score_on(ask.desk, ask.edition, ask.query.customer_id, as_of=ask.query.as_of))


def posted_score_at_once(ask: Ask[ScoreRequest]) -> Answer | None:
    """Return the score of the latest day of a customer whose id stands in the body."""
    if not daily.is_at_hand(ask.edition, ask.query.as_of):
        return None
    return Answer(daily.latest_score(ask.edition, ask.query.customer_id))


def scores(ask: Ask[ScoresRequest]) -> Answer:
    """Return scores of many customers."""
    asked = ask.query.customer_ids
    about(asked)
    told = asked if ask.caller.units is None else ask.units.seen(ask.caller, asked)
    found = daily.scores_on(ask.desk, ask.edition, told, as_of=ask.query.as_of)
    known = {one["customer_id"] for one in found["scores"]}
    return Answer({**found, "unknown_customer_ids": [one for one in asked if one not in known]})


def history(ask: Ask[PageQuery]) -> Answer:
    """Return the scores that were served for a customer."""
    query = ask.query
    return Answer(daily.history(ask.desk, ask.edition, ask.customer_id, limit=query.limit, cursor=query.cursor))


OPERATIONS = (
    Operation(
        name="score",
        summary="The daily score of a customer",
        method="GET",
        path="/v1/customers/{customer_id}/score",
        answer=score,
        at_once=score_at_once,
        asks=DayQuery,
        answers_with=lambda horizon: score_models(horizon).one,
        statuses=MISSING,
    ),
    Operation(
        name="postedScore",
        summary="The daily score of a customer whose id stands in the body",
        method="POST",
        path="/v1/score",
        answer=posted_score,
        at_once=posted_score_at_once,
        asks=ScoreRequest,
        answers_with=lambda horizon: score_models(horizon).one,
        example={"customer_id": "C0000042"},
        statuses=MISSING,
    ),
    Operation(
        name="scores",
        summary="The daily scores of several customers, and which of them have none",
        method="POST",
        path="/v1/scores",
        answer=scores,
        most_bytes=MANY_CUSTOMERS_BYTES,
        asks=ScoresRequest,
        answers_with=lambda horizon: score_models(horizon).many,
        example={"customer_ids": ["C0000042", "C0000007"]},
        statuses=MISSING,
    ),
    Operation(
        name="history",
        summary="The scores that were served for a customer, the latest day first",
        method="GET",
        path="/v1/customers/{customer_id}/scores",
        answer=history,
        asks=PageQuery,
        answers_with=lambda horizon: score_models(horizon).history,
        statuses=MISSING,
    ),
)
