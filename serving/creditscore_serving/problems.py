"""Errors as RFC 9457 problem documents that name the field at fault, and logs without the caller's data."""

import json
import logging
from collections.abc import MutableMapping
from http import HTTPStatus
from typing import Any

from pydantic import ValidationError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from creditscore.errors import CreditScoreError

FIRST_ERROR = 400


class ProblemDocuments:
    """ASGI middleware that rewrites every error of the framework as ``application/problem+json`` [1]_.

    The framework answers with several shapes of its own; a client should meet one. Answers below 400 pass untouched.

    References
    ----------
    .. [1] Nottingham, M., Wilde, E., Dalal, S. (2023). Problem Details for HTTP APIs. RFC 9457.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await self.app(scope, receive, _Rewriter(send))


class _Rewriter:
    """Holds back the start of an error until its body is complete, so that its length can be stated."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.start: MutableMapping[str, Any] | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] >= FIRST_ERROR:
            self.start = message
        elif self.start is None:
            await self.send(message)
        else:
            self.body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self.start)

    async def _finish(self, start: MutableMapping[str, Any]) -> None:
        body = json.dumps(problem(start["status"], self.body), ensure_ascii=False).encode()
        kept = [pair for pair in start["headers"] if pair[0].lower() not in {b"content-type", b"content-length"}]
        headers = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())]
        await self.send({**start, "headers": [*kept, *headers]})
        await self.send({"type": "http.response.body", "body": body})


def problem(status: int, body: bytes) -> dict[str, Any]:
    """Return the problem document of an error that the framework would have answered with ``body``.

    >>> problem(404, b'[{"error": "customer_id: unknown"}]')["detail"]
    'customer_id: unknown'
    """
    content = _content(body)
    document = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    errors = [_field_error(one) for one in content.get("detail") or [] if isinstance(one, dict)]
    if not errors:
        return {**document, "detail": str(content.get("error", ""))}
    sentences = "; ".join(f"{one['field']}: {one['message']}" for one in errors[:3])
    return {**document, "detail": sentences, "errors": errors}


def _field_error(error: dict[str, Any]) -> dict[str, str]:
    return {
        "field": ".".join(str(part) for part in error.get("loc", ())) or "body",
        "message": str(error.get("msg", "")),
    }


def _content(body: bytes) -> dict[str, Any]:
    """Read an error of the framework: an object, an object in a list, or plain text."""
    try:
        content = json.loads(body)
    except ValueError:
        return {"error": body.decode("utf-8", "replace")}
    content = content[0] if isinstance(content, list) and content else content
    return content if isinstance(content, dict) else {}


class WithoutPayload(logging.Filter):
    """Drop the traces of expected failures: they quote the request.

    A wrong field is the caller's affair; an error of the library says by itself what is wrong and how to mend it.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the line, lose the trace, when the failure is an expected one."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, ValidationError) or _status(error) < HTTPStatus.INTERNAL_SERVER_ERROR:
            record.levelno, record.levelname = logging.INFO, "INFO"
            _say(record, f"Refused: {record.msg % record.args}")
        elif error is not None and isinstance(error.__cause__, CreditScoreError):
            _say(record, f"Not answered: {record.msg % record.args}: {error.__cause__}")
        return True


def _say(record: logging.LogRecord, text: str) -> None:
    # The text is final: a percent sign in it is no place for an argument.
    record.msg, record.args, record.exc_info = text, None, None


def _status(error: BaseException | None) -> int:
    return int(getattr(error, "error_code", HTTPStatus.INTERNAL_SERVER_ERROR))


def log_without_payloads() -> None:
    """Install the filter where the framework logs what an endpoint raised; installing it twice changes nothing."""
    logger = logging.getLogger("bentoml._internal.server.http_app")
    if not any(isinstance(one, WithoutPayload) for one in logger.filters):
        logger.addFilter(WithoutPayload())
