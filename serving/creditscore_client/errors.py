"""What the service refused or could not answer; never with what was asked."""

from http import HTTPStatus
from typing import Any

from creditscore_client.models import FieldError


class ServiceError(Exception):
    """The service did not answer the question.

    Attributes
    ----------
    status
        HTTP status; ``None`` where no answer came.
    detail
        What the service says of it.
    errors
        Each field at fault.
    request_id
        By which the service's log names the request; "" where no answer came.
    """

    def __init__(
        self, detail: str, *, status: int | None = None, errors: tuple[FieldError, ...] = (), request_id: str = ""
    ) -> None:
        super().__init__(f"{'' if status is None else f'{status} '}{detail}")
        self.status = status
        self.detail = detail
        self.errors = errors
        self.request_id = request_id


class RefusedError(ServiceError):
    """The question is wrong; asked again it will be refused again."""


class NotAllowedError(RefusedError):
    """The key is missing, unknown or not allowed to ask this."""


class NotFoundError(RefusedError):
    """The customer or the day has no score."""


class UnavailableError(ServiceError):
    """The service is away, overloaded or asked too often; every attempt within the patience failed."""


NOT_ALLOWED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
AGAIN = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)


def error_of(status: int, problem: dict[str, Any], request_id: str) -> ServiceError:
    """Return the error that a problem document stands for."""
    kind: type[ServiceError] = ServiceError
    if status in AGAIN:
        kind = UnavailableError
    elif status in NOT_ALLOWED:
        kind = NotAllowedError
    elif status == HTTPStatus.NOT_FOUND:
        kind = NotFoundError
    elif status < HTTPStatus.INTERNAL_SERVER_ERROR:
        kind = RefusedError
    errors = tuple(FieldError.model_validate(one) for one in problem.get("errors", ()))
    detail = str(problem.get("detail") or problem.get("title") or HTTPStatus(status).phrase)
    return kind(detail, status=status, errors=errors, request_id=request_id)
