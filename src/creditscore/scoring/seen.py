"""Which files of the book a run saw, so that the book of that day can be told from the one of today."""

import json
from collections.abc import Mapping
from pathlib import Path

from creditscore.domain import Workspace
from creditscore.scoring.files import whole_file
from creditscore.scoring.run import DailyRun, RunInputs


def keep_seen(workspace: Workspace, inputs: RunInputs, files: Mapping[str, str]) -> None:
    """Lay down the name of each table's file, once; names hold the hash of the content.

    Raises
    ------
    StoreError
        If the disk is full or the folder cannot be written.
    """
    path = _path(workspace, inputs)
    if not path.is_file():
        with whole_file(path) as draft:
            draft.write_text(json.dumps(dict(sorted(files.items())), indent=2) + "\n", "utf-8")


def files_seen(workspace: Workspace, run: DailyRun) -> dict[str, str] | None:
    """Return the file of each table that the book had when a run saw it; ``None`` where no sound record tells it."""
    try:
        found = json.loads(_path(workspace, run).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return {str(name): str(file) for name, file in found.items()} if isinstance(found, dict) else None


def _path(workspace: Workspace, run: DailyRun | RunInputs) -> Path:
    return workspace.books / f"as_of={run.as_of}" / f"{run.run_id}.json"
