"""What each colour, and a freeze, means for trade."""

from dataclasses import dataclass
from itertools import pairwise

from creditscore.domain import Colour
from creditscore.errors import PolicyError
from creditscore.policy.colours import BEST_FIRST
from creditscore.policy.exact import in_basis_points

UNLIMITED = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What a colour means for trade.

    Parameters
    ----------
    code
        Short name of the action, for applications.
    limit_factor
        Factor on the granted limit, 0 to 1, in whole basis points.
    max_term_days
        Longest payment term in days; ``None`` where the agreed term stands.
    extra_term_days
        Days by which the agreed term may be relaxed, 0 or more, up to ``max_term_days``.
    en, zh
        The action in words.
    """

    code: str
    limit_factor: float
    max_term_days: int | None
    extra_term_days: int
    en: str
    zh: str

    def __post_init__(self) -> None:
        if not 0 <= self.limit_factor <= 1 or min(self.max_term_days or 0, self.extra_term_days) < 0:
            raise PolicyError(
                where=f"Action {self.code!r}",
                found=f"limit_factor {self.limit_factor:g}, max_term_days {self.max_term_days}, "
                f"extra_term_days {self.extra_term_days}.",
                fix="Give a factor from 0 to 1, and terms of 0 or more days, or null where no longest term is set.",
            )
        in_basis_points(f"Action {self.code!r}", self.limit_factor)

    @property
    def limit_basis_points(self) -> int:
        """The factor on the limit in basis points."""
        return in_basis_points(f"Action {self.code!r}", self.limit_factor)

    @property
    def longest_term(self) -> float:
        """Longest payment term in days, infinite where none is set."""
        return UNLIMITED if self.max_term_days is None else self.max_term_days

    def text(self, language: str) -> str:
        """Return the action in ``"en"`` or ``"zh"``."""
        return {"en": self.en, "zh": self.zh}[language]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actions:
    """The action of each colour, and that of a company whose credit is frozen.

    Raises
    ------
    PolicyError
        If two actions share a code, a worse colour leaves a larger limit or a longer term, or a freeze leaves any.
    """

    green: Action
    yellow: Action
    red: Action
    frozen: Action

    def __post_init__(self) -> None:
        if len({action.code for action in self.every}) < len(self.every):
            raise PolicyError(where="Actions", found="Two actions share a code.", fix="Give each its own code.")
        for better, worse in pairwise(self.best_first):
            self._check_falls(better, worse)
        if self.frozen.limit_factor > 0 or self.frozen.longest_term > 0:
            raise PolicyError(
                where="Actions",
                found="A freeze leaves a limit or a term.",
                fix="Give `frozen` a limit_factor and a max_term_days of 0.",
            )

    @property
    def best_first(self) -> tuple[Action, ...]:
        """The actions of green, yellow and red."""
        return self.green, self.yellow, self.red

    @property
    def every(self) -> tuple[Action, ...]:
        """The actions of green, yellow, red and of a freeze."""
        return (*self.best_first, self.frozen)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of green, yellow and red."""
        return tuple(action.code for action in self.best_first)

    def of(self, colour: Colour) -> Action:
        """Return the action of one colour."""
        return self.best_first[BEST_FIRST.index(colour)]

    @staticmethod
    def _check_falls(better: Action, worse: Action) -> None:
        if (
            worse.limit_factor > better.limit_factor
            or worse.longest_term > better.longest_term
            or worse.extra_term_days > better.extra_term_days
        ):
            raise PolicyError(
                where="Actions",
                found=f"{worse.code!r} leaves a larger limit or a longer term than {better.code!r}.",
                fix="Let limit_factor, max_term_days and extra_term_days fall, or stay, from green to red.",
            )
