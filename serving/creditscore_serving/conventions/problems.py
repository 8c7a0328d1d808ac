"""Errors as RFC 9457 problem documents that name the field at fault, and logs without the caller's data."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from pydantic import ValidationError
from pydantic_core import to_json
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from creditscore.errors import (
    CreditScoreError,
    NotScoredError,
    ParameterError,
    ReusedKeyError,
    StoreError,
    UntrainedError,
)
from creditscore_serving.conventions.load import OverloadedError
from creditscore_serving.served.editions import NotReadyError

logger = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
MOST_FAULTS = 1_000  # of a body, or of a posted row
MOST_OF_A_PART = 20  # told of a posted row or customer
LONGEST_NAME = 200  # of a field, which a caller may make as long as a body
SHOWN = 3  # fields that the sentence names; the list names all
RETRY_SECONDS, AWAY_SECONDS = "1", "5"
STATUSES: tuple[tuple[type[Exception], HTTPStatus], ...] = (
    (NotScoredError, HTTPStatus.NOT_FOUND),
    (ReusedKeyError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (ParameterError, HTTPStatus.BAD_REQUEST),
    (UntrainedError, HTTPStatus.CONFLICT),
    (CreditScoreError, HTTPStatus.SERVICE_UNAVAILABLE),  # what an answer rests on is gone, broken or busy
)
PASSING = (NotReadyError, OverloadedError)  # asked again in a moment, these may be gone
FieldErrors = list[dict[str, str]]


class RefusedError(Exception):
    """A question that is refused with the fields at fault.

    Parameters
    ----------
    status
        Status of the answer.
    errors
        What is wrong, by field.
    """

    def __init__(self, status: HTTPStatus, errors: Mapping[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.status = status
        self.errors: FieldErrors = [{"field": field, "message": message} for field, message in errors.items()]


def problem_of(error: Exception, request_id: str) -> Response:
    """Return the answer to a request that failed, and log it if it is the service's own failure."""
    if isinstance(error, ValidationError):
        return problem(HTTPStatus.BAD_REQUEST, request_id, errors=told_errors(error))
    if isinstance(error, RefusedError):
        return problem(error.status, request_id, errors=error.errors)
    if isinstance(error, HTTPException):
        return problem(HTTPStatus(error.status_code), request_id, detail=error.detail, headers=error.headers)
    if isinstance(error, ClientDisconnect):
        return problem(HTTPStatus.BAD_REQUEST, request_id, detail="The body broke off.")
    if isinstance(error, CreditScoreError):
        return _of_library(error, request_id)
    # The message of an unforeseen error may quote what was asked; its kind and place do not.
    logger.error("Failed: request_id=%s %s", request_id, _place(error))
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, request_id, detail="An unforeseen error; the log names its place.")


QUIET: dict[str, Any] = {"include_url": False, "include_context": False, "include_input": False}


def _of_library(error: CreditScoreError, request_id: str) -> Response:
    status = next(status for kind, status in STATUSES if isinstance(error, kind))
    if status is not HTTPStatus.SERVICE_UNAVAILABLE:
        return problem(status, request_id, detail=str(error))
    if isinstance(error, PASSING):
        return problem(status, request_id, detail=str(error), headers={"retry-after": RETRY_SECONDS})
    logger.warning("Not answered: request_id=%s %s", request_id, error)
    # A store comes back by itself; a broken bundle or policy needs somebody.
    headers = {"retry-after": AWAY_SECONDS} if isinstance(error, StoreError) else None
    return problem(status, request_id, detail=str(error), headers=headers)


def problem(
    status: HTTPStatus,
    request_id: str,
    *,
    detail: str = "",
    errors: FieldErrors | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a problem document [1]_.

    References
    ----------
    .. [1] Nottingham, M., Wilde, E., Dalal, S. (2023). Problem Details for HTTP APIs. RFC 9457.

    Examples
    --------
    >>> answer = problem(HTTPStatus.NOT_FOUND, "r1", errors=[{"field": "as_of", "message": "Not scored."}])
    >>> answer.status_code, answer.body[-53:]
    (404, b'"errors":[{"field":"as_of","message":"Not scored."}]}')
    """
    told = errors or []
    sentences = "; ".join(f"{one['field']}: {one['message']}" for one in told[:SHOWN])
    document = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": detail or sentences,
        "request_id": request_id,
        "errors": told,
    }
    kept = {**(headers or {}), "cache-control": "no-store"}
    return Response(to_json(document), status.value, kept, MEDIA_TYPE)


def told_errors(error: ValidationError, *, before: tuple[str | int, ...] = ()) -> FieldErrors:
    """Return what Pydantic found wrong, by field, with what stands before each field's name.

    So many faults that listing them would take more memory than the body are counted instead.
    """
    count = error.error_count()
    if count > MOST_FAULTS:
        field = ".".join(map(str, before)) or "body"
        return [{"field": field, "message": f"{count:,} fields are wrong, too many to name."}]
    return [
        {
            "field": ".".join(str(part)[:LONGEST_NAME] for part in (*before, *one["loc"])) or "body",
            "message": one["msg"],
        }
        for one in error.errors(**QUIET)
    ]


def fewer(errors: FieldErrors, part: str) -> FieldErrors:
    """Return the first errors of a part of a body, and how many more it has: many parts may have thousands each.

    >>> fewer([{"field": "rows.0.as_of", "message": "Field required"}], "rows.0")
    [{'field': 'rows.0.as_of', 'message': 'Field required'}]
    """
    more = len(errors) - MOST_OF_A_PART
    if more <= 0:
        return errors
    return [*errors[:MOST_OF_A_PART], {"field": part, "message": f"{more:,} more fields are wrong."}]


def _place(error: Exception) -> str:
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    place = "" if last is None else f" in {last.tb_frame.f_code.co_qualname}, line {last.tb_lineno}"
    return f"{type(error).__name__}{place}"
