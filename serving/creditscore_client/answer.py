"""What questions and answers have in common."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict

PROBABILITY = re.compile(r"pd_(\d+)m")


class Question(BaseModel):
    """A part of a question; a misspelled field is refused before anything is sent."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, hide_input_in_errors=True)


class Answer(BaseModel):
    """A part of an answer; what a newer service tells beyond it is kept."""

    model_config = ConfigDict(extra="allow", frozen=True, populate_by_name=True)


class ScoredAnswer(Answer):
    """A part that tells a probability of default, which the service calls by its horizon.

    Examples
    --------
    >>> answer = ScoredAnswer.model_validate({"pd_3m": 0.02})
    >>> answer.default_probability, answer.horizon_months
    (0.02, 3)
    """

    @property
    def default_probability(self) -> float:
        """Probability of default, in 0 to 1, within :attr:`horizon_months`.

        Raises
        ------
        AttributeError
            If none was told.
        """
        return float(self._probability()[1])

    @property
    def horizon_months(self) -> int:
        """Months within which the default may come.

        Raises
        ------
        AttributeError
            As :attr:`default_probability` does.
        """
        return self._probability()[0]

    def _probability(self) -> tuple[int, float]:
        for name, value in (self.model_extra or {}).items():
            if found := PROBABILITY.fullmatch(name):
                return int(found[1]), value
        message = f"{type(self).__name__} tells no probability of default."
        raise AttributeError(message)


Answered = TypeVar("Answered", bound=Answer)


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
