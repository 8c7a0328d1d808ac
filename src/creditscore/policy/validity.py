"""When a policy holds, and how it came to be what it is."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from creditscore.errors import PolicyError


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """The days that a policy decides.

    Parameters
    ----------
    first_on
        First day, or null where it decides every day before ``last_on``.
    last_on
        Last day, included, or null where no end is set.

    Examples
    --------
    >>> this_year = Validity(first_on=date(2026, 1, 1), last_on=date(2026, 12, 31))
    >>> date(2026, 12, 31) in this_year, date(2027, 1, 1) in this_year
    (True, False)
    """

    first_on: date | None
    last_on: date | None

    def __post_init__(self) -> None:
        if self.first_on is not None and self.last_on is not None and self.last_on < self.first_on:
            raise PolicyError(
                where="Validity",
                found=f"It ends on {self.last_on}, before it begins on {self.first_on}.",
                fix="Give a first day that is not after the last one, or null.",
            )

    def __contains__(self, day: date) -> bool:
        return (self.first_on is None or self.first_on <= day) and (self.last_on is None or day <= self.last_on)

    def overlaps(self, other: "Validity") -> bool:
        """Tell whether both hold on some day."""
        return not (_ends_before(self, other) or _ends_before(other, self))


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChange:
    """One entry of the change log.

    Parameters
    ----------
    version
        The version that the change made.
    decided_on
        Day on which it was decided.
    en, zh
        What changed and why.
    """

    version: str
    decided_on: date
    en: str
    zh: str


def check_log(changes: tuple[PolicyChange, ...], *, version: str) -> None:
    """Refuse a change log that does not lead to the version, repeats one, or runs backwards.

    Raises
    ------
    PolicyError
        If so.
    """
    versions = [change.version for change in changes]
    if not versions or versions[-1] != version:
        raise PolicyError(
            where="Policy",
            found=f"The last entry of `changes` is not version {version!r}.",
            fix="Add an entry for this version: what changed, why, and when it was decided.",
        )
    backwards = any(later.decided_on < earlier.decided_on for earlier, later in pairwise(changes))
    if backwards or len(set(versions)) < len(versions):
        raise PolicyError(
            where="Policy",
            found="`changes` repeats a version or is not in the order of the days.",
            fix="Give each version one entry, the earliest first.",
        )


def _ends_before(one: Validity, other: Validity) -> bool:
    return one.last_on is not None and other.first_on is not None and one.last_on < other.first_on
