"""Keys by which a caller may post an application again without applying twice."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from creditscore.errors import ReusedKeyError
from creditscore.scoring.schema import applications, idempotency_keys


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyKey:
    """A key that a caller gave to a request.

    Parameters
    ----------
    caller
        Who gave it: the keys of two callers have nothing to do with each other.
    key
        The key, at most 200 characters.
    request_hash
        SHA-256 of what was asked, so that another request under the same key is noticed.
    """

    caller: str
    key: str
    request_hash: str


def recorded_under(connection: sa.Connection, key: IdempotencyKey) -> dict[str, Any] | None:
    """Return the decision record that was kept under a key; ``None`` where the key is new.

    Raises
    ------
    ReusedKeyError
        If the key stands for another request.
    """
    query = (
        sa.select(idempotency_keys.c.request_hash, applications.c.record)
        .join(applications, applications.c.record_id == idempotency_keys.c.record_id)
        .where(idempotency_keys.c.caller == key.caller, idempotency_keys.c.key == key.key)
    )
    found = connection.execute(query).first()
    if found is None:
        return None
    if found.request_hash != key.request_hash:
        raise ReusedKeyError(
            where="Idempotency-Key",
            found="This key stands for another request.",
            fix="Give each request a key of its own, and the same key only to the same request.",
        )
    return dict(json.loads(found.record))


def keep_key(connection: sa.Connection, key: IdempotencyKey, record_id: str) -> None:
    """Keep what was recorded under a key, in the transaction of the connection."""
    row = {
        "caller": key.caller,
        "key": key.key,
        "request_hash": key.request_hash,
        "record_id": record_id,
        "recorded_at": datetime.now(UTC),
    }
    connection.execute(sa.insert(idempotency_keys), row)
