"""Who was champion when, and why: entries are added, never changed."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from creditscore.domain import Workspace
from creditscore.errors import BundleError
from creditscore.scoring.appointment import Champion
from creditscore.scoring.files import whole_file

HISTORY = "champions.jsonl"
ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of the champion.

    Parameters
    ----------
    at
        Day and time, in UTC.
    command
        What changed it: ``train``, ``promote``, ``rollback``, or the name of the function that was called.
    before, after
        The champion before, ``None`` where there was none, and the one that decides since.
    reason
        Why, in the words of who did it; may be empty.
    """

    at: datetime
    command: str
    before: Champion | None
    after: Champion
    reason: str


def history_of(workspace: Workspace) -> tuple[Change, ...]:
    """Return every change of the champion, the first one first; none before the first.

    Raises
    ------
    BundleError
        If an entry is damaged.
    """
    return tuple(_parsed(line, number) for number, line in enumerate(_lines(workspace), start=1))


def add_to_history(workspace: Workspace, change: Change) -> None:
    """Add one entry; what was there before stays as it was, even where this is killed half-way."""
    entry = {
        "at": change.at.astimezone(UTC).isoformat(timespec="seconds"),
        "command": change.command,
        "from": None if change.before is None else asdict(change.before),
        "to": asdict(change.after),
        "reason": change.reason,
    }
    lines = [*_lines(workspace), json.dumps(entry, ensure_ascii=False)]
    with whole_file(workspace.bundles / HISTORY) as draft:
        draft.write_text("".join(f"{line}\n" for line in lines), "utf-8")


def champion_before(history: Sequence[Change], current: Champion) -> Champion | None:
    """Return the champion to which a rollback goes: the one that ``current`` replaced.

    A rollback undoes what it went back over, so that the next one goes a step further back and not forth again.

    Parameters
    ----------
    history
        All changes, the first one first.
    current
        The champion now. It may lack an entry, where a change was killed between its two files.
    """
    line: list[Champion] = []
    for change in history:
        hashes = [one.bundle_hash for one in line]
        if change.command == ROLLBACK and change.after.bundle_hash in hashes:
            while line[-1].bundle_hash != change.after.bundle_hash:
                line.pop()
            continue
        if change.before is not None and (not line or line[-1].bundle_hash != change.before.bundle_hash):
            line.append(change.before)
        line.append(change.after)
    if line and line[-1].bundle_hash == current.bundle_hash:
        line.pop()
    return line[-1] if line else None


def _lines(workspace: Workspace) -> list[str]:
    path = workspace.bundles / HISTORY
    return path.read_text("utf-8").splitlines() if path.is_file() else []


def _parsed(line: str, number: int) -> Change:
    try:
        entry: dict[str, Any] = json.loads(line)
        return Change(
            at=datetime.fromisoformat(entry["at"]),
            command=entry["command"],
            before=None if entry["from"] is None else Champion(**entry["from"]),
            after=Champion(**entry["to"]),
            reason=entry["reason"],
        )
    except (ValueError, TypeError, KeyError):
        raise BundleError(
            where=HISTORY,
            found=f"Line {number} is damaged.",
            fix="Restore the file from a backup; the champion itself is not touched by it.",
        ) from None
