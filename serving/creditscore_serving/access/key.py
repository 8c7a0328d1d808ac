"""API keys: a public part to find one by, and a secret that nobody keeps."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from creditscore_serving.access.caller import Caller

PREFIX = "csk_"  # tells programs that look for leaked secrets what they have found
ID_BYTES = 6
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """What is kept of a key.

    The secret is 256 random bits, so nobody finds it by trying, at whatever speed, and no two are alike: a plain
    SHA-256 keeps it as well as a slow, salted hash does, which is made for passwords that people choose.

    Parameters
    ----------
    caller
        Who asks with it, and what that one may do.
    hash
        SHA-256 of the whole key.
    created_at, revoked_at, last_used_at
        In UTC; ``None`` where it did not happen.
    expires_on
        Last day, in UTC, on which it holds; ``None`` if it does not end.
    """

    caller: Caller
    hash: bytes
    created_at: datetime
    expires_on: date | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None
    ends_at: float = field(init=False, default=float("inf"))

    def __post_init__(self) -> None:
        if self.expires_on is not None:
            object.__setattr__(self, "ends_at", _end_of(self.expires_on))

    @property
    def key_id(self) -> str:
        """Public part of the key."""
        return self.caller.key_id or ""

    def holds(self, text: str, *, now: float) -> bool:
        """Tell whether a key is this one and is good at a time, in seconds since 1970."""
        same = hmac.compare_digest(hashed(text), self.hash)
        return same and self.revoked_at is None and now < self.ends_at


def new_key() -> tuple[str, str]:
    """Draw a new key; return its public part and the whole of it.

    >>> key_id, text = new_key()
    >>> text.startswith(f"csk_{key_id}_"), id_in(text) == key_id
    (True, True)
    """
    key_id = secrets.token_hex(ID_BYTES)
    return key_id, f"{PREFIX}{key_id}_{secrets.token_urlsafe(SECRET_BYTES)}"


def id_in(text: str) -> str | None:
    """Return the public part of a key, or ``None`` if it is none.

    >>> id_in("csk_00ff00ff00ff_secret"), id_in("eyJhbGciOi")
    ('00ff00ff00ff', None)
    """
    start, end = len(PREFIX), len(PREFIX) + 2 * ID_BYTES
    return text[start:end] if text.startswith(PREFIX) and text[end : end + 1] == "_" else None


def hashed(text: str) -> bytes:
    """Return what is kept of a key."""
    return hashlib.sha256(text.encode()).digest()


def _end_of(day: date) -> float:
    return datetime.combine(day + timedelta(days=1), time(), UTC).timestamp()
