"""What a newly trained model becomes: champion, challenger, or neither."""

from dataclasses import dataclass

from creditscore.domain import Workspace
from creditscore.errors import BundleError, ParameterError
from creditscore.policy import Policy
from creditscore.scoring import (
    Bundle,
    Registry,
    add_registration,
    challenge,
    contest,
    crown,
    open_champion,
    shared_rows,
    standing_champion,
)
from creditscore_training.role import Role


@dataclass(frozen=True, slots=True)
class Standing:
    """What a model becomes, and why.

    Parameters
    ----------
    role
        ``None`` where its gates refused it.
    sentence
        Why.
    """

    role: Role | None
    sentence: str


def standing_of(workspace: Workspace, bundle: Bundle, *, policy: Policy, best: Role, significance: float) -> Standing:
    """Decide what a bundle becomes.

    Its gates must have passed. Where no sound bundle decides yet, it becomes champion. Where one does, it takes its
    place unless it ranks significantly worse on the rows that were out of time for both; where that cannot be told, it
    becomes the challenger, and a person decides.

    Parameters
    ----------
    workspace, bundle
        The portfolio and its new bundle.
    policy
        Policy of the portfolio.
    best
        ``challenger`` makes it the challenger, however good it is.
    significance
        Level of the paired DeLong test.
    """
    if not all(gate.passed for gate in bundle.gates):
        return Standing(None, "A gate refused it.")
    champion = _sound_champion(workspace)
    if champion is not None and champion.hash == bundle.hash:
        return Standing(Role.CHAMPION, "It is the champion already, to the last bit.")
    if best is Role.CHALLENGER:
        return Standing(Role.CHALLENGER, "It runs beside the champion, as asked.")
    if champion is None:
        return Standing(Role.CHAMPION, "No sound bundle decided before.")
    return _against(champion, bundle, policy=policy, significance=significance)


def appoint(workspace: Workspace, bundle: Bundle, standing: Standing, *, version: str, registry: Registry) -> None:
    """Carry out what was decided: in the registry first, and then in the workspace.

    Parameters
    ----------
    workspace, bundle, standing
        The portfolio, its new bundle, and what it becomes.
    version
        Which version of its registered model the bundle is; the workspace remembers it in any case.
    registry
        Moves the aliases.

    Raises
    ------
    StoreError
        If the registry cannot be reached; champion and challenger are then as they were.
    """
    add_registration(workspace, bundle, version)
    if standing.role is Role.CHAMPION:
        crown(workspace, bundle, reason=standing.sentence, command="train", registry=registry)
    if standing.role is Role.CHALLENGER:
        challenge(workspace, bundle.folder.name, registry=registry)


def _sound_champion(workspace: Workspace) -> Bundle | None:
    if standing_champion(workspace) is None:
        return None
    try:
        return open_champion(workspace)
    except BundleError:  # it stops the daily run anyway
        return None


def _against(champion: Bundle, bundle: Bundle, *, policy: Policy, significance: float) -> Standing:
    try:
        found = contest(shared_rows(bundle, champion).frame, policy)
    except ParameterError as error:
        return Standing(Role.CHALLENGER, f"It cannot be held against the champion. {error.found}")
    gain, p_value = found.difference.difference, found.difference.p_value
    told = (
        f"On {found.row_count:,} rows out of time for both its AUC is {found.first.auc.value:.3f} against "
        f"{found.second.auc.value:.3f} of the champion (paired DeLong p = {p_value:.3f})"
    )
    # The p-value is missing where both rank every pair alike; then neither is worse.
    if gain < 0 and p_value < significance:
        return Standing(Role.CHALLENGER, f"{told}: significantly lower.")
    return Standing(Role.CHAMPION, f"{told}: not significantly lower.")
