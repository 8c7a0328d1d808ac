"""From what a person types to a bundle: its name, the first digits of its hash, or the word champion or challenger."""

from pathlib import Path

from creditscore.domain import Workspace
from creditscore.errors import ParameterError, some
from creditscore.scoring.bundle import Bundle
from creditscore.scoring.challenger import challenger_of
from creditscore.scoring.champion import champion_of
from creditscore.scoring.files import sha256
from creditscore.scoring.manifest import MANIFEST

FEWEST_DIGITS = 4


def bundle_named(workspace: Workspace, name: str) -> Bundle:
    """Open the bundle that a name means.

    Parameters
    ----------
    workspace
        The portfolio.
    name
        ``champion``, ``challenger``, the name of a folder, or at least four first digits of a hash.

    Raises
    ------
    ParameterError
        If the name means no bundle, or several.
    BundleError
        If the bundle is broken, or no bundle decides yet.
    """
    if name == "champion":
        return Bundle.open(workspace.bundles / champion_of(workspace).folder_name)
    if name == "challenger":
        return Bundle.open(workspace.bundles / _challenger(workspace))
    folders = bundle_folders(workspace)
    found = [folder for folder in folders if folder.name == name] or _by_hash(folders, name)
    if len(found) != 1:
        raise ParameterError(
            where=f"bundle {name!r}",
            found=f"{len(found)} of {len(folders)} bundles are called so"
            + (f": {some(folder.name for folder in found)}." if found else "."),
            fix="`creditscore models list` shows their names; the first digits of a hash do as well.",
        )
    return Bundle.open(found[0])


def bundle_folders(workspace: Workspace) -> list[Path]:
    """Return the folders of the workspace that hold a bundle, sound or not, by name; drafts are left out."""
    manifests = sorted(workspace.bundles.glob(f"*/{MANIFEST}"))
    return [path.parent for path in manifests if not path.parent.name.startswith(".")]


def _challenger(workspace: Workspace) -> str:
    challenger = challenger_of(workspace)
    if challenger is None:
        raise ParameterError(
            where="challenger",
            found="No bundle runs beside the champion.",
            fix="Set one with `creditscore models challenge BUNDLE`.",
        )
    return challenger.folder_name


def _by_hash(folders: list[Path], digits: str) -> list[Path]:
    if len(digits) < FEWEST_DIGITS:
        return []
    return [folder for folder in folders if sha256((folder / MANIFEST).read_bytes()).startswith(digits)]
