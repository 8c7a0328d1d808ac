"""Cursors: where the next page of a list begins, in a text that clients hand back and do not read."""

import base64
import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from creditscore_serving.conventions.problems import RefusedError


def cursor_of(content: Mapping[str, str]) -> str:
    """Return a cursor.

    >>> read_cursor(cursor_of({"after": "I7"}), names=["after"])
    {'after': 'I7'}
    """
    return base64.urlsafe_b64encode(json.dumps(content, separators=(",", ":")).encode()).decode().rstrip("=")


def read_cursor(cursor: str, *, names: Sequence[str]) -> dict[str, str]:
    """Return what a cursor holds.

    Raises
    ------
    RefusedError
        If it is not one that this list gave.
    """
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        content = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except ValueError:
        content = None
    if not isinstance(content, dict) or set(content) != set(names) or not all(map(_is_text, content.values())):
        raise RefusedError(HTTPStatus.BAD_REQUEST, {"cursor": "Give `next_cursor` of an earlier page as it was."})
    return content


def _is_text(value: object) -> bool:
    """Tell whether a value is a text that every database takes: no zeros, no halves of characters."""
    return isinstance(value, str) and "\x00" not in value and value == value.encode(errors="replace").decode()
