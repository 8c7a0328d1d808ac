"""Overload is answered at once."""

import asyncio
import threading

import pytest

from creditscore_serving.conventions.load import Lag, OverloadedError, Threads


def test_a_full_queue_refuses_at_once_and_takes_work_again_when_it_is_done():
    threads, gate = Threads(count=1, most_waiting=2), threading.Event()

    async def ask():
        waiting = [asyncio.ensure_future(threads.run(gate.wait, seconds=30)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(OverloadedError):
            await threads.run(gate.wait, seconds=30)
        gate.set()
        assert await asyncio.gather(*waiting) == [True, True]
        await asyncio.sleep(0.01)
        return await threads.run(lambda: "done", seconds=30)

    assert asyncio.run(ask()) == "done"
    threads.close()


def test_what_takes_too_long_is_refused_and_keeps_its_place_until_it_is_done():
    threads, gate = Threads(count=1, most_waiting=1), threading.Event()

    async def ask():
        with pytest.raises(OverloadedError):
            await threads.run(gate.wait, seconds=0.01)
        with pytest.raises(OverloadedError):
            await threads.run(lambda: "done", seconds=30)
        gate.set()

    asyncio.run(ask())
    threads.close()


def test_a_score_from_memory_is_refused_at_once_too_while_the_loop_is_late(client, monkeypatch):
    path = "/v1/customers/C0000001/score"
    assert client.get(path).status_code == 200
    monkeypatch.setattr(Lag, "seconds", 1.5)
    refused = client.get(path)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert client.get("/readyz").status_code == 200


def test_a_late_loop_is_noticed():
    async def ask():
        lag = Lag()
        assert lag.seconds == 0.0
        threading.Event().wait(0.5)  # holds the loop up, as too many answers would
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return lag.seconds

    assert 0.3 < asyncio.run(ask()) < 10
