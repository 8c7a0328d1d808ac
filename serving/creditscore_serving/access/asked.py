"""What is known of the request that is being answered, from wherever in the code it is answered."""

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field

from creditscore_serving.access.caller import EVERYBODY, Caller


@dataclass(slots=True)
class Asked:
    """One request: who asks, and about whom so far."""

    caller: Caller
    customer_ids: list[str] = field(default_factory=list)


CURRENT: ContextVar[Asked | None] = ContextVar("creditscore_asked", default=None)


def about(customer_ids: Iterable[str]) -> None:
    """Say whom the request is about; the access log then names them. Outside a request it does nothing.

    Those that the path names are known already. Say it before the answer, of all whom it tells something of.
    """
    asked = CURRENT.get()
    if asked is not None:
        asked.customer_ids.extend(customer_ids)


def current_caller() -> Caller:
    """Return who asks; outside a request that is the program itself, which may do everything."""
    asked = CURRENT.get()
    return EVERYBODY if asked is None else asked.caller
