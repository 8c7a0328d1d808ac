"""Scores of posted snapshot rows."""

from creditscore_serving.desk.posted import read_rows, score_posted
from creditscore_serving.routes.operation import Answer, Ask, Operation
from creditscore_serving.schemas.common import Nothing
from creditscore_serving.schemas.scores import RowsRequest, score_models


def rows(ask: Ask[Nothing]) -> Answer:
    """Score posted rows, each with a status of its own."""
    return Answer(score_posted(ask.edition, read_rows(ask.body)))


OPERATIONS = (
    Operation(
        name="rows",
        summary="Scores of posted snapshot rows by the champion; nothing is stored",
        method="POST",
        path="/v1/rows",
        answer=rows,
        raw=True,
        asks=RowsRequest,
        answers_with=lambda horizon: score_models(horizon).rows,
        example={"rows": [{"customer_id": "C0000042", "as_of": "2024-12-31", "features": {"overdue_ratio": 0.25}}]},
    ),
)
