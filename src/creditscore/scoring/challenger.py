"""Which bundle runs beside the champion, without deciding anything."""

from collections.abc import Sequence

from creditscore.domain import Workspace
from creditscore.errors import ParameterError
from creditscore.features import Feature
from creditscore.scoring.appointment import Champion, appoint, appointed_in
from creditscore.scoring.bundle import Bundle
from creditscore.scoring.champion import open_appointed, standing_champion
from creditscore.scoring.files import one_at_a_time
from creditscore.scoring.registered import add_registration

CHALLENGER = "challenger.json"


def set_challenger(workspace: Workspace, folder_name: str, *, registry_version: str | None = None) -> Champion:
    """Make a bundle of the workspace the one that the daily run scores beside the champion.

    Raises
    ------
    BundleError
        If the folder holds no sound bundle; the challenger is then as it was.
    ParameterError
        If it is the champion.
    """
    bundle = Bundle.open(workspace.bundles / folder_name)
    challenger = Champion(folder_name=folder_name, bundle_hash=bundle.hash, registry_version=registry_version)
    with one_at_a_time(workspace.bundles):
        refuse_champion(workspace, bundle)
        if registry_version is not None:
            add_registration(workspace, bundle, registry_version)
        appoint(workspace.bundles / CHALLENGER, challenger)
    return challenger


def refuse_champion(workspace: Workspace, bundle: Bundle) -> None:
    """Refuse the champion as its own challenger."""
    champion = standing_champion(workspace)
    if champion is not None and champion.bundle_hash == bundle.hash:
        raise ParameterError(
            where=f"bundle {bundle.folder.name!r}",
            found="It is the champion already.",
            fix="Let another bundle challenge it; `creditscore models list` shows them.",
        )


def remove_challenger(workspace: Workspace) -> None:
    """Let nobody run beside the champion; nothing happens where nobody does."""
    (workspace.bundles / CHALLENGER).unlink(missing_ok=True)


def challenger_of(workspace: Workspace) -> Champion | None:
    """Return the bundle that runs beside the champion; ``None`` where none does, or where it is the champion by now.

    Raises
    ------
    BundleError
        If the record is damaged.
    """
    challenger, champion = appointed_in(workspace.bundles / CHALLENGER), standing_champion(workspace)
    same = challenger is not None and champion is not None and challenger.bundle_hash == champion.bundle_hash
    return None if same else challenger


def open_challenger(workspace: Workspace, *, features: Sequence[Feature] = ()) -> Bundle | None:
    """Open the bundle that runs beside the champion; ``None`` where none does.

    Parameters
    ----------
    workspace
        The portfolio.
    features
        Features of the recipe's own that the shipped catalogue does not know.

    Raises
    ------
    BundleError
        If it is broken, or not the bundle that was made challenger.
    """
    challenger = challenger_of(workspace)
    if challenger is None:
        return None
    return open_appointed(workspace, challenger, features=features, role="challenger")
