"""A request's id: taken from the caller or made, told in the answer and in the log."""

import re
import secrets
from collections.abc import Iterable

HEADER = b"x-request-id"
SOUND = re.compile(rb"[A-Za-z0-9._~-]{1,100}")  # anything else could forge lines of the log


def request_id_of(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Return the id that a caller gave, if it is sound; else a new one.

    >>> request_id_of([(b"x-request-id", b"order-7")])
    'order-7'
    >>> len(request_id_of([(b"x-request-id", b"two words")]))
    16
    """
    for name, value in headers:
        if name == HEADER and SOUND.fullmatch(value):
            return value.decode()
    return secrets.token_hex(8)
