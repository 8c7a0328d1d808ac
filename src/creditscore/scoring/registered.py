"""Which version of the model registry each bundle is; a bundle cannot say so itself, for it is written before."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from creditscore.domain import Workspace
from creditscore.errors import BundleError
from creditscore.scoring.bundle import Bundle
from creditscore.scoring.files import whole_file

REGISTERED = "registered.jsonl"


@dataclass(frozen=True, slots=True)
class Registration:
    """A bundle's registered model and version, and when it was told, in UTC."""

    model: str
    version: str
    at: datetime


def add_registration(workspace: Workspace, bundle: Bundle, version: str) -> None:
    """Record that a bundle is this version of the registered model of its name; nothing happens where that is known.

    Raises
    ------
    BundleError
        If the record is damaged.
    """
    known = registrations(workspace).get(bundle.hash)
    if known is not None and known.version == version:
        return
    path = workspace.bundles / REGISTERED
    at = datetime.now(UTC).isoformat(timespec="seconds")
    entry = {"at": at, "bundle_hash": bundle.hash, "model": bundle.name, "version": version}
    before = path.read_text("utf-8") if path.is_file() else ""
    with whole_file(path) as draft:
        draft.write_text(f"{before}{json.dumps(entry)}\n", "utf-8")


def registrations(workspace: Workspace) -> dict[str, Registration]:
    """Return the latest registration of each bundle, by the bundle's hash.

    Raises
    ------
    BundleError
        If the record is damaged.
    """
    path = workspace.bundles / REGISTERED
    try:
        entries = [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.is_file() else []
        return {
            one["bundle_hash"]: Registration(one["model"], one["version"], datetime.fromisoformat(one["at"]))
            for one in entries
        }
    except (ValueError, TypeError, KeyError):
        raise BundleError(
            where=REGISTERED, found="It is damaged.", fix="Restore it from a backup, or remove it and train again."
        ) from None


def registry_version_of(workspace: Workspace, bundle: Bundle) -> str | None:
    """Return a bundle's version in the registry; ``None`` where nobody has told it."""
    known = registrations(workspace).get(bundle.hash)
    return None if known is None else known.version
