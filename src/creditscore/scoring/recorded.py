"""A recorded score with all that made it, found again and checked to the bit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import pyarrow.compute as pc
import pyarrow.dataset as ds

from creditscore.domain import Workspace
from creditscore.errors import ParameterError, StoreError
from creditscore.features import Feature
from creditscore.policy import Policy
from creditscore.scoring.bundle import Bundle
from creditscore.scoring.champion import bundle_of
from creditscore.scoring.daily import snapshot_path
from creditscore.scoring.files import is_whole
from creditscore.scoring.policies import policy_of
from creditscore.scoring.rows import score_rows
from creditscore.scoring.run import DailyRun
from creditscore.scoring.store import ScoreStore

CHECKED = ("log_odds", "score", "colour")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedScore:
    """A score that is served for a day, and what it was made of.

    Parameters
    ----------
    run
        The daily run.
    bundle, policy
        The ones of that run, which need not be those of today.
    row
        The customer's row of the snapshot: keys, features, exposure and ``in_default_flag``.
    score
        Columns of the score, as :meth:`creditscore.scoring.ScoreStore.score` gives them.
    """

    run: DailyRun
    bundle: Bundle
    policy: Policy
    row: pd.DataFrame
    score: Mapping[str, Any]


def recorded_score(
    workspace: Workspace, customer_id: str, *, as_of: date | None = None, features: Sequence[Feature] = ()
) -> RecordedScore:
    """Find a served score again with the row, the bundle and the policy that made it, and make it once more.

    Parameters
    ----------
    workspace
        The portfolio.
    customer_id
        The customer.
    as_of
        The day; the latest day scored by default.
    features
        Features of the recipe's own that the shipped catalogue does not know.

    Raises
    ------
    StoreError
        If the day was not scored, or what was recorded does not give the recorded bits any more.
    ParameterError
        If the customer was not scored on the day.
    BundleError, PolicyError
        If the bundle or the policy of the day is gone or altered.
    """
    with ScoreStore(workspace.store_url) as store:
        found = store.look_up([customer_id], as_of=as_of)
    run, score = _told(found, customer_id, as_of)
    recorded = RecordedScore(
        run=run,
        bundle=bundle_of(workspace, run.bundle_hash, features=features),
        policy=policy_of(workspace, run.policy_hash),
        row=_row(workspace, customer_id, run.as_of),
        score=score,
    )
    _check(recorded)
    return recorded


def _told(
    found: tuple[DailyRun, dict[str, dict[str, Any]]] | None, customer_id: str, as_of: date | None
) -> tuple[DailyRun, dict[str, Any]]:
    if found is None:
        raise StoreError(
            where="score store",
            found="There are no scores yet." if as_of is None else f"{as_of} was not scored.",
            fix="Run `creditscore score` for that day.",
        )
    run, scores = found
    if customer_id not in scores:
        raise ParameterError(
            where=f"customer {customer_id!r}",
            found=f"It was not scored as of {run.as_of}.",
            fix="Check its id, or choose a day on which the book knows it.",
        )
    return run, scores[customer_id]


def _row(workspace: Workspace, customer_id: str, as_of: date) -> pd.DataFrame:
    """Read one row of the snapshot, whether one file or a folder of them."""
    path = snapshot_path(workspace, as_of)
    if not is_whole(path):
        raise StoreError(
            where=f"{path.parent.name}/{path.name}",
            found="There is no such file.",
            fix="Run `creditscore score` for that day.",
        )
    rows = ds.dataset(path, format="parquet").to_table(filter=pc.field("customer_id") == customer_id).to_pandas()
    if rows.empty:
        raise _changed(as_of)
    named = {"customer_id": "str", "as_of": "datetime64[ms]"}
    return rows.astype({name: named.get(name, "float64") for name in rows.columns}).iloc[:1]


def _check(recorded: RecordedScore) -> None:
    again = score_rows(recorded.bundle, recorded.policy, recorded.row).iloc[0]
    if any(again[name] != recorded.score[name] for name in CHECKED):
        raise _changed(recorded.run.as_of)


def _changed(as_of: date) -> StoreError:
    return StoreError(
        where=f"score of {as_of}",
        found="The snapshot, the bundle and the policy of the day do not give the recorded score to the bit.",
        fix="Score the day again: its snapshot was replaced, or another version of the code recorded the score.",
    )
