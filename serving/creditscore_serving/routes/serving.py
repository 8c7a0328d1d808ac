"""From a request to an operation and back: what all endpoints do alike."""

from http import HTTPStatus
from typing import Any, Final

from pydantic import BaseModel
from pydantic_core import to_json
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from creditscore_serving.access import EVERYBODY, NOBODY, about, hidden_in, withheld
from creditscore_serving.conventions.etags import etag_of, is_known
from creditscore_serving.conventions.load import Threads
from creditscore_serving.desk.daily import unscored_customer
from creditscore_serving.desk.desk import Desk
from creditscore_serving.routes.operation import Answer, Ask, Operation
from creditscore_serving.schemas.common import LONGEST_ID, Nothing
from creditscore_serving.served.edition import Edition

SECONDS: Final = 30.0
NOTHING: Final = Nothing()
TYPE: Final = (b"content-type", b"application/json")
KEPT: Final = (b"cache-control", b"private, no-cache")
NOT_KEPT: Final = (b"cache-control", b"no-store")
ZERO: Final = "\x00"  # which PostgreSQL does not take
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
        if len(body) > self.operation.most_bytes:  # it would be read on the event loop, and hold up all others
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The question is too large for one customer.")
        rendered = self._at_once(scope, edition, body)
        if rendered is None:
            rendered = await self._threads.run(lambda: self._answered(scope, edition, body), seconds=SECONDS)
        status, headers, content = rendered
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _at_once(self, scope: Scope, edition: Edition, body: bytes) -> Rendered | None:
        if self.operation.at_once is None:
            return None
        ask = self._ask(scope, edition, body)
        if ask.caller.units is not None:  # to find whose customers a limited caller may see may take a second, once
            return None
        found = self.operation.at_once(ask)
        return None if found is None else self._rendered(ask, found)

    def _answered(self, scope: Scope, edition: Edition, body: bytes) -> Rendered:
        ask = _for_limited(self._ask(scope, edition, body))
        return self._rendered(ask, self.operation.answer(ask))

    def _ask(self, scope: Scope, edition: Edition, body: bytes) -> Ask[Any]:
        query = self._question(scope, body)
        named = getattr(query, "customer_id", None)
        in_path = scope["path_params"].get("customer_id", "")
        if len(in_path) > LONGEST_ID or ZERO in in_path:  # no customer has such an id
            raise unscored_customer()
        if named is not None:
            about([named])
        return Ask(
            desk=self._desk,
            edition=edition,
            query=query,
            customer_id=in_path,
            asked=named or in_path,
            caller=scope["state"].get("caller", EVERYBODY),
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

    def _rendered(self, ask: Ask[Any], answer: Answer) -> Rendered:
        caller, age = ask.caller, self._desk.editions.age_seconds
        limited = caller.units is not None or not caller.sees_confidential
        body = to_json(withheld(answer.content, caller, sees=ask.sees, asked=ask.asked) if limited else answer.content)
        headers = [TYPE, *ask.edition.headers, (b"x-edition-age", b"%d" % age), *answer.headers]
        if self.operation.is_posted:
            return OK, [*headers, NOT_KEPT, (b"content-length", b"%d" % len(body))], body
        etag = etag_of(body).encode()
        headers += [(b"etag", etag), KEPT]
        if is_known(etag, header_of(ask.headers, b"if-none-match")):
            return NOT_MODIFIED, headers[1:], b""
        return OK, [*headers, (b"content-length", b"%d" % len(body))], body


def _for_limited(ask: Ask[Any]) -> Ask[Any]:
    """Let a caller that is limited to its units ask for a stranger instead of a customer that it may not see."""
    if ask.caller.units is not None:
        ask.query = hidden_in(ask.query, ask.sees)
        if ask.customer_id and not ask.sees(ask.customer_id):
            ask.customer_id = NOBODY
    return ask


def header_of(headers: Headers, name: bytes) -> bytes | None:
    """Return a header of a request, whose names a server gives in lower case.

    >>> header_of([(b"accept", b"*/*")], b"accept")
    b'*/*'
    """
    for one, value in headers:
        if one == name:
            return value
    return None
