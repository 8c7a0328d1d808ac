"""How large a body may be, how much all of them together, and how long a request may take."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from creditscore_serving.access.refusals import NO_ROOM, NOT_ANSWERED, TOO_SLOW, Refused, too_large

BODILESS = frozenset({"GET", "HEAD"})


class BodyLimit:
    """ASGI middleware that reads the body before the application sees the request, as far as it may go.

    A body that finds no room beside those in work is refused unread: the length that a request states is room taken at
    once, and more is taken as more arrives. Reading it here bounds what a slow or endless client can hold, and lets a
    refusal be answered before anything else is.

    Parameters
    ----------
    app
        The application.
    most_bytes
        Largest body.
    held_bytes
        Largest sum of the bodies that arrive or are in work at once; one body has room in any case.
    seconds
        How long it may take to arrive.

    Raises
    ------
    Refused
        When called, if the body is too large or too slow, or there is no room for it now.
    """

    def __init__(self, app: ASGIApp, *, most_bytes: int, held_bytes: int, seconds: float) -> None:
        self.app = app
        self.most_bytes = most_bytes
        self.seconds = seconds
        self._room = Room(max(held_bytes, most_bytes))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        length = stated_length(scope["headers"])
        if length is None and scope["method"] in BODILESS:
            await self.app(scope, receive, send)
            return
        if length is not None and length > self.most_bytes:
            raise Refused(too_large(self.most_bytes))
        with self._room.place() as place:
            place.hold(length or 0)
            try:
                async with asyncio.timeout(self.seconds):
                    messages = await self._read(receive, place)
            except TimeoutError:
                raise Refused(TOO_SLOW) from None
            await self.app(scope, Replay(messages, receive), send)

    async def _read(self, receive: Receive, place: "Place") -> list[Message]:
        """Return the whole body as one message, or what came in its place: the client has gone."""
        parts: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return [message]
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > self.most_bytes:
                raise Refused(too_large(self.most_bytes))
            place.hold(size)
            if not message.get("more_body", False):
                return [{"type": "http.request", "body": b"".join(parts), "more_body": False}]


class Room:
    """So many bytes for all bodies at once.

    Parameters
    ----------
    most_bytes
        How many.

    Examples
    --------
    >>> room = Room(10)
    >>> with room.place() as one, room.place() as other:
    ...     one.hold(6)
    ...     other.hold(4)
    >>> with room.place() as one:
    ...     one.hold(10)
    """

    def __init__(self, most_bytes: int) -> None:
        self.left = most_bytes

    @contextmanager
    def place(self) -> Iterator["Place"]:
        """Give a body a place, and take back what it held."""
        place = Place(self)
        try:
            yield place
        finally:
            self.left += place.held


class Place:
    """What one body holds of the room."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.held = 0

    def hold(self, count: int) -> None:
        """Hold so many bytes in all, if it is not more already.

        Raises
        ------
        Refused
            If there is no room for them.
        """
        more = max(count - self.held, 0)
        if more > self.room.left:
            raise Refused(NO_ROOM)
        self.room.left -= more
        self.held += more


class Replay:
    """Gives messages that were received already, then those to come."""

    def __init__(self, messages: list[Message], receive: Receive) -> None:
        self.messages = messages
        self.receive = receive

    async def __call__(self) -> Message:
        """Give the next message."""
        return self.messages.pop(0) if self.messages else await self.receive()


class TimeLimit:
    """ASGI middleware that gives up on an answer that has not begun in time; one that has begun is cut off.

    What runs in a thread goes on there to its end: Python cannot stop it.

    Parameters
    ----------
    app
        The application.
    seconds
        How long an answer may take.

    Raises
    ------
    Refused
        When called, if nothing was answered in time.
    """

    def __init__(self, app: ASGIApp, *, seconds: float) -> None:
        self.app = app
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        watched = Begun(send)
        try:
            async with asyncio.timeout(self.seconds) as clock:
                await self.app(scope, receive, watched)
        except TimeoutError:
            if clock.expired() and not watched.begun:
                raise Refused(NOT_ANSWERED) from None
            raise


class Begun:
    """Passes an answer on and knows whether it has begun."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.begun = False

    async def __call__(self, message: Message) -> None:
        """Pass a message on."""
        self.begun = True
        await self.send(message)


def stated_length(headers: Iterable[tuple[bytes, bytes]]) -> int | None:
    """Return the length that a request states, -1 if it sends pieces, or ``None`` if it has no body.

    >>> stated_length([(b"content-length", b"12")]), stated_length([(b"transfer-encoding", b"chunked")])
    (12, -1)
    """
    for name, value in headers:
        if name == b"content-length":
            return int(value) if value.isdigit() else -1
        if name == b"transfer-encoding":
            return -1
    return None
