"""What the parts of all questions and of all answers have in common."""

import re
from typing import TypeVar

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
