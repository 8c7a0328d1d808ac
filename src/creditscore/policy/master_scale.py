"""The master scale: ordered internal grades of the probability of default."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from creditscore.errors import PolicyError, some
from creditscore.policy.scale import FloatArray, log_odds

FEWEST, MOST = 10, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """One grade: its label and the highest probability of default that it holds, ``None`` for the last."""

    label: str
    upper_default_probability: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterScale:
    """Ten to twenty grades, best first.

    A grade holds the probabilities above the bound of the grade before it up to its own bound, included; the last grade
    is open. Grades are found by comparing log-odds, which keep their order where probabilities have rounded to 0 or 1.

    Raises
    ------
    PolicyError
        If there are fewer than 10 or more than 20 grades, labels repeat or do not sort as the grades do, or the bounds
        do not rise within (0, 1) to a last open grade.
    """

    grades: tuple[Grade, ...]

    def __post_init__(self) -> None:
        if not FEWEST <= len(self.grades) <= MOST:
            raise PolicyError(
                where="MasterScale",
                found=f"It has {len(self.grades)} grades.",
                fix=f"Give {FEWEST} to {MOST}, so that grades neither hide risk nor run empty.",
            )
        if list(self.labels) != sorted(set(self.labels)):
            raise PolicyError(
                where="MasterScale",
                found=f"The labels {some(self.labels)} repeat or do not sort from best to worst.",
                fix="Give labels whose alphabetical order is the order of risk, such as A1, A2, B1.",
            )
        self._check_bounds([grade.upper_default_probability for grade in self.grades])

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of the grades, best first."""
        return tuple(grade.label for grade in self.grades)

    @property
    def bounds(self) -> tuple[float, ...]:
        """Highest probability of default of each grade but the last."""
        uppers = (grade.upper_default_probability for grade in self.grades)
        return tuple(upper for upper in uppers if upper is not None)

    def grade(self, default_probability: float) -> str:
        """Return the label of the grade that holds a probability of default.

        Raises
        ------
        ParameterError
            If the probability is missing or lies outside [0, 1].
        """
        return self.labels[int(self.ranks(log_odds(default_probability)))]

    def ranks(self, log_odds_of_default: FloatArray) -> npt.NDArray[np.intp]:
        """Return the position of each grade, 0 for the best, from log-odds of default."""
        return np.searchsorted(log_odds(self.bounds), log_odds_of_default, side="left")

    def _check_bounds(self, uppers: Sequence[float | None]) -> None:
        inner = [0.0 if upper is None else upper for upper in uppers[:-1]]
        edges = [0.0, *inner, 1.0]
        rising = all(low < high for low, high in pairwise(edges))
        if not rising or uppers[-1] is not None:
            raise PolicyError(
                where="MasterScale",
                found="The upper bounds do not rise within 0 to 1 to a last grade without a bound.",
                fix="Give each grade a larger bound than the one before it, and the last null.",
            )
