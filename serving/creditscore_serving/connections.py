"""Connections: how many there may be, and how long one may take to say what it wants and to take its answer.

What is asked over a connection is limited further on; but a client that never ends its headers never gets there, and
one that never reads its answer has passed it.
"""

import asyncio
import resource
import sys
from http import HTTPStatus
from typing import Any

from uvicorn.config import HTTP_PROTOCOLS, LOOP_FACTORIES
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from creditscore_serving.access.settings import Limits
from creditscore_serving.conventions.problems import problem
from creditscore_serving.conventions.request_ids import request_id_of

KEPT_FILES = 256  # file descriptors that stores, bundles and logs need beside connections
RETRY = {"retry-after": "1", "connection": "close"}


class Bounded(AutoHTTPProtocol):  # type: ignore[misc, valid-type] # uvicorn chooses it when imported
    """A connection of uvicorn with an end to its headers and to its answer, and to the number of its kind.

    Attributes
    ----------
    most
        Connections of this process.
    header_seconds, answer_seconds
        Time that a client has until its headers are complete, and until it has taken an answer.
    """

    most: int
    header_seconds: float
    answer_seconds: float

    def __init__(self, *args: Any, **named: Any) -> None:  # noqa: ANN401 - uvicorn's own
        super().__init__(*args, **named)
        self._impatient: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._has_begun = False

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Take a connection, or refuse it where there are too many."""
        super().connection_made(transport)
        if len(self.connections) > self.most:
            transport.write(_refusal(HTTPStatus.SERVICE_UNAVAILABLE, "Too many connections are open."))
            transport.close()
            return
        self._await_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection."""
        self._calm()
        self._calm_unread()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what a client sends."""
        super().data_received(data)
        self._has_begun = not self._is_answering
        if self._is_answering:
            self._calm()
        elif self._impatient is None and not self.transport.is_closing():
            self._await_headers()

    def pause_writing(self) -> None:
        """Begin to count the time in which a client must take what waits for it."""
        super().pause_writing()
        if self._unread is None:
            self._unread = self.loop.call_later(self.answer_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on writing."""
        self._calm_unread()
        super().resume_writing()

    @property
    def _is_answering(self) -> bool:
        """Whether the headers of a request are complete and it is not yet answered."""
        return self.cycle is not None and not self.cycle.response_complete

    def _await_headers(self) -> None:
        self._impatient = self.loop.call_later(self.header_seconds, self._give_up)

    def _calm(self) -> None:
        if self._impatient is not None:
            self._impatient.cancel()
            self._impatient = None

    def _calm_unread(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _give_up(self) -> None:
        self._impatient = None
        if self._is_answering or self.transport.is_closing():
            return
        if self._has_begun:  # a client that said nothing would take the refusal for an answer to what it asks next
            self.transport.write(_refusal(HTTPStatus.REQUEST_TIMEOUT, "The headers did not arrive in time."))
        self.transport.close()


def bound_connections(limits: Limits) -> None:
    """Let the server of this process, which BentoML starts after this, hold its connections to limits.

    Of connections there are fewer where the system allows this process fewer open files.
    """
    Bounded.most = min(limits.connections, allowed_files() - KEPT_FILES)
    Bounded.header_seconds = limits.header_seconds
    Bounded.answer_seconds = limits.answer_seconds
    # uvloop accepts one connection a turn of its loop: while a thousand ask, the last of a thousand waits for seconds.
    LOOP_FACTORIES["auto"] = LOOP_FACTORIES["asyncio"]
    HTTP_PROTOCOLS["auto"] = f"{__name__}:{Bounded.__name__}"


def allowed_files() -> int:
    """Return how many files this process may open, after asking the system for all that it gives."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return sys.maxsize if hard == resource.RLIM_INFINITY else hard


def _refusal(status: HTTPStatus, detail: str) -> bytes:
    """Return an answer to a client that has not asked yet."""
    answer = problem(status, request_id_of(()), detail=detail, headers=RETRY)
    lines = [
        b"HTTP/1.1 %d %s" % (status.value, status.phrase.encode()),
        *(b"%s: %s" % one for one in answer.raw_headers),
    ]
    return b"\r\n".join([*lines, b"", bytes(answer.body)])
