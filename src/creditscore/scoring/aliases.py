"""Where the aliases of a model registry belong."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from creditscore.domain import Workspace
from creditscore.scoring.appointment import Champion
from creditscore.scoring.registered import registrations


@dataclass(frozen=True, slots=True)
class AliasMove:
    """An alias of a registered model that goes to a version, or away where the version is ``None``."""

    model: str
    alias: str
    version: str | None


class Registry(Protocol):
    """What tells a model registry; doing so twice is as doing it once.

    Raises
    ------
    StoreError
        If the registry cannot be reached.
    """

    def __call__(self, moves: Sequence[AliasMove]) -> None:
        """Make all of these moves."""


def alias_moves(
    workspace: Workspace, *, champion: Champion | None, challenger: Champion | None
) -> tuple[AliasMove, ...]:
    """Return where both aliases of every registered model of the workspace belong.

    All of them and not only what changes, so that telling the registry again makes up for what it was not told.

    Parameters
    ----------
    workspace
        The portfolio.
    champion, challenger
        Who shall have these roles; nobody where ``None``.
    """
    known = registrations(workspace)
    belong = {
        (known[one.bundle_hash].model, alias): one.registry_version
        for alias, one in (("champion", champion), ("challenger", challenger))
        if one is not None and one.bundle_hash in known
    }
    models = sorted({one.model for one in known.values()})
    return tuple(
        AliasMove(model, alias, belong.get((model, alias))) for model in models for alias in ("champion", "challenger")
    )
