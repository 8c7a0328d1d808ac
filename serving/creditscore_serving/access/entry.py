"""One line of the access log: who asked what about whom, and what came of it."""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One request.

    Parameters
    ----------
    entry_id
        Never given twice.
    asked_at
        When, in seconds since 1970.
    caller, key_id
        Who asked, and the public part of the key; the latter is ``None`` for a token.
    action
        Method and route, without a customer.
    customer_ids
        Whom it was about.
    status
        HTTP status of the answer.
    request_id
        By which the answer and the other logs name the request.
    """

    entry_id: str
    asked_at: float
    caller: str
    key_id: str | None
    action: str
    customer_ids: tuple[str, ...]
    status: int
    request_id: str

    @property
    def moment(self) -> datetime:
        """When, in UTC."""
        return datetime.fromtimestamp(self.asked_at, UTC)

    @property
    def weight(self) -> int:
        """How many rows it takes."""
        return 1 + len(self.customer_ids)
