"""What the service refused or could not answer; never with what was asked."""

from http import HTTPStatus

import httpx
from pydantic import BaseModel, ValidationError

from creditscore_client.answers import FieldError
from creditscore_client.request_ids import HEADER

SHOWN = 3  # fields that a sentence names


class ServiceError(Exception):
    """The service did not answer the question.

    Attributes
    ----------
    status
        HTTP status; ``None`` where no answer came.
    title
        What the status means; "" where no answer came.
    detail
        What the service says of it.
    errors
        Each field at fault.
    request_id
        By which the service's log names the request, if it came there.
    """

    def __init__(
        self,
        detail: str,
        *,
        status: int | None = None,
        title: str = "",
        errors: tuple[FieldError, ...] = (),
        request_id: str = "",
    ) -> None:
        super().__init__(f"{'' if status is None else f'{status} '}{detail}")
        self.status = status
        self.title = title
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


class _Problem(BaseModel):
    """What is read of a problem document; a proxy may send one with less, or none."""

    title: str = ""
    detail: str = ""
    errors: tuple[FieldError, ...] = ()


def error_of(found: httpx.Response) -> ServiceError:
    """Return the error that an answer stands for."""
    status = found.status_code
    kind: type[ServiceError] = ServiceError
    if status in AGAIN:
        kind = UnavailableError
    elif status in NOT_ALLOWED:
        kind = NotAllowedError
    elif status == HTTPStatus.NOT_FOUND:
        kind = NotFoundError
    elif status < HTTPStatus.INTERNAL_SERVER_ERROR:
        kind = RefusedError
    problem = _problem(found)
    title = problem.title or found.reason_phrase
    detail = problem.detail or title or "It is not said why."
    return kind(detail, status=status, title=title, errors=problem.errors, request_id=_request_id(found))


def unreadable(found: httpx.Response, wrong: ValidationError) -> ServiceError:
    """Return the error of an answer that is none of the service, or of a service of another version."""
    places = [".".join(str(part) for part in one["loc"]) or "body" for one in wrong.errors()]
    detail = (
        f"{wrong.title}: {len(places)} fields are not what the client reads: {', '.join(places[:SHOWN])}. "
        "Is something between client and service, or is one of them of another version?"
    )
    return ServiceError(detail, status=found.status_code, title=found.reason_phrase, request_id=_request_id(found))


def _problem(found: httpx.Response) -> _Problem:
    if not found.headers.get("content-type", "").startswith("application/problem+json"):
        return _Problem()
    try:
        return _Problem.model_validate_json(found.content)
    except ValidationError:
        return _Problem()


def _request_id(found: httpx.Response) -> str:
    return str(found.headers.get(HEADER) or found.request.headers.get(HEADER, ""))
