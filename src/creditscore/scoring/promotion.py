"""Who becomes champion or challenger: what is checked, and in which order it is written.

A model registry is told first and the workspace is written after it. Where the registry cannot be reached, nothing has
changed; where this is killed in between, the same command again completes.
"""

from dataclasses import dataclass

from creditscore.domain import Workspace
from creditscore.errors import ParameterError, some
from creditscore.scoring.aliases import AliasMove, Registry, alias_moves
from creditscore.scoring.appointment import Champion
from creditscore.scoring.bundle import Bundle
from creditscore.scoring.challenger import challenger_of, refuse_champion, remove_challenger, set_challenger
from creditscore.scoring.champion import champion_of, open_appointed, set_champion, standing_champion
from creditscore.scoring.history import ROLLBACK, champion_before, history_of
from creditscore.scoring.naming import bundle_named
from creditscore.scoring.registered import registry_version_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointed:
    """What came of a promotion, a rollback or a challenge.

    Parameters
    ----------
    role
        ``champion`` or ``challenger``.
    before, after
        Who had the role before, and who has it now; ``None`` where nobody.
    moves
        What the registry was told, or would have been told if there were one.
    told_flag
        Whether a registry was told.
    """

    role: str
    before: Champion | None
    after: Champion | None
    moves: tuple[AliasMove, ...]
    told_flag: bool


def promote(
    workspace: Workspace,
    name: str,
    *,
    reason: str = "",
    despite_gates: str | None = None,
    registry: Registry | None = None,
) -> Appointed:
    """Make a bundle the champion if it is sound and its gates passed.

    Parameters
    ----------
    workspace
        The portfolio.
    name
        A bundle, see :func:`creditscore.scoring.bundle_named`.
    reason
        Why; kept in the history.
    despite_gates
        Why it may decide although a gate refused it, or nobody knows what the gates said; kept in the history.
    registry
        What moves the aliases of a model registry; ``None`` where there is none.

    Raises
    ------
    ParameterError
        If the name means no bundle or several, or a gate did not let it pass and ``despite_gates`` says nothing.
    BundleError
        If it is broken.
    StoreError
        If the registry cannot be reached or the workspace cannot be written.
    """
    bundle = bundle_named(workspace, name)
    if despite_gates is None:
        demand_gates(bundle)
    told = "; ".join(text for text in (reason, f"despite its gates: {despite_gates}" if despite_gates else "") if text)
    return crown(workspace, bundle, reason=told, command="promote", registry=registry)


def rollback(workspace: Workspace, *, reason: str = "", registry: Registry | None = None) -> Appointed:
    """Make the champion before champion again; it has decided already, so its gates are not asked.

    Parameters
    ----------
    workspace, reason, registry
        As for :func:`promote`.

    Raises
    ------
    ParameterError
        If the history knows no champion before.
    BundleError, StoreError
        As for :func:`promote`.
    """
    current = champion_of(workspace)
    before = champion_before(history_of(workspace), current)
    if before is None:
        raise ParameterError(
            where="champion",
            found="The history knows none before this one.",
            fix="Name the one that shall decide: `creditscore models promote BUNDLE`.",
        )
    bundle = open_appointed(workspace, before, features=(), role="champion")
    return crown(workspace, bundle, reason=reason, command=ROLLBACK, registry=registry)


def challenge(workspace: Workspace, name: str, *, registry: Registry | None = None) -> Appointed:
    """Let a sound bundle run beside the champion, whatever its gates said: it decides nothing.

    Parameters
    ----------
    workspace, name, registry
        As for :func:`promote`.

    Raises
    ------
    ParameterError
        If the name means no bundle or several, or the champion itself.
    BundleError, StoreError
        As for :func:`promote`.
    """
    bundle, before = bundle_named(workspace, name), challenger_of(workspace)
    refuse_champion(workspace, bundle)
    after = _appointed(workspace, bundle)
    moves = alias_moves(workspace, champion=standing_champion(workspace), challenger=after)
    _tell(registry, moves)
    set_challenger(workspace, after.folder_name, registry_version=after.registry_version)
    return Appointed(role="challenger", before=before, after=after, moves=moves, told_flag=registry is not None)


def end_challenge(workspace: Workspace, *, registry: Registry | None = None) -> Appointed:
    """Let nobody run beside the champion any more.

    Raises
    ------
    BundleError, StoreError
        As for :func:`promote`.
    """
    before = challenger_of(workspace)
    moves = alias_moves(workspace, champion=standing_champion(workspace), challenger=None)
    _tell(registry, moves)
    remove_challenger(workspace)
    return Appointed(role="challenger", before=before, after=None, moves=moves, told_flag=registry is not None)


def demand_gates(bundle: Bundle) -> None:
    """Refuse a bundle that a gate refused, or of whose gates nothing is known."""
    refused = [gate.name for gate in bundle.gates if not gate.passed]
    if refused or not bundle.gates:
        raise ParameterError(
            where=f"bundle {bundle.folder.name!r}",
            found=f"{some(refused)} refused it." if refused else "It does not say what its gates said.",
            fix="Train one whose gates pass, or say why it may decide all the same: `--despite-gates REASON`.",
        )


def crown(
    workspace: Workspace, bundle: Bundle, *, reason: str, command: str, registry: Registry | None = None
) -> Appointed:
    """Make a sound bundle the champion, whatever its gates said; it challenges no more if it did.

    Parameters
    ----------
    workspace, registry
        As for :func:`promote`.
    bundle
        The bundle.
    reason, command
        Why, and by which command; kept in the history.

    Raises
    ------
    StoreError
        As for :func:`promote`.
    """
    before, challenger, after = standing_champion(workspace), challenger_of(workspace), _appointed(workspace, bundle)
    stays = None if challenger is None or challenger.bundle_hash == bundle.hash else challenger
    moves = alias_moves(workspace, champion=after, challenger=stays)
    _tell(registry, moves)
    set_champion(workspace, after.folder_name, registry_version=after.registry_version, reason=reason, command=command)
    if stays is None:
        remove_challenger(workspace)
    return Appointed(role="champion", before=before, after=after, moves=moves, told_flag=registry is not None)


def _appointed(workspace: Workspace, bundle: Bundle) -> Champion:
    version = registry_version_of(workspace, bundle)
    return Champion(folder_name=bundle.folder.name, bundle_hash=bundle.hash, registry_version=version)


def _tell(registry: Registry | None, moves: tuple[AliasMove, ...]) -> None:
    if registry is not None and moves:
        registry(moves)
