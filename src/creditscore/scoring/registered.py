"""Which version of the model registry each bundle is; a bundle cannot say so itself, for it is written before."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from creditscore.domain import Workspace
from creditscore.errors import BundleError
from creditscore.scoring.appointment import appointed_in
from creditscore.scoring.bundle import Bundle
from creditscore.scoring.challenger import CHALLENGER
from creditscore.scoring.champion import CHAMPION
from creditscore.scoring.files import whole_file

REGISTERED = "registered.jsonl"


@dataclass(frozen=True, slots=True)
class Registration:
    """A bundle's version in the model registry, and when training registered it, in UTC."""

    version: str
    at: datetime


def add_registration(workspace: Workspace, bundle: Bundle, version: str) -> None:
    """Record that a bundle is this version of the registered model of its name."""
    path = workspace.bundles / REGISTERED
    entry = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "bundle_hash": bundle.hash, "version": version}
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
        return {one["bundle_hash"]: Registration(one["version"], datetime.fromisoformat(one["at"])) for one in entries}
    except (ValueError, TypeError, KeyError):
        raise BundleError(
            where=REGISTERED, found="It is damaged.", fix="Restore it from a backup, or remove it and train again."
        ) from None


def registry_version_of(workspace: Workspace, bundle: Bundle) -> str | None:
    """Return a bundle's version in the registry; ``None`` where nobody has told it."""
    known = registrations(workspace).get(bundle.hash)
    if known is not None:
        return known.version
    records = [appointed_in(workspace.bundles / name) for name in (CHAMPION, CHALLENGER)]
    return next((one.registry_version for one in records if one is not None and one.bundle_hash == bundle.hash), None)
