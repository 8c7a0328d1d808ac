"""Scores of posted snapshot rows."""

from creditscore_serving.access import about
from creditscore_serving.desk.posted import read_rows, score_posted
from creditscore_serving.routes.operation import MANY_CUSTOMERS_BYTES, Answer, Ask, Operation
from creditscore_serving.schemas.common import Nothing
from creditscore_serving.schemas.scores import RowsRequest, score_models


def rows(ask: Ask[Nothing]) -> Answer:
    """Score posted rows, each with a status of its own."""
    posted = read_rows(ask.body)
    about(one.row.customer_id for one in posted if one.row is not None)
    return Answer(score_posted(ask.edition, posted))


OPERATIONS = (
    Operation(
        name="rows",
        summary="Scores of posted snapshot rows by the champion; nothing is stored",
        method="POST",
        path="/v1/rows",
        answer=rows,
        most_bytes=MANY_CUSTOMERS_BYTES,
        raw=True,
        asks=RowsRequest,
        answers_with=lambda horizon: score_models(horizon).rows,
        example={"rows": [{"customer_id": "C0000042", "as_of": "2024-12-31", "features": {"overdue_ratio": 0.25}}]},
    ),
)
