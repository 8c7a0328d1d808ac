"""What a daily run leaves to the next day and to applications, as files of the run."""

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.compute as pc
import pyarrow.dataset as ds

from creditscore.decisions import Standing
from creditscore.domain import Workspace
from creditscore.errors import StoreError
from creditscore.scoring.files import whole_folder, write_frame
from creditscore.scoring.run import DailyRun, RunInputs

FRAMES = ("customers", "alerts", "freezes")
APPLICANTS = "applicants.parquet"


def carried_folder(workspace: Workspace, run: DailyRun | RunInputs) -> Path:
    """Return where a run leaves what the next one goes on from; the id in its name makes it that run's."""
    return workspace.decisions / f"as_of={run.as_of}" / run.run_id


def write_carried(workspace: Workspace, inputs: RunInputs, standing: Standing, *, applicants: pd.DataFrame) -> None:
    """Lay down what a run leaves, whole or not at all; what is there already is the same.

    Two processes may do so at once for one run: whoever comes second finds its work done.

    Parameters
    ----------
    workspace, inputs
        The portfolio and the run.
    standing
        What the next day goes on from.
    applicants
        What an application is judged by, see :class:`creditscore.accounts.Accounts`.

    Raises
    ------
    StoreError
        If the disk is full or the folder cannot be written.
    """
    folder = carried_folder(workspace, inputs)
    if folder.is_dir():
        return
    try:
        with whole_folder(folder) as draft:
            for name in FRAMES:
                write_frame(getattr(standing, name), draft / f"{name}.parquet")
            write_frame(applicants, draft / APPLICANTS)
    except StoreError:
        if not folder.is_dir():  # no other process has laid it down in the meantime
            raise


def read_carried(workspace: Workspace, run: DailyRun) -> Standing:
    """Read what a run left.

    Raises
    ------
    StoreError
        If it is gone.
    """
    folder = _present(workspace, run)
    frames = {name: pd.read_parquet(folder / f"{name}.parquet", partitioning=None) for name in FRAMES}
    return Standing(as_of=run.as_of, **frames)


def read_applicant(workspace: Workspace, run: DailyRun, customer_id: str) -> dict[str, Any]:
    """Read what an application of one customer is judged by; what is unknown is left out.

    Raises
    ------
    StoreError
        If it is gone.
    """
    path = _present(workspace, run) / APPLICANTS
    rows = ds.dataset(path, format="parquet").to_table(filter=pc.field("customer_id") == customer_id).to_pylist()
    return {name: value for name, value in rows[0].items() if value is not None} if rows else {}


def _present(workspace: Workspace, run: DailyRun) -> Path:
    folder = carried_folder(workspace, run)
    if not folder.is_dir():
        raise StoreError(
            where=f"decisions/{folder.parent.name}",
            found="What the run of that day left to the next one is gone.",
            fix=f"Run `creditscore score --as-of {run.as_of}`, then the later days again.",
        )
    return folder
