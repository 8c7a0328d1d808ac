"""How a long step tells how far it is, without knowing who listens."""

from typing import Protocol


class Progress(Protocol):
    """Called with the step's name, what is done and what is to do; the last call has ``done == total``."""

    def __call__(self, step: str, done: int, total: int) -> None:
        """Take notice."""


def silent(step: str, done: int, total: int) -> None:
    """Tell nobody; the default listener."""
