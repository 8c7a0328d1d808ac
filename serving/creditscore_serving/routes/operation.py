"""What an endpoint is made of: its place, its question, its answer, and the function that answers."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from creditscore_serving.access import Caller, UnitTable
from creditscore_serving.desk.desk import Desk
from creditscore_serving.schemas.common import Nothing
from creditscore_serving.served.edition import Edition

Query = TypeVar("Query", bound=BaseModel)
Content = dict[str, Any]
ModelOf = Callable[[int], type[BaseModel]]  # from the horizon of the bundle that is served
MISSING = (404,)
ONE_CUSTOMER_BYTES = 64 * 1024
MANY_CUSTOMERS_BYTES = sys.maxsize  # as access control allows


@dataclass(frozen=True, slots=True)
class Answer:
    """What an endpoint says.

    Parameters
    ----------
    content
        Plain content.
    headers
        Headers of its own.
    """

    content: Content
    headers: tuple[tuple[bytes, bytes], ...] = ()


@dataclass(slots=True)
class Ask(Generic[Query]):
    """A question as an endpoint gets it; the edition was taken once and is the only one that the answer knows.

    Parameters
    ----------
    desk, edition
        What answers.
    query
        The checked query, or the checked body of a posted question.
    customer_id
        The customer that the path names; empty where it names none.
    asked
        The customer that was asked for, in the path or in the body.
    caller
        Who asks.
    headers
        Headers of the request, their names in lower case.
    body
        The body as it came, for endpoints that read it themselves.
    """

    desk: Desk
    edition: Edition
    query: Query
    customer_id: str
    asked: str
    caller: Caller
    headers: list[tuple[bytes, bytes]]
    body: bytes = b""

    def sees(self, customer_id: str) -> bool:
        """Tell whether the caller may see a customer."""
        return self.caller.units is None or self.units.sees(self.caller, customer_id)

    @property
    def units(self) -> UnitTable:
        """The business units of all customers on the day that is served."""
        return self.desk.units(self.edition.day.run.as_of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One endpoint.

    Parameters
    ----------
    name, summary
        Its name for generated clients, and a line of description.
    method, path
        Its place.
    answer
        Function that answers, on a thread.
    answers_with
        Model of the answer; for answers that tell a probability, a function of the horizon.
    asks
        Model of the query, or of the body of a posted question.
    most_bytes
        Largest body.
    raw
        Whether the function reads the body itself.
    at_once
        Function that answers on the event loop what is in memory, and ``None`` where it is not.
    example
        Example of the question.
    statuses
        Errors of its own, beyond those that every endpoint has.
    headers
        Headers that it looks at, with their description and schema.
    """

    name: str
    summary: str
    method: str
    path: str
    answer: Callable[[Ask[Any]], Answer]
    answers_with: type[BaseModel] | ModelOf
    asks: type[BaseModel] = Nothing
    most_bytes: int = ONE_CUSTOMER_BYTES
    raw: bool = False
    at_once: Callable[[Ask[Any]], Answer | None] | None = None
    example: Mapping[str, Any] | None = None
    statuses: tuple[int, ...] = ()
    headers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def is_posted(self) -> bool:
        """Whether the question stands in the body."""
        return self.method == "POST"

    def model(self, horizon_months: int) -> type[BaseModel]:
        """Return the model of the answer."""
        made = self.answers_with
        return made if isinstance(made, type) else made(horizon_months)
