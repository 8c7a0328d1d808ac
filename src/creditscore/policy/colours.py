"""Colours of customers."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from creditscore.domain import Colour
from creditscore.errors import PolicyError
from creditscore.policy.scale import HIGHEST, LOWEST, FloatArray

BEST_FIRST = tuple(Colour)


@dataclass(frozen=True, slots=True, kw_only=True)
class Governance:
    """How far and how long a score must move before the governed colour follows it; all 0: at once.

    Parameters
    ----------
    downgrade_margin, upgrade_margin
        Score points beyond the edge of a colour, 0 or more, that a score must have before the governed colour falls to
        it or rises to it.
    downgrade_dwell_days, upgrade_dwell_days
        Whole days, 0 or more, for which a colour must have been held before it may fall or rise.

    Raises
    ------
    PolicyError
        If a number is negative or missing.
    """

    downgrade_margin: float = 0.0
    upgrade_margin: float = 0.0
    downgrade_dwell_days: int = 0
    upgrade_dwell_days: int = 0

    def __post_init__(self) -> None:
        margins, dwells = self.margins, (self.downgrade_dwell_days, self.upgrade_dwell_days)
        if not all(number >= 0 for number in (*margins, *dwells)):
            raise PolicyError(
                where="Governance",
                found=f"margins {margins[0]:g} and {margins[1]:g}, dwells {dwells[0]} and {dwells[1]} days.",
                fix="Give margins of 0 or more score points, and 0 or more whole days.",
            )

    @property
    def margins(self) -> tuple[float, float]:
        """The margins of a fall and of a rise."""
        return self.downgrade_margin, self.upgrade_margin


@dataclass(frozen=True, slots=True, kw_only=True)
class ColourBands:
    """Lowest score of each colour, best colour first; below yellow is red.

    Parameters
    ----------
    green, yellow
        Lowest score of the colour.
    governance
        How the governed colour follows the raw one.

    Raises
    ------
    PolicyError
        If the edges do not fall from 100 to 0, or a margin is as wide as a colour, which could then be passed over or
        never be reached.

    Examples
    --------
    >>> bands = ColourBands(green=80, yellow=60)
    >>> [str(bands.of(score)) for score in (80, 79.99, 60, 59.99)]
    ['green', 'yellow', 'yellow', 'red']
    >>> ColourBands(green=60, yellow=80)
    Traceback (most recent call last):
    creditscore.errors.PolicyError: ColourBands: green 60, yellow 80 do not fall from 100 to 0. Give 0 < yellow < ...
    """

    green: float
    yellow: float
    governance: Governance = field(default_factory=Governance)

    def __post_init__(self) -> None:
        if not LOWEST < self.yellow < self.green < HIGHEST:
            raise PolicyError(
                where="ColourBands",
                found=f"green {self.green:g}, yellow {self.yellow:g} do not fall from 100 to 0.",
                fix="Give 0 < yellow < green < 100.",
            )
        widest = max(self.governance.margins)
        if widest >= self.narrowest:
            raise PolicyError(
                where="ColourBands",
                found=f"A margin of {widest:g} points is no smaller than a colour of {self.narrowest:g} points.",
                fix="Give margins below the width of the narrowest colour, so that each can be reached.",
            )

    @property
    def narrowest(self) -> float:
        """Width of the narrowest colour in score points."""
        return min(HIGHEST - self.green, self.green - self.yellow, self.yellow - LOWEST)

    def of(self, score: float) -> Colour:
        """Return the colour of one score."""
        return BEST_FIRST[int(self.ranks(np.float64(score)))]

    def ranks(self, score: FloatArray | np.float64) -> npt.NDArray[np.intp]:
        """Return the position of each score's colour: 0 green, 1 yellow, 2 red."""
        return 2 - np.searchsorted((self.yellow, self.green), score, side="right")
