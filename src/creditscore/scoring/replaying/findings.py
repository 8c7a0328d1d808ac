"""Why a replay differs, as far as what was recorded tells."""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from creditscore.book import TableFate
from creditscore.decisions import CARRIED
from creditscore.domain import Workspace
from creditscore.errors import StoreError
from creditscore.features import snapshot_hash
from creditscore.scoring.bits import Difference, differences
from creditscore.scoring.carried import carried_folder, read_carried
from creditscore.scoring.code import code_version
from creditscore.scoring.daily import read_scores, read_snapshot
from creditscore.scoring.replaying.rebuilding import Again, Recorded
from creditscore.scoring.replaying.records import RunRecords
from creditscore.scoring.replaying.replay import Finding
from creditscore.scoring.rows import KEYS, score_rows
from creditscore.scoring.run import DailyRun, RunInputs

SNAPSHOT = "snapshot"
FATES = {
    TableFate.NEW: "The book had no {name} when the run saw it; they are left out.",
    TableFate.GREW: "Since the run the {name} gained rows that claim to have been known by {day}; they are left out. "
    "Today's book would tell that day otherwise.",
    TableFate.ALTERED: "The {name} are not what the run saw with later facts added: facts of the past were removed or "
    "changed, or their known_on was.",
    TableFate.GONE: "The book has no {name} any more.",
}


def told_beforehand(run: DailyRun, fates: Mapping[str, TableFate] | None) -> Iterator[Finding]:
    """Give what is to be known of a replay, whether or not it differs.

    Parameters
    ----------
    run
        The run.
    fates
        What became of each table of the book since; ``None`` where it was not recorded which files the run saw.
    """
    if run.code_version != code_version():
        yield Finding(
            code="code_version",
            text=f"The run was made by code {run.code_version}, the replay by {code_version()}.",
        )
    for name, fate in (fates or {}).items():
        if fate in FATES:
            yield Finding(code=f"book_{fate}", text=FATES[fate].format(name=name, day=run.as_of))


def undecidable(workspace: Workspace, records: RunRecords, recorded: Recorded) -> Finding | None:
    """Tell why a whole day cannot be decided anew: what the previous run left to it is gone, or is not that."""
    previous, run = recorded.previous, recorded.run
    if run.previous_run_id is None:
        return None
    rest = "limits, alerts and freezes were not replayed."
    if previous is None or not carried_folder(workspace, previous).is_dir():
        return Finding(code="previous_run_gone", text=f"What the run before left to this one is gone: {rest}")
    if not _is_as_left(workspace, records, previous):
        text = f"What the run of {previous.as_of} left to this one is not what it recorded: {rest}"
        return Finding(code="previous_run_altered", text=text)
    return None


def altered_run(run: DailyRun) -> Finding | None:
    """Tell whether the run's own row still is what its id was made of."""
    names = RunInputs.__dataclass_fields__
    inputs = RunInputs(**{name: getattr(run, name) for name in names})
    if inputs.run_id == run.run_id:
        return None
    return Finding(
        code="ledger_altered", text="The ledger's row of the run was altered: its inputs do not give its id any more."
    )


def moved_features(workspace: Workspace, recorded: Recorded, again: Again) -> tuple[list[Difference], list[Finding]]:
    """Compare the features with those of the run, where the snapshot file of the day still is that of the run."""
    try:
        stored = read_snapshot(workspace, as_of=recorded.run.as_of)
    except StoreError:
        stored = pd.DataFrame()
    if stored.empty or snapshot_hash(stored) != recorded.run.snapshot_hash:
        text = "The snapshot file of the day is not that of the run, so it cannot be told which features moved."
        return [], [Finding(code="snapshot_replaced", text=text)]
    mine = stored[stored["customer_id"].isin({*recorded.scores["customer_id"], *again.snapshot["customer_id"]})]
    names = [name for name in again.snapshot.columns if name not in KEYS]
    moved = differences(SNAPSHOT, mine, again.snapshot, keys=["customer_id"], columns=names)
    return moved, [_by_the_stored_features(recorded, mine)] if moved else []


def why(
    workspace: Workspace, records: RunRecords, recorded: Recorded, again: Again, *, moved: Sequence[Difference]
) -> Iterator[Finding]:
    """Give what explains the differences of scores and decisions beyond the features.

    Parameters
    ----------
    workspace, records, recorded, again
        What was recorded and what was made again.
    moved
        Features that moved.
    """
    run = recorded.run
    if again.ledger and again.ledger["accounts_hash"] != run.accounts_hash:
        yield Finding(
            code="accounts",
            text="The book gives other accounts of that day: limits, links, open receivables or segments.",
        )
    elif not moved and run.code_version == code_version():
        yield _same_inputs(workspace, records, recorded, again)


def _by_the_stored_features(recorded: Recorded, stored: pd.DataFrame) -> Finding:
    scored = score_rows(recorded.bundle, recorded.policy, stored)
    names = [name for name in scored.columns if name not in {*KEYS, "reserve_amount"}]
    if differences("scores", recorded.scores, scored, keys=["customer_id"], columns=names):
        text = "The features that the run stored do not give the recorded scores either."
        return Finding(code="scores_from_stored_features", text=text)
    text = "The features that the run stored give the recorded scores: it is the book, or how features are computed."
    return Finding(code="features", text=text)


def _same_inputs(workspace: Workspace, records: RunRecords, recorded: Recorded, again: Again) -> Finding:
    """Tell rows of the store that were altered from bits that another machine gave."""
    run = recorded.run
    served = records.latest_run(run.as_of)
    if served is not None and served.run_id == run.run_id:
        try:
            file = read_scores(workspace, as_of=run.as_of)
        except StoreError:
            file = pd.DataFrame()
        mine = file[file["customer_id"].isin(again.scores["customer_id"])] if len(file) else file
        if len(mine) and not differences("scores", mine, again.scores, keys=["customer_id"], columns=again.columns):
            text = "The scores file of the day agrees with the replay: what the store holds was altered since."
            return Finding(code="store_altered", text=text)
    text = (
        "Code, bundle, policy and features are those of the run: what the store holds was altered since, or another "
        "machine or other versions of the libraries computed it."
    )
    return Finding(code="same_inputs", text=text)


def _is_as_left(workspace: Workspace, records: RunRecords, previous: DailyRun) -> bool:
    left = read_carried(workspace, previous).customers
    return not differences("carried", records.scores_of(previous), left, keys=["customer_id"], columns=CARRIED[1:])
