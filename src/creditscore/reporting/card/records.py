"""What the workspace records of a bundle: which role it has, who replaced whom, and which bundle came before."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from creditscore.domain import Text, Workspace, joined, kept, text
from creditscore.errors import BundleError
from creditscore.reporting.card.markdown import Part
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


def approvals(records: CardRecords) -> tuple[Part, ...]:
    """Return the appointments, each with its day, command and reason."""
    role = text("Its role today: {role}.", role=records.role or "neither champion nor challenger")
    who = "The records hold day, command and reason; who gave the command is in the reason, where it was said."
    if not records.changes:
        return (joined([role, "It has never been champion.", who]),)
    return joined([role, who]), _appointments(records.changes)


def _appointments(changes: Sequence[Change]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "at": [f"{one.at:%Y-%m-%d %H:%M} UTC" for one in changes],
            "command": [kept(one.command) for one in changes],
            "before": ["nobody" if one.before is None else kept(one.before.folder_name) for one in changes],
            "after": [kept(one.after.folder_name) for one in changes],
            "reason": [kept(one.reason) if one.reason else "none given" for one in changes],
        },
        dtype=object,
    )


def opened(workspace: Workspace, before: Champion) -> Bundle | Text:
    """Open the bundle before, or say why it cannot be compared."""
    try:
        return Bundle.open(workspace.bundles / before.folder_name)
    except BundleError as error:
        return text(
            "The bundle before, {name}, cannot be read. {found}", name=kept(before.folder_name), found=error.found
        )


def _hash(one: Champion | None) -> str | None:
    return None if one is None else one.bundle_hash
