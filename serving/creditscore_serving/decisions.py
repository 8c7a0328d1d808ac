"""Endpoints of what was decided: alerts, the reserve ledger, applications."""

from typing import Any

import bentoml
from bentoml.exceptions import InvalidArgument, NotFound, ServiceUnavailable

from creditscore.errors import NotScoredError, ParameterError, PolicyError, StoreError
from creditscore_serving.desk import Desk
from creditscore_serving.schemas import (
    AlertsAnswer,
    AlertsRequest,
    ApplicationRequest,
    ReserveAnswer,
    ReserveRequest,
)


class DecisionEndpoints:
    """What a service answers about decisions; it opens the desk."""

    desk: Desk

    @bentoml.api(route="/v1/alerts")
    def alerts(self, request: AlertsRequest, /) -> AlertsAnswer:
        """Return every change of a customer's receivable alerts up to a day, and which stand on it."""
        return AlertsAnswer.model_validate(scored(self.desk.alerts(request.customer_id, as_of=request.as_of)))

    @bentoml.api(route="/v1/reserve")
    def reserve(self, request: ReserveRequest, /) -> ReserveAnswer:
        """Return the reserve ledger of a day: opening, movements and closing, in total and by segment."""
        return ReserveAnswer.model_validate(scored(self.desk.reserve(as_of=request.as_of)))

    @bentoml.api(route="/v1/applications")
    def applications(self, request: ApplicationRequest, /) -> dict[str, Any]:
        """Decide on an application for credit, keep the record of the decision and return it."""
        try:
            return self.desk.application(request.model_dump())
        except NotScoredError as error:
            raise NotFound(str(error)) from error
        except ParameterError as error:
            raise InvalidArgument(str(error)) from error
        except (PolicyError, StoreError) as error:
            raise ServiceUnavailable(str(error)) from error


def scored(answer: dict[str, Any] | None) -> dict[str, Any]:
    """Refuse where the day was not scored.

    Raises
    ------
    NotFound
        If there is no answer.
    """
    if answer is None:
        raise NotFound("as_of: That day was not scored.")
    return answer
