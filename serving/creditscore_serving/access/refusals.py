"""Refusals as RFC 9457 problem documents; they tell what is missing, never what was sent."""

import json
import math
from dataclasses import dataclass
from http import HTTPStatus

from starlette.types import Send

from creditscore_serving.access.caller import Caller
from creditscore_serving.access.permissions import Permission

REALM = 'Bearer realm="creditscore"'


@dataclass(frozen=True, slots=True)
class Refusal:
    """The answer to a request that the application does not answer.

    Parameters
    ----------
    status, detail
        HTTP status, and a sentence.
    headers
        Further headers, names in lower case.
    """

    status: HTTPStatus
    detail: str
    headers: tuple[tuple[str, str], ...] = ()

    async def send(self, send: Send, request_id: str) -> None:
        """Answer the request."""
        document = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": int(self.status),
            "detail": self.detail,
            "request_id": request_id,
            "errors": [],
        }
        body = json.dumps(document).encode()
        headers = [
            ("content-type", "application/problem+json"),
            ("content-length", str(len(body))),
            ("x-request-id", request_id),
            *self.headers,
        ]
        encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        await send({"type": "http.response.start", "status": int(self.status), "headers": encoded})
        await send({"type": "http.response.body", "body": body})


class Refused(Exception):  # noqa: N818 - an answer on its way out, not an error
    """Carries a refusal to where it is sent.

    Parameters
    ----------
    refusal
        What to answer.
    caller
        Who is refused, where that is known.
    """

    def __init__(self, refusal: Refusal, *, caller: Caller | None = None) -> None:
        super().__init__(refusal.detail)
        self.refusal = refusal
        self.caller = caller


NO_CREDENTIALS = Refusal(
    HTTPStatus.UNAUTHORIZED,
    "No key and no token were given. Send one as `Authorization: Bearer ...`.",
    (("www-authenticate", REALM),),
)
UNKNOWN = Refusal(
    HTTPStatus.UNAUTHORIZED,
    "The key or token is unknown, revoked or has ended.",
    (("www-authenticate", f'{REALM}, error="invalid_token"'),),
)
NOT_LOCAL = Refusal(
    HTTPStatus.UNAUTHORIZED,
    "This server has no keys and answers its own machine alone. Make a key with `creditscore keys create`.",
    (("www-authenticate", REALM),),
)
ISSUER_AWAY = Refusal(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "Tokens cannot be verified now: their issuer's keys cannot be read.",
    (("retry-after", "30"),),
)
UNRECORDED = Refusal(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "The access log cannot be written, so nothing is answered.",
    (("retry-after", "5"),),
)
NO_ROOM = Refusal(
    HTTPStatus.SERVICE_UNAVAILABLE, "Too much is being read. Ask again in a moment.", (("retry-after", "1"),)
)
TOO_SLOW = Refusal(HTTPStatus.REQUEST_TIMEOUT, "The body did not arrive in time.", (("connection", "close"),))
NOT_ANSWERED = Refusal(
    HTTPStatus.GATEWAY_TIMEOUT, "The answer took too long. Ask for less at once.", (("retry-after", "5"),)
)


def too_large(most_bytes: int) -> Refusal:
    """Refuse a body; the connection is closed, for the rest of it is not read."""
    return Refusal(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"The body is larger than {most_bytes:,} bytes. Ask in several requests.",
        (("connection", "close"),),
    )


def lacks(permission: Permission) -> Refusal:
    """Refuse a caller that is known and may not do this."""
    return Refusal(
        HTTPStatus.FORBIDDEN,
        f"This key or token does not allow {permission}.",
        (("www-authenticate", f'{REALM}, error="insufficient_scope", scope="{permission}"'),),
    )


def too_many(seconds: float) -> Refusal:
    """Refuse a caller that asks too often, and say when to come back."""
    return Refusal(
        HTTPStatus.TOO_MANY_REQUESTS,
        "This key or token asks more often than it may.",
        (("retry-after", str(max(1, math.ceil(seconds)))),),
    )
