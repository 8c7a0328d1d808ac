"""One question as it goes to the service."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it goes to the service; what is ``None`` in query and body is left out.

    Parameters
    ----------
    method, path, query, body
        The question.
    key
        Idempotency key of a question that records something.
    records
        Whether it records something.
    """

    method: str
    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None
    records: bool = False


def fits_into_path(name: str) -> bool:
    """Tell whether a name can be a part of a path: a slash ends a part, however it is written, and dots leave it.

    >>> [fits_into_path(name) for name in ("C0000042", "A/B", "..", "")]
    [True, False, False, False]
    """
    return "/" not in name and name not in {"", ".", ".."}


def path_of(template: str, **names: str) -> str:
    """Return a path with names in it.

    Raises
    ------
    ValueError
        If a name does not fit into a path; without this, another question would be asked.

    Examples
    --------
    >>> path_of("/v1/customers/{customer_id}/score", customer_id="A&B")
    '/v1/customers/A%26B/score'
    >>> path_of("/v1/customers/{customer_id}/alerts", customer_id="A/B")
    Traceback (most recent call last):
    ValueError: customer_id: it is empty, only dots, or has a slash, which no path can hold. Ask `posted_score`.
    """
    for name, value in names.items():
        if not fits_into_path(value):
            message = f"{name}: it is empty, only dots, or has a slash, which no path can hold. Ask `posted_score`."
            raise ValueError(message)
    return template.format(**{name: quote(value, safe="") for name, value in names.items()})
