"""The BentoML service; it parses, asks the desk, and answers."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, cast

import bentoml
from bentoml.exceptions import NotFound
from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from creditscore.domain import Workspace
from creditscore_serving.access import AccessControl, Guard
from creditscore_serving.decisions import DecisionEndpoints, scored
from creditscore_serving.desk import Desk
from creditscore_serving.problems import ProblemDocuments, log_without_payloads
from creditscore_serving.schemas import RowsRequest, ScoreRequest, ScoresRequest, answer_models


def service_of(workspace: Workspace) -> bentoml.Service[Any]:
    """Return the service of one workspace.

    The answers are typed by the horizon of its champion, so the service is made once that is known.

    Raises
    ------
    BundleError
        If no bundle decides yet, or a file of it is missing or altered.
    """
    log_without_payloads()
    opened = Desk(workspace)
    one, many = answer_models(opened.bundle.horizon_months)

    @bentoml.service(name="creditscore", traffic={"timeout": 30}, workers=1, threads=2)
    class Scores(DecisionEndpoints):
        """Daily scores and decisions on customers, and scores of posted snapshot rows."""

        def __init__(self) -> None:
            self.desk = opened

        def __is_ready__(self) -> bool:
            """Answer ``/readyz``."""
            return self.desk.is_ready()

        @bentoml.api(route="/v1/score")
        def score(self, request: ScoreRequest, /) -> one:  # type: ignore[valid-type]  # made above
            """Return the daily score of one customer."""
            answer = _daily(self.desk, [request.customer_id], as_of=request.as_of)
            if answer["unknown_customer_ids"]:
                raise NotFound("customer_id: This customer has no score on that day.")
            provenance = {name: answer[name] for name in ("bundle_hash", "policy_hash", "run_id")}
            return one.model_validate({**answer["scores"][0], **provenance})

        @bentoml.api(route="/v1/scores")
        def scores(self, request: ScoresRequest, /) -> many:  # type: ignore[valid-type]  # made above
            """Return the daily scores of several customers, and which of them have none."""
            return many.model_validate(_daily(self.desk, request.customer_ids, as_of=request.as_of))

        @bentoml.api(route="/v1/rows")
        def rows(self, request: RowsRequest, /) -> many:  # type: ignore[valid-type]  # made above
            """Score posted snapshot rows with the champion; nothing is stored."""
            _refuse(
                (("rows", index, "features", name), found)
                for index, row in enumerate(request.rows)
                for name, found in self.desk.wrong_names(row.features).items()
            )
            return many.model_validate(self.desk.posted([row.model_dump() for row in request.rows]))

    service = cast("bentoml.Service[Any]", Scores)
    service.add_asgi_middleware(AccessControl, guard=Guard(workspace))
    service.add_asgi_middleware(ProblemDocuments)
    return service


def _daily(desk: Desk, customer_ids: Sequence[str], *, as_of: date | None) -> dict[str, Any]:
    return scored(desk.daily(customer_ids, as_of=as_of))


def _refuse(found: Iterable[tuple[tuple[str | int, ...], str]]) -> None:
    """Refuse the request with every field at fault, as Pydantic would."""
    errors = [
        InitErrorDetails(type=PydanticCustomError("feature_name", "{found}", {"found": text}), loc=field, input=None)
        for field, text in found
    ]
    if errors:
        raise ValidationError.from_exception_data("RowsRequest", errors)
