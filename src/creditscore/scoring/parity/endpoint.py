"""The endpoint as any application asks it: over HTTP, with nothing of its own code."""

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from creditscore.errors import ParameterError

TIMEOUT_SECONDS = 60
ATTEMPTS = 20
MOST_PAUSE_SECONDS = 5.0
BUSY = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
KEY = "CREDITSCORE_API_KEY"  # of the environment, for a server that asks for one


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A running endpoint.

    Parameters
    ----------
    connection
        One connection, which is kept.
    prefix
        What stands before every path.
    """

    connection: HTTPConnection
    prefix: str = ""

    def ask(self, path: str, body: Mapping[str, Any]) -> dict[str, Any] | None:
        """Post a body and return the answer; ``None`` where nothing was found.

        Numbers are written as the shortest text that is read back as the same bits, and read back so.

        Raises
        ------
        ParameterError
            If the endpoint cannot be reached, refuses, or goes on being busy.
        """
        content = json.dumps(body, allow_nan=False).encode()
        for _ in range(ATTEMPTS):
            status, pause, answer = self._post(path, content)
            if status == HTTPStatus.OK:
                return dict(json.loads(answer))
            if status == HTTPStatus.NOT_FOUND:
                return None
            if status not in BUSY:
                break
            time.sleep(pause)
        raise _refused(f"POST {path} is answered by status {status}{_detail(answer)}.")

    def _post(self, path: str, content: bytes) -> tuple[int, float, bytes]:
        headers = {"Content-Type": "application/json"}
        key = os.environ.get(KEY)
        if key:
            headers["Authorization"] = f"Bearer {key}"
        try:
            self.connection.request("POST", self.prefix + path, content, headers)
            response = self.connection.getresponse()
            return response.status, _pause(response.headers.get("Retry-After")), response.read()
        except (OSError, HTTPException) as error:
            self.connection.close()
            raise _refused(f"It cannot be reached: {type(error).__name__}.") from error


@contextmanager
def endpoint_at(url: str) -> Iterator[Endpoint]:
    """Open the endpoint of a URL such as ``http://127.0.0.1:3000``.

    Raises
    ------
    ParameterError
        If it is no URL of HTTP.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ParameterError(
            where="endpoint", found="The URL is none of HTTP.", fix="Give one such as http://127.0.0.1:3000."
        )
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=TIMEOUT_SECONDS)
    try:
        yield Endpoint(connection, parts.path.rstrip("/"))
    finally:
        connection.close()


def _pause(told: str | None) -> float:
    seconds = float(told) if told is not None and told.isdecimal() else 0.2
    return min(seconds, MOST_PAUSE_SECONDS)


def _detail(answer: bytes) -> str:
    """Return what a problem document says of the fields at fault; anything else may hold anything, and is not told."""
    try:
        fields = [str(one["field"]) for one in json.loads(answer).get("errors", ())]
    except (ValueError, AttributeError, KeyError, TypeError):
        return ""
    return f" for {', '.join(fields[:3])}" if fields else ""


def _refused(found: str) -> ParameterError:
    return ParameterError(
        where="endpoint",
        found=found,
        fix=f"Start it with `creditscore serve`, look into its log, and set {KEY} where it asks for a key.",
    )
