"""The thread that looks for something newer to serve."""

import threading

from creditscore_serving.served.editions import Editions

EVERY_SECONDS = 0.5


class Watcher:
    """Looks for a new run, champion or policy off the path of requests, until it is stopped.

    Parameters
    ----------
    editions
        What it refreshes.
    every_seconds
        How long it rests between two looks.
    """

    def __init__(self, editions: Editions, *, every_seconds: float = EVERY_SECONDS) -> None:
        self._editions = editions
        self._every_seconds = every_seconds
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="edition-watcher", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """End watching; an edition being made is abandoned with the process."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2 * self._every_seconds)

    def _watch(self) -> None:
        while not self._stopped.is_set():
            self._editions.refresh()
            self._stopped.wait(self._every_seconds)
