"""Which bundle decides."""

from collections.abc import Sequence
from datetime import UTC, datetime

from creditscore.domain import Workspace, text
from creditscore.errors import BundleError
from creditscore.features import Feature
from creditscore.scoring.appointment import Champion, appoint, appointed_in
from creditscore.scoring.bundle import Bundle
from creditscore.scoring.files import one_at_a_time, sha256
from creditscore.scoring.history import Change, add_to_history
from creditscore.scoring.manifest import MANIFEST
from creditscore.scoring.registered import add_registration

CHAMPION = "champion.json"


def set_champion(
    workspace: Workspace,
    folder_name: str,
    *,
    registry_version: str | None = None,
    reason: str = "",
    command: str = "set_champion",
) -> Champion:
    """Make a bundle of the workspace the one that decides, in one step, and add it to the history of champions.

    Of two processes that do so at once, one waits for the other, so the history names every change.

    Parameters
    ----------
    workspace
        The portfolio.
    folder_name
        Name of the bundle's folder below ``workspace.bundles``.
    registry_version
        Its version in the model registry, if it has one.
    reason, command
        Why, and by which command; kept in the history.

    Raises
    ------
    BundleError
        If the folder holds no sound bundle; the champion is then as it was.
    """
    bundle = Bundle.open(workspace.bundles / folder_name)
    champion = Champion(folder_name=folder_name, bundle_hash=bundle.hash, registry_version=registry_version)
    with one_at_a_time(workspace.bundles):
        before = standing_champion(workspace)
        if registry_version is not None:
            add_registration(workspace, bundle, registry_version)
        appoint(workspace.bundles / CHAMPION, champion)
        # Killed here, the champion lacks its entry; the next entry then names it as the one before.
        if before is None or before.bundle_hash != champion.bundle_hash:
            change = Change(at=datetime.now(UTC), command=command, before=before, after=champion, reason=reason)
            add_to_history(workspace, change)
    return champion


def champion_of(workspace: Workspace) -> Champion:
    """Read which bundle decides.

    Raises
    ------
    BundleError
        If none does yet, or the record is damaged.
    """
    champion = appointed_in(workspace.bundles / CHAMPION)
    if champion is None:
        raise BundleError(
            where="champion", found="No bundle decides yet.", fix="Train one with `creditscore train`, gates passed."
        )
    return champion


def standing_champion(workspace: Workspace) -> Champion | None:
    """Return the champion; ``None`` where there is none, or where the record is damaged and says nothing any more."""
    try:
        return appointed_in(workspace.bundles / CHAMPION)
    except BundleError:
        return None


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
    return open_appointed(workspace, champion_of(workspace), features=features, role="champion")


def open_appointed(workspace: Workspace, appointed: Champion, *, features: Sequence[Feature], role: str) -> Bundle:
    """Open the bundle of a record if it is the one that was appointed.

    Raises
    ------
    BundleError
        If it is broken, or another one lies in its place.
    """
    bundle = Bundle.open(workspace.bundles / appointed.folder_name, features=features)
    if bundle.hash != appointed.bundle_hash:
        raise BundleError(
            where=f"bundle {appointed.folder_name!r}",
            found=text("It is not the bundle that was made {role}.", role=role),
            fix=f"Restore it from the registry, or set the {role} again.",
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
