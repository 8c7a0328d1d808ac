"""The daily run on a cluster: snapshot and scores are made where the facts lie, with the bits of the embedded run."""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from time import perf_counter
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from creditscore.book import Book, Relations, Spark
from creditscore.domain import Progress, Workspace, silent
from creditscore.features import Feature, snapshot_hash
from creditscore.features.assembly import feature_rows, known_customers
from creditscore.features.frame import KEYS
from creditscore.features.observations import check_days as check_book_days
from creditscore.outcomes import labelled
from creditscore.policy import Policy, policy_in_force
from creditscore.scoring.bundle import Bundle
from creditscore.scoring.champion import open_champion
from creditscore.scoring.daily import check_days, check_knowledge, scores_path, snapshot_path
from creditscore.scoring.defaulted import IN_DEFAULT, told_by
from creditscore.scoring.files import is_whole, write_frame
from creditscore.scoring.ground import ground_of
from creditscore.scoring.parcel import Parcel
from creditscore.scoring.parts import Parts
from creditscore.scoring.policies import keep_policy
from creditscore.scoring.rows import score_rows
from creditscore.scoring.run import DailyRun
from creditscore.scoring.snapshots import daily_features
from creditscore.scoring.store import ScoreStore

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

UNDECIDED = "undecided.parquet"  # the scores of a day until they are decided
SPOKEN = {pa.large_string(): pa.string(), pa.timestamp("ms"): pa.timestamp("us")}  # what Spark has no words for


def score_days_on_cluster(
    workspace: Workspace,
    days: Sequence[date],
    *,
    engine: Spark,
    features: Sequence[Feature] = (),
    progress: Progress = silent,
) -> tuple[DailyRun, ...]:
    """Score several days as :func:`creditscore.scoring.score_days` does, on a cluster.

    The executors write the snapshot of each day as a folder of Parquet files where the embedded run writes one file,
    and score it. The decisions are made in this process, for what a group may owe hangs on all its members; it holds
    the scores of all customers at once, but never their features.

    Parameters
    ----------
    workspace, days, features, progress
        As for :func:`creditscore.scoring.score_days`.
    engine
        The cluster; its executors can read and write the workspace.

    Raises
    ------
    ParameterError, BundleError, PolicyError, StoreError
        As :func:`creditscore.scoring.score_days` does.
    """
    check_days(days)
    with ScoreStore(workspace.store_url) as store:
        desk = _Desk(
            workspace=workspace,
            book=Book.open(workspace.book),
            bundle=open_champion(workspace, features=features),
            store=store,
            engine=engine,
        )
        check_book_days(days, desk.book)
        check_knowledge(desk.bundle, min(days))
        runs = []
        for day in sorted(days):
            runs.append(desk.run(day, progress=progress))
            progress("daily scores", len(runs), len(days))
    return tuple(runs)


def scored(rows: "DataFrame", bundle: Bundle, policy: Policy) -> "DataFrame":
    """Score feature rows on the executors by :func:`creditscore.scoring.score_rows`, so that each gets the same bits.

    Each executor gets the bundle's files once, and opens them as any reader does: after comparing every file with the
    manifest, and the manifest with the bundle's hash.

    Parameters
    ----------
    rows
        Feature rows of the bundle, see :func:`creditscore.scoring.score_rows`.
    bundle, policy
        What scores.

    Returns
    -------
    pyspark.sql.DataFrame
        The scores, in no order.
    """
    from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415 - starts pyspark

    shape = _shape(score_rows(bundle, policy, _no_rows(rows.columns)))
    parcel = rows.sparkSession.sparkContext.broadcast(Parcel.of(bundle, policy))

    def score(batches: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
        desk = parcel.value
        for batch in batches:
            yield pa.RecordBatch.from_pandas(desk.score(batch.to_pandas()), schema=shape, preserve_index=False)

    dated = rows.withColumn("as_of", rows["as_of"].cast("date"))
    return dated.mapInArrow(score, from_arrow_schema(shape, prefer_timestamp_ntz=True))


def _no_rows(columns: Sequence[str]) -> pd.DataFrame:
    kinds = {"customer_id": "str", "as_of": "datetime64[ms]"}
    return pd.DataFrame({name: pd.Series(dtype=kinds.get(name, "float64")) for name in columns})


def _shape(scores: pd.DataFrame) -> pa.Schema:
    """Return the schema of scores in types that Spark knows."""
    found = pa.Schema.from_pandas(scores, preserve_index=False)
    return pa.schema([(one.name, SPOKEN.get(one.type, one.type)) for one in found])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """All that a daily run on a cluster works with, opened once."""

    workspace: Workspace
    book: Book
    bundle: Bundle
    store: ScoreStore
    engine: Spark

    def run(self, day: date, *, progress: Progress) -> DailyRun:
        """Make the snapshot of a day, score it and serve it, unless exactly this is there already."""
        started_at, begun = datetime.now(UTC), perf_counter()
        policy = policy_in_force(self.workspace, day)
        snapshot, scores = snapshot_path(self.workspace, day), scores_path(self.workspace, day)
        with self.engine.relations(self.book) as relations:
            self.engine.write(relations.frame(self._rows(relations, day)), snapshot, order=KEYS)
        ground = ground_of(
            self.workspace,
            self.book.on(self.engine),
            self.bundle,
            policy=policy,
            store=self.store,
            snapshot=(day, snapshot_hash(Parts(snapshot))),
        )
        served = self.store.latest_run(day)
        if served is not None and ground.was_decided_by(served) and is_whole(scores):
            return served
        keep_policy(self.workspace, policy)
        rows = self.engine.session.read.parquet(self.engine.uri(snapshot))
        undecided = scores.with_name(UNDECIDED)
        self.engine.write(scored(rows, self.bundle, policy), undecided, order=KEYS)
        decided = ground.decide(Parts(undecided).frame(), Parts(snapshot)[IN_DEFAULT])
        write_frame(decided.scores, scores)
        shutil.rmtree(undecided)
        ground.leave(decided)
        run = ground.run_of(decided, started_at=started_at, begun=begun)
        return self.store.publish(run, decided, progress=progress)

    def _rows(self, relations: Relations, day: date) -> ir.Table:
        """Return the bundle's features, the exposure and ``in_default_flag`` of each customer known on the day."""
        pairs = known_customers(relations, [day])
        rows = feature_rows(relations, pairs, days=[day], features=daily_features(self.bundle))
        told = told_by(self.book, self.bundle.definition)
        if told is None:
            return rows.mutate(**{IN_DEFAULT: ibis.null("float64")})
        labels = labelled(relations, pairs, definition=told, observed_until=day, since=day)
        joined = rows.left_join(labels.select("customer_id", IN_DEFAULT), "customer_id")
        return joined.select(*rows.columns, **{IN_DEFAULT: joined[IN_DEFAULT].cast("float64")})
