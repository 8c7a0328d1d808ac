"""Scores of posted facts."""

from http import HTTPStatus

from starlette.exceptions import HTTPException

from creditscore_serving.access import Permission, about
from creditscore_serving.desk.facts import read_facts, score_facts
from creditscore_serving.routes.operation import MANY_CUSTOMERS_BYTES, Answer, Ask, Operation
from creditscore_serving.schemas.common import Nothing
from creditscore_serving.schemas.facts import MOST_CUSTOMERS, MOST_FACTS, FactsRequest
from creditscore_serving.schemas.scores import score_models


def facts(ask: Ask[Nothing]) -> Answer:
    """Score customers from posted facts, each with a status of its own; features are told who may see amounts."""
    asked = read_facts(ask.body)
    about(one.item.customer_id for one in asked.items if one.item is not None)
    if asked.explain and not ask.caller.sees_confidential:
        raise HTTPException(HTTPStatus.FORBIDDEN, f"The values of features are told with {Permission.AMOUNTS_READ}.")
    return Answer(score_facts(ask.desk, ask.edition, asked, sees=ask.sees, units=ask.caller.units))


OPERATIONS = (
    Operation(
        name="facts",
        summary=f"Scores of customers from posted facts, at most {MOST_CUSTOMERS} customers and {MOST_FACTS:,} facts; "
        "nothing is stored",
        method="POST",
        path="/v1/facts",
        most_bytes=MANY_CUSTOMERS_BYTES,
        answer=facts,
        raw=True,
        asks=FactsRequest,
        answers_with=lambda horizon: score_models(horizon).facts,
        example={
            "items": [
                {
                    "customer_id": "N0000001",
                    "as_of": "2024-12-31",
                    "facts": {
                        "customers": [{"industry_code": "C39", "region": "East", "founded_on": "2012-05-02"}],
                        "invoices": [
                            {
                                "invoice_id": "I1",
                                "issued_on": "2024-09-02",
                                "due_on": "2024-10-02",
                                "amount": 1_250_000,
                            },
                            {
                                "invoice_id": "I2",
                                "issued_on": "2024-11-18",
                                "due_on": "2024-12-18",
                                "amount": 800_000,
                            },
                        ],
                        "payments": [
                            {"payment_id": "P1", "invoice_id": "I1", "paid_on": "2024-10-11", "amount": 1_250_000}
                        ],
                    },
                }
            ]
        },
    ),
)
