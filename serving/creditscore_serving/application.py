"""The application: routes, and around them what every request passes through."""

import logging
import time
from collections.abc import Callable, MutableMapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from creditscore_serving.conventions.load import Allowance, Lag, Threads, overloaded
from creditscore_serving.conventions.problems import problem_of
from creditscore_serving.conventions.request_ids import HEADER, request_id_of
from creditscore_serving.desk.desk import Desk
from creditscore_serving.routes.every import OPERATIONS
from creditscore_serving.routes.serving import Endpoint
from creditscore_serving.routes.system import system_routes

logger = logging.getLogger(__name__)
PREFIX: Final = "/v1/"
HOST_PATHS: Final = frozenset({"/", "/livez", "/healthz", "/metrics"})
HOST_PREFIX: Final = "/static_content/"
LONGEST_LAG_SECONDS: Final = 1.0
LINES_A_SECOND: Final = 50  # lines of log for refusals; writing more would slow what refuses
Observe = Callable[[str, str, int, float], None]  # method, route, status, seconds
FIRST_ERROR: Final = 400
SYSTEM: Final = {path: path for path in ("/readyz", "/v1/edition", "/openapi.json", "/docs.json", *HOST_PATHS)}


def application_of(
    desk: Desk, *, observe: Observe, host: ASGIApp | None = None, middleware: Sequence[Middleware] = ()
) -> ASGIApp:
    """Return the application of a desk.

    Parameters
    ----------
    desk
        What answers.
    observe
        Told of each answer, for metrics.
    host
        The application of the framework that serves it, which answers probes, metrics and its page; asked last.
    middleware
        What stands between the request's id and the routes, such as who may ask.
    """
    threads = Threads()
    routes = [Route(one.path, Endpoint(one, desk, threads), methods=[one.method]) for one in OPERATIONS]
    router = Router([*routes, *system_routes(desk)], redirect_slashes=False)
    router.default = Behind(host)
    inner: ASGIApp = Problems(router)
    for cls, arguments, named in reversed(middleware):
        inner = cls(inner, *arguments, **named)
    return Entrance(Problems(inner), observe=observe, host=host)


class Behind:
    """Hands on to the host what is the host's.

    Parameters
    ----------
    host
        Its application, if there is one.
    """

    def __init__(self, host: ASGIApp | None) -> None:
        self.host = host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        known = scope["path"] in HOST_PATHS or scope["path"].startswith(HOST_PREFIX)
        if self.host is None or not known:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        await self.host(scope, receive, send)


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
    host
        What is started and stopped with the process; the application itself needs neither.
    """

    def __init__(self, app: ASGIApp, *, observe: Observe, host: ASGIApp | None = None) -> None:
        self.app = app
        self.host = host or app
        self.observe = observe
        self.lag = Lag()
        self.lines = Allowance(LINES_A_SECOND)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.host(scope, receive, send)
            return
        begun = time.perf_counter()
        request_id = request_id_of(scope["headers"])
        scope.setdefault("state", {})["request_id"] = request_id
        scope["app"] = self  # by which routes know that their refusals are caught
        answering = _Answering(send, request_id)
        if self.lag.seconds > LONGEST_LAG_SECONDS and scope["path"].startswith(PREFIX):
            await problem_of(overloaded(), request_id)(scope, receive, answering)
        else:
            await self.app(scope, receive, answering)
        self._tell(scope, answering, time.perf_counter() - begun)

    def _tell(self, scope: Scope, answering: "_Answering", seconds: float) -> None:
        # The path may name a customer; the route does not.
        endpoint = scope.get("endpoint")
        route = endpoint.route if isinstance(endpoint, Endpoint) else SYSTEM.get(scope["path"], "other")
        self.observe(scope["method"], route, answering.status, seconds)
        if answering.status >= FIRST_ERROR and route != "/readyz" and self.lines.one_more():
            logger.info(
                "Refused: %s %s %d %.1f ms request_id=%s",
                scope["method"],
                route,
                answering.status,
                1000 * seconds,
                answering.request_id,
            )


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
