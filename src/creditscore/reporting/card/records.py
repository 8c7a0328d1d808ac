"""What the workspace records of a bundle: which role it has, who replaced whom, and which bundle came before."""

from dataclasses import dataclass

import pandas as pd

from creditscore.domain import Workspace
from creditscore.errors import BundleError
from creditscore.reporting.card import markdown
from creditscore.scoring import Bundle, Champion, Change, challenger_of, history_of, standing_champion
from creditscore.scoring.registered import Registration, registrations


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRecords:
    """The records of a workspace that concern one bundle.

    Parameters
    ----------
    registered
        Its version in the registry.
    changes
        Changes of the champion that it came in by, or went out by.
    role
        ``champion``, ``challenger``, or none.
    before
        The bundle that it is compared with: the champion that it first replaced; where it never decided, the one that
        decides.
    """

    registered: Registration | None
    changes: tuple[Change, ...]
    role: str | None
    before: Champion | None


def card_records(workspace: Workspace, bundle: Bundle) -> CardRecords:
    """Read what is recorded of a bundle.

    Raises
    ------
    BundleError
        If a record is damaged.
    """
    own = bundle.hash
    history = history_of(workspace)
    concerned = tuple(one for one in history if own in (one.after.bundle_hash, _hash(one.before)))
    came = [one for one in concerned if one.after.bundle_hash == own]
    champion, challenger = standing_champion(workspace), challenger_of(workspace)
    standing = {_hash(challenger): "challenger", _hash(champion): "champion"}
    before = came[0].before if came else champion
    return CardRecords(
        registered=registrations(workspace).get(own),
        changes=concerned,
        role=standing.get(own),
        before=None if _hash(before) == own else before,
    )


def approvals(records: CardRecords) -> str:
    """Return the appointments, each with its day, command and reason."""
    role = f"Its role today: {records.role or 'neither champion nor challenger'}."
    who = "The records hold day, command and reason; who gave the command is in the reason, where it was said."
    if not records.changes:
        return f"{role} It has never been champion. {who}"
    frame = pd.DataFrame(
        {
            "at": [f"{one.at:%Y-%m-%d %H:%M} UTC" for one in records.changes],
            "command": [one.command for one in records.changes],
            "from": ["nobody" if one.before is None else one.before.folder_name for one in records.changes],
            "to": [one.after.folder_name for one in records.changes],
            "reason": [one.reason or "none given" for one in records.changes],
        }
    )
    return f"{role} {who}\n\n{markdown.table(frame)}"


def opened(workspace: Workspace, before: Champion) -> Bundle | str:
    """Open the bundle before, or say why it cannot be compared."""
    try:
        return Bundle.open(workspace.bundles / before.folder_name)
    except BundleError as error:
        return f"The bundle before, {before.folder_name}, cannot be read. {error.found}"


def _hash(one: Champion | None) -> str | None:
    return None if one is None else one.bundle_hash
