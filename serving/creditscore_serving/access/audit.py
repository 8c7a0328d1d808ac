"""The access log of a running server: entries wait in memory for a fraction of a second, then are written together."""

import itertools
import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterable

from creditscore.errors import StoreError
from creditscore_serving.access.caller import Caller
from creditscore_serving.access.entry import Entry
from creditscore_serving.access.spill import Appends, Spill

MOST_WAITING = 500_000  # rows in memory, about 100 MB; then nothing is answered until some are written
PAUSE_SECONDS = 0.2  # what a process that is killed may lose
ROWS_AT_ONCE = 50_000
LONGEST = 200  # characters of a name or an id

logger = logging.getLogger(__name__)


class AuditLog:
    """Records who asked what about whom, off the path of the request.

    Entries are lost only if the process is killed before it writes them, within a fraction of a second. While the
    database is away they go to a file; when the disk is full too they wait in memory, and once that is full
    :attr:`is_full` says so, and the server refuses to answer what it cannot record. It refuses at once instead of
    waiting: the loop that would wait is the one that answers everybody.

    Parameters
    ----------
    store
        Where entries are kept.
    spill
        The file that takes them while the store is away.
    most_waiting
        Rows in memory at which the log is full.
    clock
        Seconds since 1970.
    """

    def __init__(
        self,
        store: Appends,
        spill: Spill,
        *,
        most_waiting: int = MOST_WAITING,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.store = store
        self.spill = spill
        self.most_waiting = most_waiting
        self.clock = clock
        self._origin = secrets.token_hex(8)
        self._numbers = itertools.count()
        self._waiting: list[Entry] = []
        self._weight = 0
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def is_full(self) -> bool:
        """Whether what happens can no longer be recorded."""
        return self._weight >= self.most_waiting

    def record(
        self, caller: Caller, action: str, customer_ids: Iterable[str], *, outcome: int, request_id: str = ""
    ) -> None:
        """Record one request; it never fails and never waits.

        Parameters
        ----------
        caller
            Who asked.
        action
            Method and route, without a customer.
        customer_ids
            Whom it was about.
        outcome
            HTTP status of the answer.
        request_id
            Name of the request.
        """
        entry = Entry(
            entry_id=f"{self._origin}-{next(self._numbers):x}",
            asked_at=self.clock(),
            caller=storable(caller.name),
            key_id=caller.key_id,
            action=action,
            customer_ids=tuple(storable(one) for one in customer_ids),
            status=outcome,
            request_id=request_id,
        )
        with self._lock:
            self._waiting.append(entry)
            self._weight += entry.weight

    def start(self) -> None:
        """Write in the background from now on; starting twice changes nothing."""
        if self._thread is None:
            self._stopped.clear()
            self._thread = threading.Thread(target=self._run, name="access log", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Write what waits, and stop."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self.write()

    def write(self) -> None:
        """Write what waits now: to the store, else to the file, else it waits on."""
        with self._writing:
            while batch := self._take():
                if not self._kept(batch):
                    self._give_back(batch)
                    return
            self._return_spilled()

    def _run(self) -> None:
        while not self._stopped.wait(PAUSE_SECONDS):
            self.write()

    def _take(self) -> list[Entry]:
        with self._lock:
            sizes = itertools.accumulate(entry.weight for entry in self._waiting)
            count = max(1, sum(1 for size in itertools.takewhile(lambda size: size <= ROWS_AT_ONCE, sizes)))
            batch, self._waiting = self._waiting[:count], self._waiting[count:]
        return batch

    def _kept(self, batch: list[Entry]) -> bool:
        try:
            self._keep(batch)
        except OSError:
            logger.error("The access log cannot be written; %d entries wait", len(batch))  # noqa: TRY400 - a trace names customers
            return False
        with self._lock:
            self._weight -= sum(entry.weight for entry in batch)
        return True

    def _keep(self, batch: list[Entry]) -> None:
        try:
            self.store.append(batch)
        except StoreError as error:
            logger.warning("The access log goes to a file: %s", error)
            self.spill.append(batch)

    def _give_back(self, batch: list[Entry]) -> None:
        with self._lock:
            self._waiting = batch + self._waiting

    def _return_spilled(self) -> None:
        try:
            self.spill.empty_into(self.store)
        except OSError:  # a StoreError is one
            return


def storable(text: str) -> str:
    r"""Return a text as every database takes it: without halves of characters and zeros, and not without end.

    >>> storable("C1"), storable("C\x00" + chr(0xD800))
    ('C1', 'C??')
    """
    if text.isascii() and "\x00" not in text:
        return text[:LONGEST]
    return text[:LONGEST].encode("utf-8", "replace").decode().replace("\x00", "?")
