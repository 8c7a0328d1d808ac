"""What tells that something else is to be served: read often, so it must cost little."""

from dataclasses import dataclass
from typing import Self

from creditscore.domain import Workspace
from creditscore.scoring import Champion, champion_of

FileState = tuple[str, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelMarker:
    """Which bundle and which policy files decide.

    Parameters
    ----------
    champion
        The record of the champion.
    policies
        Name, size and time of each policy file.
    """

    champion: Champion
    policies: tuple[FileState, ...]

    @classmethod
    def of(cls, workspace: Workspace) -> Self:
        """Read it.

        Raises
        ------
        BundleError
            If no bundle decides, or the record is damaged.
        """
        states = []
        for path in workspace.policy_files:
            found = path.stat()
            states.append((path.name, found.st_size, found.st_mtime_ns))
        return cls(champion=champion_of(workspace), policies=tuple(states))
