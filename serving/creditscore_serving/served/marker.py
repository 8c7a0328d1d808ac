"""What tells that something else is to be served: read often, so it must cost little."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
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
    bundle
        Name, size and time of each file of its bundle, so that one which is altered in its place is verified again.
    policies
        The same of each policy file.
    """

    champion: Champion
    bundle: tuple[FileState, ...]
    policies: tuple[FileState, ...]

    @classmethod
    def of(cls, workspace: Workspace) -> Self:
        """Read it.

        Raises
        ------
        BundleError
            If no bundle decides, or the record is damaged.
        """
        champion = champion_of(workspace)
        folder = workspace.bundles / champion.folder_name
        return cls(
            champion=champion,
            bundle=_states(sorted(folder.iterdir()) if folder.is_dir() else ()),
            policies=_states(workspace.policy_files),
        )


def _states(paths: Iterable[Path]) -> tuple[FileState, ...]:
    """Return name, size and time of change; that time, unlike the one of the content, cannot be set back."""
    found = ((path.name, path.stat()) for path in paths)
    return tuple((name, state.st_size, state.st_ctime_ns) for name, state in found)
