"""The id of a question, by which the service's log names it."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

HEADER = "x-request-id"
_given: ContextVar[str | None] = ContextVar("creditscore_request_id", default=None)


@contextmanager
def request_id(name: str) -> Iterator[None]:
    """Ask everything within this block under an id of the caller's own, such as that of the order it is asked for.

    Parameters
    ----------
    name
        At most 100 letters, digits and ``._~-``; the service puts an id of its own in place of any other.

    Examples
    --------
    >>> with request_id("order-7"):
    ...     current_request_id()
    'order-7'
    """
    before = _given.set(name)
    try:
        yield
    finally:
        _given.reset(before)


def current_request_id() -> str:
    """Return the id that the caller gave, else a new one."""
    return _given.get() or uuid.uuid4().hex
