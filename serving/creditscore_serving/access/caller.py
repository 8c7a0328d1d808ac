"""Who is asking, and what that one may do."""

from dataclasses import dataclass, field

from creditscore_serving.access.permissions import Permission
from creditscore_serving.access.rate import Rate
from creditscore_serving.access.units import Units

EVERY_PERMISSION = frozenset(Permission)


@dataclass(frozen=True, slots=True)
class Caller:
    """One who was recognized.

    Parameters
    ----------
    name
        Name of the key, or subject of the token.
    scopes
        What it may do; ``admin`` stands for all of it.
    units
        Business units whose customers it may see; ``None`` for all.
    rate
        How many requests it may make; ``None`` for any number.
    key_id
        Public part of its key; ``None`` for a token.

    Examples
    --------
    >>> erp = Caller("erp", frozenset({Permission.SCORES_READ}))
    >>> erp.may(Permission.SCORES_READ), erp.may(Permission.ADMIN), erp.sees_confidential
    (True, False, False)
    >>> Caller("root", frozenset({Permission.ADMIN})).sees_confidential
    True
    """

    name: str
    scopes: frozenset[Permission] = frozenset()
    units: Units | None = None
    rate: Rate | None = None
    key_id: str | None = None
    sees_confidential: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        if Permission.ADMIN in self.scopes:
            object.__setattr__(self, "scopes", EVERY_PERMISSION)
        object.__setattr__(self, "sees_confidential", Permission.AMOUNTS_READ in self.scopes)

    def may(self, permission: Permission) -> bool:
        """Tell whether this caller may do something."""
        return permission in self.scopes


# Whoever asks a server that no key guards; such a server listens to its own machine alone.
EVERYBODY = Caller("everybody", EVERY_PERMISSION)
