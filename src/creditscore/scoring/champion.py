"""Which bundle decides."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from creditscore.domain import Workspace
from creditscore.errors import BundleError
from creditscore.features import Feature
from creditscore.scoring.bundle import MANIFEST, Bundle
from creditscore.scoring.files import sha256, whole_file

CHAMPION = "champion.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Champion:
    """The bundle that decides in a workspace.

    Parameters
    ----------
    folder_name
        Name of its folder below ``workspace.bundles``.
    bundle_hash
        Its hash on the day it was made champion.
    registry_version
        Its version in the model registry, ``None`` where there is no registry.
    """

    folder_name: str
    bundle_hash: str
    registry_version: str | None


def set_champion(workspace: Workspace, folder_name: str, *, registry_version: str | None = None) -> Champion:
    """Make a bundle of the workspace the one that decides, in one step.

    Raises
    ------
    BundleError
        If the folder holds no sound bundle; the champion is then as it was.
    """
    bundle = Bundle.open(workspace.bundles / folder_name)
    champion = Champion(folder_name=folder_name, bundle_hash=bundle.hash, registry_version=registry_version)
    entry = {name: getattr(champion, name) for name in ("folder_name", "bundle_hash", "registry_version")}
    with whole_file(workspace.bundles / CHAMPION) as draft:
        draft.write_text(json.dumps(entry, indent=2) + "\n", "utf-8")
    return champion


def champion_of(workspace: Workspace) -> Champion:
    """Read which bundle decides.

    Raises
    ------
    BundleError
        If none does yet, or the record is damaged.
    """
    path = workspace.bundles / CHAMPION
    if not path.is_file():
        raise BundleError(
            where="champion", found="No bundle decides yet.", fix="Train one with `creditscore train`, gates passed."
        )
    try:
        return Champion(**json.loads(path.read_text("utf-8")))
    except (ValueError, TypeError):
        raise BundleError(
            where="champion", found=f"{CHAMPION} is damaged.", fix="Set the champion again from the registry."
        ) from None


def open_champion(workspace: Workspace, *, features: Sequence[Feature] = ()) -> Bundle:
    """Open the bundle that decides.

    Parameters
    ----------
    workspace
        The portfolio.
    features
        Features of the recipe's own that the shipped catalogue does not know.

    Raises
    ------
    BundleError
        If none decides yet, or it is not the bundle that was made champion.
    """
    champion = champion_of(workspace)
    bundle = Bundle.open(workspace.bundles / champion.folder_name, features=features)
    if bundle.hash != champion.bundle_hash:
        raise BundleError(
            where=f"bundle {champion.folder_name!r}",
            found="It is not the bundle that was made champion.",
            fix="Restore it from the registry, or set the champion again.",
        )
    return bundle


def bundle_of(workspace: Workspace, bundle_hash: str, *, features: Sequence[Feature] = ()) -> Bundle:
    """Open the bundle of the workspace with this hash, whether or not it decides today.

    Raises
    ------
    BundleError
        If no folder holds it any more, or its files are not those that were written.
    """
    for manifest in sorted(workspace.bundles.glob(f"*/{MANIFEST}")):
        if sha256(manifest.read_bytes()) == bundle_hash:
            return Bundle.open(manifest.parent, features=features)
    raise BundleError(
        where=f"bundle {bundle_hash[:12]}",
        found="No folder of the workspace holds it any more.",
        fix="Restore it from the registry.",
    )
