"""What a daily run leaves to the next: governed colours, held reserves, alerts and freezes, as files of the run."""

from pathlib import Path

import pandas as pd

from creditscore.decisions import Standing
from creditscore.domain import Workspace
from creditscore.errors import StoreError
from creditscore.scoring.files import whole_folder, write_frame
from creditscore.scoring.run import DailyRun, RunInputs

FRAMES = ("customers", "alerts", "freezes")


def carried_folder(workspace: Workspace, run: DailyRun | RunInputs) -> Path:
    """Return where a run leaves what the next one goes on from; the id in its name makes it that run's."""
    return workspace.decisions / f"as_of={run.as_of}" / run.run_id


def write_carried(workspace: Workspace, inputs: RunInputs, standing: Standing) -> None:
    """Lay down what a run leaves, whole or not at all; what is there already is the same.

    Raises
    ------
    StoreError
        If the disk is full or the folder cannot be written.
    """
    folder = carried_folder(workspace, inputs)
    if folder.is_dir():
        return
    with whole_folder(folder) as draft:
        for name in FRAMES:
            write_frame(getattr(standing, name), draft / f"{name}.parquet")


def read_carried(workspace: Workspace, run: DailyRun) -> Standing:
    """Read what a run left.

    Raises
    ------
    StoreError
        If it is gone.
    """
    folder = carried_folder(workspace, run)
    if not folder.is_dir():
        raise StoreError(
            where=f"decisions/{folder.parent.name}",
            found="What the run of that day left to the next one is gone.",
            fix=f"Run `creditscore score --as-of {run.as_of}`, then the later days again.",
        )
    frames = {name: pd.read_parquet(folder / f"{name}.parquet", partitioning=None) for name in FRAMES}
    return Standing(as_of=run.as_of, **frames)
