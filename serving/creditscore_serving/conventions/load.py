"""Overload is answered at once: as many questions wait for a thread as one second's work, no more."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from creditscore.errors import CreditScoreError

Found = TypeVar("Found")
LAG_EVERY_SECONDS = 0.1


class OverloadedError(CreditScoreError, RuntimeError):
    """More is asked than can be answered in time."""


def overloaded() -> OverloadedError:
    """Return the error that refuses a question."""
    return OverloadedError(where="service", found="It is overloaded.", fix="Ask again in a moment.")


class Threads:
    """Threads for what computes or waits for the store, with a bounded queue.

    Parameters
    ----------
    count
        Threads.
    most_waiting
        Questions in work or waiting; one more is refused.
    """

    def __init__(self, *, count: int = 2, most_waiting: int = 64) -> None:
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="answering")
        self._most = most_waiting
        self._taken = 0

    async def run(self, work: Callable[[], Found], *, seconds: float) -> Found:
        """Do some work on a thread.

        Raises
        ------
        OverloadedError
            If too much waits already, or the work is not done in time.
        """
        if self._taken >= self._most:
            raise overloaded()
        self._taken += 1
        future = self._pool.submit(work)
        loop = asyncio.get_running_loop()
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(self._leave))
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), seconds)
        except TimeoutError:
            raise overloaded() from None

    def _leave(self) -> None:
        self._taken -= 1

    def close(self) -> None:
        """Take no more work; what waits is dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)


class Allowance:
    """So many a second and no more.

    Parameters
    ----------
    count
        How many.

    Examples
    --------
    >>> lines = Allowance(2)
    >>> [lines.one_more(at=0.1), lines.one_more(at=0.2), lines.one_more(at=0.3), lines.one_more(at=1.2)]
    [True, True, False, True]
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._second = -1
        self._used = 0

    def one_more(self, *, at: float | None = None) -> bool:
        """Tell whether one more is allowed now, and count it."""
        second = int(time.monotonic() if at is None else at)
        if second != self._second:
            self._second, self._used = second, 0
        self._used += 1
        return self._used <= self._count


class Lag:
    """Tells how late the event loop is, from a task that should wake every tenth of a second."""

    def __init__(self) -> None:
        self._expected: float | None = None
        self._handle: asyncio.TimerHandle | None = None
        self._seconds = 0.0

    @property
    def seconds(self) -> float:
        """How late the loop was last."""
        if self._handle is None:
            self._rest()
        return self._seconds

    def _wake(self) -> None:
        if self._expected is not None:
            self._seconds = max(time.monotonic() - self._expected, 0.0)
        self._rest()

    def _rest(self) -> None:
        self._expected = time.monotonic() + LAG_EVERY_SECONDS
        self._handle = asyncio.get_running_loop().call_later(LAG_EVERY_SECONDS, self._wake)
