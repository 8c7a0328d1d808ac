"""What came of scoring a challenger beside the champion, day by day, in files of their own."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from creditscore.domain import Workspace
from creditscore.errors import BundleError, StoreError
from creditscore.scoring.challenger import challenger_of
from creditscore.scoring.files import whole_file
from creditscore.scoring.run import DailyRun

CHAMPIONS, CHALLENGERS = "champion_", "challenger_"  # what stands before the columns of each


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowRun:
    """What came of scoring the challenger on one day.

    Parameters
    ----------
    challenger, challenger_hash
        The challenger's bundle.
    champion_hash, run_id
        The champion beside which it ran, and the run.
    as_of
        The day.
    snapshot_hash
        Hash of the challenger's own features; ``None`` where it was not scored.
    customer_count, changed_count
        Customers scored, and those that would have another colour.
    trouble
        Why it was not scored; ``None`` where it was.
    """

    challenger: str
    challenger_hash: str
    champion_hash: str
    run_id: str
    as_of: date
    snapshot_hash: str | None = None
    customer_count: int = 0
    changed_count: int = 0
    trouble: str | None = None

    @property
    def summary(self) -> str:
        """One line for a person."""
        if self.trouble is not None:
            return f"Challenger {self.challenger} was not scored; the champion's scores stand. {self.trouble}"
        share = self.changed_count / self.customer_count if self.customer_count else 0.0
        return (
            f"Challenger {self.challenger} beside it: {self.changed_count:,} of {self.customer_count:,} customers "
            f"({share:.1%}) would have another colour."
        )


def shadow_path(workspace: Workspace, as_of: date, challenger: str) -> Path:
    """Return where a challenger's scores of a day lie."""
    return workspace.shadow_scores / f"as_of={as_of}" / f"{challenger}.parquet"


def write_record(workspace: Workspace, done: ShadowRun) -> None:
    """Write what came of scoring a challenger on a day.

    Raises
    ------
    StoreError
        If the disk is full or the folder cannot be written.
    """
    with whole_file(_record_path(workspace, done.as_of, done.challenger)) as draft:
        draft.write_text(json.dumps(asdict(done) | {"as_of": str(done.as_of)}, indent=2) + "\n", "utf-8")


def shadow_run(workspace: Workspace, *, as_of: date, challenger: str) -> ShadowRun | None:
    """Return what came of scoring a challenger on a day; ``None`` where nobody tried."""
    path = _record_path(workspace, as_of, challenger)
    try:
        content = json.loads(path.read_text("utf-8"))
        return ShadowRun(**content | {"as_of": date.fromisoformat(content["as_of"])})
    except (OSError, ValueError, TypeError, KeyError):  # a record that cannot be read is made again
        return None


def shadow_runs(workspace: Workspace) -> tuple[ShadowRun, ...]:
    """Return what came of every challenger on every day, by day."""
    paths = sorted(workspace.shadow_scores.glob("as_of=*/*.json"))
    days = [(date.fromisoformat(path.parent.name.removeprefix("as_of=")), path.stem) for path in paths]
    found = [shadow_run(workspace, as_of=day, challenger=name) for day, name in days]
    return tuple(run for run in found if run is not None)


def told_of_challenger(workspace: Workspace, run: DailyRun) -> list[str]:
    """Say in a line what came of the challenger beside a run; nothing where nobody challenges."""
    try:
        challenger = challenger_of(workspace)
    except BundleError as error:
        return [f"No challenger was scored: {error}"]
    if challenger is None:
        return []
    found = shadow_run(workspace, as_of=run.as_of, challenger=challenger.folder_name)
    if found is None or found.run_id != run.run_id:
        return [f"Challenger {challenger.folder_name} was not scored beside this run."]
    return [found.summary]


def read_shadow_scores(workspace: Workspace, *, as_of: date, challenger: str) -> pd.DataFrame:
    """Read what a challenger said on a day, beside what the champion said.

    Returns
    -------
    pandas.DataFrame
        One row a customer: ``customer_id``, ``as_of``, then probability of default, log-odds, score, grade and colour,
        of the champion (``champion_...``) and of the challenger (``challenger_...``).

    Raises
    ------
    StoreError
        If it was not scored on that day.
    """
    path = shadow_path(workspace, as_of, challenger)
    if not path.is_file():
        raise StoreError(
            where=f"{path.parent.name}/{path.name}",
            found="There is no such file.",
            fix="Run `creditscore score` for that day while the challenger is set.",
        )
    return pd.read_parquet(path, partitioning=None)


def _record_path(workspace: Workspace, as_of: date, challenger: str) -> Path:
    return shadow_path(workspace, as_of, challenger).with_name(f"{challenger}.json")
