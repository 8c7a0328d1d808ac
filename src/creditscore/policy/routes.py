"""By which way an application is decided, and the rules that say so."""

from dataclasses import dataclass
from enum import StrEnum

from creditscore.domain import Colour
from creditscore.errors import PolicyError
from creditscore.policy.grading import RiskLevel


class Route(StrEnum):
    """Way to a decision, easiest first."""

    GREEN_CHANNEL = "green_channel"
    STANDARD = "standard"
    COMMITTEE = "committee"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalLevel:
    """Who approves, and within how many working days once the level before it has.

    Parameters
    ----------
    code
        Name of the level in the rules.
    working_days
        Working days that it has.
    en, zh
        The level in words.
    """

    code: str
    working_days: int
    en: str
    zh: str

    def __post_init__(self) -> None:
        at_least_one(working_days=self.working_days)

    def text(self, language: str) -> str:
        """Return the level in ``"en"`` or ``"zh"``."""
        return {"en": self.en, "zh": self.zh}[language]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalCondition:
    """What an approval is bound to.

    Parameters
    ----------
    code
        Name of the condition in the rules.
    max_term_days
        Longest payment term in days, or null where the condition sets none; ``{max_term_days}`` in the words stands
        for it.
    en, zh
        The condition in words.
    """

    code: str
    max_term_days: int | None
    en: str
    zh: str

    def __post_init__(self) -> None:
        if self.max_term_days is not None:
            at_least_one(max_term_days=self.max_term_days)

    def text(self, language: str) -> str:
        """Return the condition in ``"en"`` or ``"zh"``, with its number."""
        return {"en": self.en, "zh": self.zh}[language].replace("{max_term_days}", str(self.max_term_days))


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRule:
    """Which applications go by which way; of several rules that fit, the first decides.

    Parameters
    ----------
    code
        Name of the rule.
    industry, cooperation, payback
        Levels of risk that it covers in each dimension: low, medium, high.
    colour
        Colours of the customer that it covers.
    route
        green_channel, standard or committee.
    levels
        Who approves, one after the other, by the codes of the levels; nobody in the green channel.
    conditions
        What an approval is bound to, by the codes of the conditions.
    en, zh
        The rule in words.
    """

    code: str
    industry: tuple[RiskLevel, ...]
    cooperation: tuple[RiskLevel, ...]
    payback: tuple[RiskLevel, ...]
    colour: tuple[Colour, ...]
    route: Route
    levels: tuple[str, ...]
    conditions: tuple[str, ...]
    en: str
    zh: str

    def __post_init__(self) -> None:
        for name, covered in zip(("industry", "cooperation", "payback", "colour"), self.covered, strict=True):
            if not covered or len(set(covered)) < len(covered):
                raise PolicyError(
                    where=name, found="It is empty or repeats a value.", fix="List each value that is covered once."
                )
        if self.route is Route.GREEN_CHANNEL:
            self._check_green_channel()
        elif not self.levels:
            raise PolicyError(where="levels", found=f"Nobody approves by {self.route}.", fix="Name who approves.")

    @property
    def covered(self) -> tuple[tuple[StrEnum, ...], ...]:
        """What it covers: levels of industry, cooperation and payback, and colours."""
        return self.industry, self.cooperation, self.payback, self.colour

    @property
    def strictness(self) -> tuple[int, int]:
        """How hard its way is: by route, and then by the number of levels."""
        return tuple(Route).index(self.route), len(self.levels)

    def text(self, language: str) -> str:
        """Return the rule in ``"en"`` or ``"zh"``."""
        return {"en": self.en, "zh": self.zh}[language]

    def _check_green_channel(self) -> None:
        if self.levels:
            raise PolicyError(
                where="levels",
                found="The green channel names who approves.",
                fix="Leave the list empty, or use another route.",
            )
        high = [name for name in ("industry", "cooperation", "payback") if RiskLevel.HIGH in getattr(self, name)]
        if high or Colour.RED in self.colour:
            raise PolicyError(
                where=high[0] if high else "colour",
                found=f"The green channel is given to {'high risk' if high else 'a red customer'}.",
                fix="Take it out of this rule and let another one cover it.",
            )


def at_least_one(**counts: int) -> None:
    """Refuse a count below 1, by its name.

    Raises
    ------
    PolicyError
        If one is; ``where`` is its name.
    """
    for name, count in counts.items():
        if count < 1:
            raise PolicyError(where=name, found=f"It is {count}.", fix="Give 1 or more.")
