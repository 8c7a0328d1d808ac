"""All bodies at once hold no more than a worker has room for."""

import asyncio

import pytest

from creditscore_serving.access.limits import BodyLimit
from creditscore_serving.access.refusals import NO_ROOM, TOO_SLOW, Refused

MOST, HELD = 60, 100


class Application:
    """Answers when it is told to, and tells the sizes of what it was asked."""

    def __init__(self):
        self.sizes = asyncio.Queue()
        self.may_answer = asyncio.Event()

    async def __call__(self, _scope, receive, _send):
        self.sizes.put_nowait(len((await receive())["body"]))
        await self.may_answer.wait()


def asked(limit, size, *, length=None, pieces=None):
    """Begin to ask with a body of some size, of stated length or in the pieces given."""
    parts = [b"x" * size] if pieces is None else list(pieces)
    name, value = (b"content-length", b"%d" % (size if length is None else length))
    headers = [(name, value)] if pieces is None else [(b"transfer-encoding", b"chunked")]

    async def receive():
        part = parts.pop(0)
        if part is None:
            await asyncio.sleep(60)
        return {"type": "http.request", "body": part, "more_body": bool(parts)}

    async def send(message):
        raise AssertionError(message)

    return asyncio.ensure_future(limit({"method": "POST", "headers": headers}, receive, send))


def run(play, *, held_bytes=HELD, seconds=5.0):
    async def whole():
        application = Application()
        limit = BodyLimit(application, most_bytes=MOST, held_bytes=held_bytes, seconds=seconds)
        async with asyncio.timeout(30):
            await play(limit, application)

    asyncio.run(whole())


async def refusal(asking):
    with pytest.raises(Refused) as refused:
        await asking
    return refused.value.refusal


def test_a_body_beyond_the_room_is_refused_unread_and_has_room_when_another_was_answered():
    async def play(limit, application):
        first, second = asked(limit, 60), asked(limit, 40)
        assert [await application.sizes.get(), await application.sizes.get()] == [60, 40]
        assert await refusal(asked(limit, 1)) is NO_ROOM
        assert application.sizes.empty()
        application.may_answer.set()
        await asyncio.gather(first, second)
        await asked(limit, 60)
        assert await application.sizes.get() == 60

    run(play)


def test_a_body_in_pieces_takes_room_as_it_arrives():
    async def play(limit, application):
        first = asked(limit, 60)
        second = asked(limit, 0, pieces=[b"x" * 30, b"x" * 11])
        assert await refusal(second) is NO_ROOM
        third = asked(limit, 0, pieces=[b"x" * 30, b"x" * 10])
        assert [await application.sizes.get(), await application.sizes.get()] == [60, 40]
        application.may_answer.set()
        await asyncio.gather(first, third)

    run(play)


def test_a_length_that_is_stated_too_small_holds_what_arrives():
    async def play(limit, application):
        first = asked(limit, 60)
        assert await refusal(asked(limit, 50, length=10)) is NO_ROOM
        application.may_answer.set()
        await first

    run(play)


def test_what_is_refused_fails_or_never_arrives_gives_its_room_back():
    async def play(limit, application):
        assert await refusal(asked(limit, 60, pieces=[b"x" * 50, None])) is TOO_SLOW
        assert (await refusal(asked(limit, 61))).status == 413
        gone = asked(limit, 60)
        await application.sizes.get()
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        application.may_answer.set()
        await asyncio.gather(asked(limit, 60), asked(limit, 40))

    run(play, seconds=0.05)


def test_one_body_has_room_however_little_is_set():
    async def play(limit, application):
        application.may_answer.set()
        await asked(limit, 60)

    run(play, held_bytes=1)
