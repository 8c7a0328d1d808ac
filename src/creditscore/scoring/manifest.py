"""The manifest of a bundle's folder: which files belong to it, and what each of them holds."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from creditscore.errors import BundleError, some
from creditscore.scoring.files import sha256

MANIFEST = "manifest.json"
RESTORE = "Restore the bundle from the registry, or train again."


def read_manifest(folder: Path, *, version: int) -> tuple[dict[str, Any], str]:
    """Return the manifest of a folder and its SHA-256, after comparing every file of the folder with it.

    Raises
    ------
    BundleError
        If the manifest is missing or of another format, or a file is missing, altered or not in the manifest.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise broken(folder, f"It has no {MANIFEST}.", fix="Train a model, or restore the bundle from the registry.")
    content = path.read_bytes()
    manifest = _parsed(content, folder, version)
    for name in manifest["files"]:
        verified(folder, name, manifest)
    strangers = sorted({path.name for path in folder.iterdir()} - {MANIFEST, *manifest["files"]})
    if strangers:
        raise broken(
            folder, f"{some(strangers)} is not in its manifest.", fix="Remove what does not belong to the bundle."
        )
    return manifest, sha256(content)


def verified(folder: Path, name: str, manifest: Mapping[str, Any]) -> bytes:
    """Return the content of a file, if it is still the one that the manifest names.

    Raises
    ------
    BundleError
        If it is missing or altered.
    """
    path = folder / name
    if not path.is_file():
        raise broken(folder, f"{name} is missing.")
    content = path.read_bytes()
    if sha256(content) != manifest["files"][name]:
        raise broken(folder, f"{name} is not the file that was written.")
    return content


def broken(folder: Path, found: str, *, fix: str = RESTORE) -> BundleError:
    """Return the error that says what is wrong with the bundle in a folder."""
    return BundleError(where=f"bundle {folder.name!r}", found=found, fix=fix)


def _parsed(content: bytes, folder: Path, version: int) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(content)
        known = manifest["format"] == version and isinstance(manifest["files"], dict)
    except (ValueError, KeyError, TypeError):
        known = False
    if not known:
        raise broken(
            folder,
            f"Its {MANIFEST} is damaged or of another format than {version}.",
            fix="Restore the bundle from the registry, or train again with this version.",
        )
    return manifest
