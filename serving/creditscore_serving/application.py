"""The application: routes, and around them what every request passes through."""

import logging
import time
from collections.abc import Callable, MutableMapping, Sequence
from typing import Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from creditscore_serving.conventions.load import Lag, Threads, overloaded
from creditscore_serving.conventions.problems import problem_of
from creditscore_serving.conventions.request_ids import HEADER, request_id_of
from creditscore_serving.desk.desk import Desk
from creditscore_serving.routes.every import OPERATIONS
from creditscore_serving.routes.serving import endpoint_of
from creditscore_serving.routes.system import system_routes

logger = logging.getLogger(__name__)
PREFIX: Final = "/v1/"
OWN_PATHS: Final = frozenset({"/readyz", "/docs.json", "/openapi.json"})
LONGEST_LAG_SECONDS: Final = 1.0
Observe = Callable[[str, str, int, float], None]  # method, route, status, seconds
FIRST_ERROR: Final = 400


def is_own(path: str) -> bool:
    """Tell whether a path is the application's; the framework that serves it answers all others.

    >>> is_own("/v1/portfolio"), is_own("/readyz"), is_own("/metrics")
    (True, True, False)
    """
    return path.startswith(PREFIX) or path in OWN_PATHS


def application_of(desk: Desk, *, observe: Observe, middleware: Sequence[Middleware] = ()) -> ASGIApp:
    """Return the application of a desk.

    Parameters
    ----------
    desk
        What answers.
    observe
        Told of each answer, for metrics.
    middleware
        What stands between the request's id and the routes, such as who may ask.
    """
    threads = Threads()
    routes = [Route(one.path, endpoint_of(one, desk, threads), methods=[one.method]) for one in OPERATIONS]
    inner = Starlette(
        routes=[*routes, *system_routes(desk)],
        middleware=[Middleware(Problems), *middleware, Middleware(Problems)],
        exception_handlers={HTTPException: _http_problem},
    )
    return Entrance(inner, observe=observe)


async def _http_problem(request: Request, error: Exception) -> Response:
    return problem_of(error, str(request.scope["state"]["request_id"]))


class Problems:
    """ASGI middleware that answers every error with a problem document."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        try:
            await self.app(scope, receive, send)
        except Exception as error:  # noqa: BLE001 - no trace may reach the caller or the log
            await problem_of(error, scope["state"]["request_id"])(scope, receive, send)


class Entrance:
    """ASGI middleware outside of all others: the request's id, overload, metrics, and a line of log for a refusal.

    Parameters
    ----------
    app
        What answers.
    observe
        Told of each answer.
    """

    def __init__(self, app: ASGIApp, *, observe: Observe) -> None:
        self.app = app
        self.observe = observe
        self.lag = Lag()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = time.perf_counter()
        request_id = request_id_of(scope["headers"])
        scope.setdefault("state", {})["request_id"] = request_id
        answering = _Answering(send, request_id)
        if self.lag.seconds > LONGEST_LAG_SECONDS and scope["path"].startswith(PREFIX):
            await problem_of(overloaded(), request_id)(scope, receive, answering)
        else:
            await self.app(scope, receive, answering)
        self._tell(scope, answering, time.perf_counter() - begun)

    def _tell(self, scope: Scope, answering: "_Answering", seconds: float) -> None:
        # The path may name a customer; the route does not.
        route = ROUTES.get(getattr(scope.get("endpoint"), "__name__", ""), "other")
        self.observe(scope["method"], route, answering.status, seconds)
        if answering.status >= FIRST_ERROR and route != "/readyz":
            told = {
                "method": scope["method"],
                "route": route,
                "status": answering.status,
                "duration_ms": round(1000 * seconds, 1),
                "request_id": answering.request_id,
            }
            logger.info(
                "Refused: %(method)s %(route)s %(status)d %(duration_ms).1f ms %(request_id)s", told, extra=told
            )


ROUTES: Final = {
    **{one.name: one.path for one in OPERATIONS},
    "readyz": "/readyz",
    "openapi": "/openapi.json",
}


class _Answering:
    """Adds the request's id to the answer, and keeps its status."""

    __slots__ = ("_send", "request_id", "status")

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self.request_id = request_id
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            _with_id(message, self.request_id)
        await self._send(message)


def _with_id(message: MutableMapping[str, Any], request_id: str) -> None:
    message["headers"] = [*message["headers"], (HEADER, request_id.encode())]
