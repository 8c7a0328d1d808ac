"""What a limited caller is told: of its own customers alone, and no amounts where it may not see them."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import uuid4

from pydantic import BaseModel

from creditscore_serving.access.caller import Caller
from creditscore_serving.access.masking import concealed, masked

# Whom a caller may not see it asks in vain, word for word as it would ask for a stranger.
NOBODY: Final = f"nobody-{uuid4().hex}"
Sees = Callable[[str], bool]


def hidden_in(query: BaseModel, sees: Sees) -> BaseModel:
    """Return a question whose customer is a stranger, if the caller may not see that customer."""
    asked = getattr(query, "customer_id", None)
    return query if asked is None or sees(asked) else query.model_copy(update={"customer_id": NOBODY})


def withheld(answer: Mapping[str, Any], caller: Caller, *, sees: Sees, asked: str) -> Mapping[str, Any]:
    """Return an answer as a caller may see it.

    Parameters
    ----------
    answer
        Plain content. It is not altered.
    caller
        Who asks.
    sees
        Tells whether the caller may see a customer.
    asked
        The customer that was asked for, whom an answer about a stranger names again.
    """
    told: Mapping[str, Any] = masked(_of_own(answer, caller, sees), caller)
    return {**told, "customer_id": asked} if told.get("customer_id") == NOBODY else told


def _of_own(answer: Mapping[str, Any], caller: Caller, sees: Sees) -> Mapping[str, Any]:
    """Conceal the companies outside the caller's units that a freeze names, in one score or in several."""
    found = dict(answer)
    if found.get("decision") is not None:
        found["decision"] = concealed(found["decision"], caller, sees)
    if isinstance(found.get("scores"), list):
        found["scores"] = [_of_own(one, caller, sees) for one in found["scores"]]
    return found
