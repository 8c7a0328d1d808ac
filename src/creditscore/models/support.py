"""Support: whether the training data say anything about a request."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from creditscore.errors import ParameterError
from creditscore.models.checks import Floats, checked_matrix

WHERE = "Support"


@dataclass(frozen=True, slots=True)
class Support:
    """The requests that a scenario model has seen, and how many of them it takes to answer.

    The probability of default rises with everything that is asked. What happened to customers who asked for at least as
    much therefore bounds the answer from above, and what happened to those who asked for less does not. So a request is
    supported where at least ``fewest`` requests of training asked for at least as much of everything, from customers
    whose log-odds of default lay within ``width``. A smaller request always has at least as much support.

    Parameters
    ----------
    base_log_odds
        Log-odds of the customers of training, (m,).
    asked
        What they asked for, (m, k).
    fewest
        Requests without which there is no answer, 1 or more.
    width
        How far the log-odds of another customer may lie from this one's, above 0.

    Raises
    ------
    ParameterError
        If the lengths differ, a value is missing, or a number is out of range.

    Examples
    --------
    >>> support = Support(np.zeros(4), np.array([[1.0], [2.0], [3.0], [4.0]]), fewest=2, width=0.5)
    >>> support.counts([0.1, 0.1, 2.0], [[3.0], [3.5], [1.0]])
    array([2, 1, 0])
    """

    base_log_odds: Floats
    asked: Floats
    fewest: int = 30
    width: float = 0.75

    def __post_init__(self) -> None:
        told = np.isfinite(self.base_log_odds).all() and np.isfinite(self.asked).all()
        if self.base_log_odds.ndim != 1 or self.asked.shape[:1] != self.base_log_odds.shape or not told:
            raise ParameterError(
                where=WHERE,
                found=f"{self.base_log_odds.shape} log-odds for {self.asked.shape} asked, or a value is missing.",
                fix="Give one log-odds and one complete row a request.",
            )
        if self.fewest < 1 or not self.width > 0:
            raise ParameterError(
                where=WHERE, found=f"fewest is {self.fewest}, width {self.width}.", fix="Give 1 or more, and above 0."
            )

    def counts(self, base_log_odds: ArrayLike, X: ArrayLike) -> np.ndarray:
        """Return how many comparable requests asked for at least as much as each row of ``X`` (n, k)."""
        asked = checked_matrix(WHERE, X, features=self.asked.shape[1])
        base = np.asarray(base_log_odds, dtype=np.float64)
        return np.array([self._count(*one) for one in zip(base, asked, strict=True)], dtype=np.int64)

    def bounds(self) -> tuple[float, ...]:
        """Return of each thing asked the largest that ``fewest`` requests reached, whoever asked for it."""
        if len(self.asked) < self.fewest:
            return (-np.inf,) * self.asked.shape[1]
        return tuple(float(value) for value in np.sort(self.asked, axis=0)[-self.fewest])

    def _count(self, base: float, asked: Floats) -> int:
        near = np.abs(self.base_log_odds - base) <= self.width
        return int(np.count_nonzero(near & (self.asked >= asked).all(axis=1)))

    def to_record(self) -> dict[str, Any]:
        """Return everything in plain types, from which :meth:`from_record` makes the same again."""
        return {
            "base_log_odds": self.base_log_odds.tolist(),
            "asked": self.asked.tolist(),
            "fewest": self.fewest,
            "width": self.width,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Make the support that a record describes."""
        return cls(
            np.array(record["base_log_odds"], dtype=np.float64),
            np.array(record["asked"], dtype=np.float64),
            fewest=int(record["fewest"]),
            width=float(record["width"]),
        )
