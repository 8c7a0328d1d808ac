"""The ASGI middleware that every request passes before the application."""

import re
import secrets
from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from creditscore_serving.access.asked import CURRENT, Asked
from creditscore_serving.access.guard import NOBODY, Guard
from creditscore_serving.access.limits import BodyLimit, TimeLimit
from creditscore_serving.access.permissions import Permission, action_of, permission_for
from creditscore_serving.access.refusals import Refused

# Probes, pages without data, and the scrape of metrics every few seconds tell of no customer.
UNRECORDED_PERMISSIONS = frozenset({None, Permission.METRICS_READ})
POLICY_VIOLATION = 1008  # of a WebSocket; there is none here
CUT_OFF = 499  # status in the access log of an answer that never began: the client went, or the program failed
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")


class AccessControl:
    """Recognizes the caller of every request, holds it to its limits, and records it.

    The application finds the caller in ``scope["state"]["caller"]`` and the request's name beside it, in
    ``request_id``.

    Parameters
    ----------
    app
        The application.
    guard
        Keys, settings and log of the workspace. It starts with the server and is closed with it.
    """

    def __init__(self, app: ASGIApp, *, guard: Guard) -> None:
        limits = guard.settings.limits
        self.app = app
        self.guard = guard
        timed = TimeLimit(app, seconds=limits.request_seconds)
        self.limited = BodyLimit(
            timed, most_bytes=limits.body_bytes, held_bytes=limits.held_bytes, seconds=limits.body_seconds
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or the life of the server."""
        if scope["type"] == "http":
            await self._serve(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.guard.start()
        try:
            await self.app(scope, receive, send)
        finally:
            self.guard.close()

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self.guard.is_running:  # mounted below another application, which keeps the life of the server to itself
            self.guard.start()
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        permission = permission_for(scope["method"], path)
        credentials, request_id = read_headers(scope["headers"])
        state = scope.setdefault("state", {})
        request_id = state.setdefault("request_id", request_id)
        answer = Answer(send)
        caller = NOBODY
        asked = Asked(caller)
        try:
            if permission is not None:
                peer = scope.get("client")
                caller = await self.guard.admit(permission, credentials, peer[0] if peer else None)
            state["caller"] = asked.caller = caller
            await self._answer(asked, scope, receive, answer)
        except Refused as refused:
            caller = refused.caller or caller
            await refused.refusal.send(answer, request_id)
        finally:
            if permission not in UNRECORDED_PERMISSIONS:
                action, named = action_of(scope["method"], path)
                about = asked.customer_ids if named is None else [named, *asked.customer_ids]
                self.guard.record(caller, action, about, outcome=answer.status, request_id=request_id)

    async def _answer(self, asked: Asked, scope: Scope, receive: Receive, send: "Answer") -> None:
        before = CURRENT.set(asked)
        try:
            await self.limited(scope, receive, send)
        finally:
            CURRENT.reset(before)


class Answer:
    """Passes an answer on and knows its status."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.status = CUT_OFF

    async def __call__(self, message: Message) -> None:
        """Pass a message on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self.send(message)


def read_headers(headers: Iterable[tuple[bytes, bytes]]) -> tuple[str | None, str]:
    """Return the key or token of a request, and its name: the caller's own, or a new one.

    >>> read_headers([(b"authorization", b"Bearer csk_1"), (b"x-request-id", b"order-7")])
    ('csk_1', 'order-7')
    >>> read_headers([(b"x-api-key", b"csk_2"), (b"x-request-id", b"two words")])[0]
    'csk_2'
    """
    found: str | None = None
    request_id = ""
    for name, value in headers:
        if name == b"authorization":
            scheme, _, rest = value.decode("latin-1").partition(" ")
            found = rest.strip() if scheme.lower() == "bearer" else found
        elif name == b"x-api-key" and found is None:
            found = value.decode("latin-1").strip()
        elif name == b"x-request-id":
            request_id = value.decode("latin-1")
    return found or None, request_id if _REQUEST_ID.fullmatch(request_id) else secrets.token_hex(8)
