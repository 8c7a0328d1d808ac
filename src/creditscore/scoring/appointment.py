"""The record that a bundle is champion or challenger: one small file beside the bundles."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from creditscore.errors import BundleError
from creditscore.scoring.files import whole_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Champion:
    """The bundle that decides in a workspace; a challenger is recorded in the same form.

    Parameters
    ----------
    folder_name
        Name of its folder below ``workspace.bundles``.
    bundle_hash
        Its hash on the day it was appointed.
    registry_version
        Its version in the model registry, ``None`` where there is no registry.
    """

    folder_name: str
    bundle_hash: str
    registry_version: str | None


def appoint(path: Path, appointed: Champion) -> None:
    """Write the record in one step."""
    with whole_file(path) as draft:
        draft.write_text(json.dumps(asdict(appointed), indent=2) + "\n", "utf-8")


def appointed_in(path: Path) -> Champion | None:
    """Read a record; ``None`` where nobody is appointed.

    Raises
    ------
    BundleError
        If the record is damaged.
    """
    if not path.is_file():
        return None
    try:
        return Champion(**json.loads(path.read_text("utf-8")))
    except (ValueError, TypeError):
        raise BundleError(
            where=path.stem, found=f"{path.name} is damaged.", fix=f"Set the {path.stem} again from the registry."
        ) from None
