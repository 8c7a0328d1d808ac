"""From a request to an operation and back: what all endpoints do alike."""

from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import BaseModel
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from creditscore_serving.conventions.etags import etag_of, is_known
from creditscore_serving.conventions.load import Threads
from creditscore_serving.desk.desk import Desk
from creditscore_serving.routes.operation import Answer, Ask, Operation
from creditscore_serving.schemas.common import Nothing
from creditscore_serving.served.edition import Edition

JSON = b"application/json"
SECONDS = 30.0
NOTHING = Nothing()
Endpoint = Callable[[Request], Awaitable[Response]]


def endpoint_of(operation: Operation, desk: Desk, threads: Threads) -> Endpoint:
    """Return the endpoint of an operation: it takes the edition once, reads the question, and renders the answer."""
    default = None if operation.is_posted else operation.asks()

    async def endpoint(request: Request) -> Response:
        edition = desk.editions.take()
        body = await request.body() if operation.is_posted else b""
        if operation.at_once is not None:
            ask = _ask(request, operation, desk, edition, body, default)
            found = operation.at_once(ask)
            if found is not None:
                return _response(request, operation, desk, edition, found)
        return await threads.run(lambda: _answered(request, operation, desk, edition, body, default), seconds=SECONDS)

    endpoint.__name__ = operation.name
    return endpoint


def _answered(
    request: Request, operation: Operation, desk: Desk, edition: Edition, body: bytes, default: BaseModel | None
) -> Response:
    ask = _ask(request, operation, desk, edition, body, default)
    return _response(request, operation, desk, edition, operation.answer(ask))


def _ask(
    request: Request, operation: Operation, desk: Desk, edition: Edition, body: bytes, default: BaseModel | None
) -> Ask[Any]:
    return Ask(
        desk=desk,
        edition=edition,
        query=_question(request, operation, body, default),
        customer_id=request.path_params.get("customer_id", ""),
        caller=_caller(request),
        headers=request.headers,
        body=body,
    )


def _question(request: Request, operation: Operation, body: bytes, default: BaseModel | None) -> BaseModel:
    if operation.raw:
        return NOTHING
    if operation.is_posted:
        return operation.asks.model_validate_json(body)
    if not request.scope["query_string"] and default is not None:
        return default
    return operation.asks.model_validate(dict(request.query_params))


def _caller(request: Request) -> str:
    caller = request.scope.get("state", {}).get("caller")
    return "" if caller is None else str(caller.name)


def _response(request: Request, operation: Operation, desk: Desk, edition: Edition, answer: Answer) -> Response:
    body = to_json(answer.content)
    headers = [*edition.headers, (b"x-edition-age", b"%d" % desk.editions.age_seconds)]
    headers.extend((name.encode(), value.encode()) for name, value in answer.headers.items())
    if operation.is_posted:
        return _raw(200, body, [*headers, (b"cache-control", b"no-store")])
    etag = etag_of(body)
    headers += [(b"etag", etag.encode()), (b"cache-control", b"private, no-cache")]
    if is_known(etag, request.headers.get("if-none-match")):
        return _raw(304, b"", headers)
    return _raw(200, body, headers)


def _raw(status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> Response:
    response = Response(status_code=status)
    response.body = body
    length = [] if status == 304 else [(b"content-type", JSON), (b"content-length", b"%d" % len(body))]  # noqa: PLR2004
    response.raw_headers = [*length, *headers]
    return response
