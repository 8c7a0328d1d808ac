"""From a request to an operation and back: what all endpoints do alike."""

from typing import Any, Final

from pydantic import BaseModel
from pydantic_core import to_json
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from creditscore_serving.conventions.etags import etag_of, is_known
from creditscore_serving.conventions.load import Threads
from creditscore_serving.desk.desk import Desk
from creditscore_serving.routes.operation import Answer, Ask, Operation
from creditscore_serving.schemas.common import Nothing
from creditscore_serving.served.edition import Edition

SECONDS: Final = 30.0
NOTHING: Final = Nothing()
TYPE: Final = (b"content-type", b"application/json")
KEPT: Final = (b"cache-control", b"private, no-cache")
NOT_KEPT: Final = (b"cache-control", b"no-store")
OK, NOT_MODIFIED = 200, 304
Headers = list[tuple[bytes, bytes]]
Rendered = tuple[int, Headers, bytes]


class Endpoint:
    """The endpoint of an operation: takes the edition once, reads the question, renders the answer.

    An ASGI application of its own, for what a function would be wrapped in costs as much as finding a score.

    Parameters
    ----------
    operation
        The operation.
    desk, threads
        What answers, and on what.
    """

    def __init__(self, operation: Operation, desk: Desk, threads: Threads) -> None:
        self.operation = operation
        self.route = operation.path
        self._desk = desk
        self._threads = threads
        self._default = None if operation.is_posted else operation.asks()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        edition = self._desk.editions.take()
        body = await Request(scope, receive).body() if self.operation.is_posted else b""
        rendered = self._at_once(scope, edition, body)
        if rendered is None:
            rendered = await self._threads.run(lambda: self._answered(scope, edition, body), seconds=SECONDS)
        status, headers, content = rendered
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _at_once(self, scope: Scope, edition: Edition, body: bytes) -> Rendered | None:
        if self.operation.at_once is None:
            return None
        found = self.operation.at_once(self._ask(scope, edition, body))
        return None if found is None else self._rendered(scope, edition, found)

    def _answered(self, scope: Scope, edition: Edition, body: bytes) -> Rendered:
        return self._rendered(scope, edition, self.operation.answer(self._ask(scope, edition, body)))

    def _ask(self, scope: Scope, edition: Edition, body: bytes) -> Ask[Any]:
        caller = scope["state"].get("caller")
        return Ask(
            desk=self._desk,
            edition=edition,
            query=self._question(scope, body),
            customer_id=scope["path_params"].get("customer_id", ""),
            caller="" if caller is None else str(caller.name),
            headers=scope["headers"],
            body=body,
        )

    def _question(self, scope: Scope, body: bytes) -> BaseModel:
        if self.operation.raw:
            return NOTHING
        if self._default is None:
            return self.operation.asks.model_validate_json(body)
        if not scope["query_string"]:
            return self._default
        return self.operation.asks.model_validate(dict(Request(scope).query_params))

    def _rendered(self, scope: Scope, edition: Edition, answer: Answer) -> Rendered:
        body = to_json(answer.content)
        headers = [TYPE, *edition.headers, (b"x-edition-age", b"%d" % self._desk.editions.age_seconds), *answer.headers]
        if self.operation.is_posted:
            return OK, [*headers, NOT_KEPT, (b"content-length", b"%d" % len(body))], body
        etag = etag_of(body).encode()
        headers += [(b"etag", etag), KEPT]
        if is_known(etag, header_of(scope["headers"], b"if-none-match")):
            return NOT_MODIFIED, headers[1:], b""
        return OK, [*headers, (b"content-length", b"%d" % len(body))], body


def header_of(headers: Headers, name: bytes) -> bytes | None:
    """Return a header of a request, whose names a server gives in lower case.

    >>> header_of([(b"accept", b"*/*")], b"accept")
    b'*/*'
    """
    for one, value in headers:
        if one == name:
            return value
    return None
