"""Daily runs on Spark are the embedded daily runs, to the bit, and each goes on from the one before."""

import shutil
from datetime import date

import pandas as pd
import pyarrow as pa
import pytest
from typer.testing import CliRunner

from creditscore.book import Book
from creditscore.cli.app import build
from creditscore.domain import Workspace
from creditscore.errors import ContractError
from creditscore.features import snapshot
from creditscore.scoring import (
    DecisionStore,
    ScoreStore,
    open_champion,
    read_scores,
    read_snapshot,
    score_days,
    score_days_on_cluster,
    score_portfolio,
    score_rows,
    scored,
)

pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")]  # sockets of py4j

EARLIER, DAY = date(2023, 2, 14), date(2023, 2, 28)


@pytest.fixture(scope="module")
def embedded(template, tmp_path_factory):
    """Return a workspace that the embedded engine has scored on two days, and the run of the second."""
    root = tmp_path_factory.mktemp("embedded") / "portfolio"
    shutil.copytree(template.root, root)
    place = Workspace(root)
    return place, score_days(place, [EARLIER, DAY])[-1]


@pytest.fixture(scope="module")
def clustered(template, tmp_path_factory, spark):
    """Return a workspace that Spark has scored on two days, and the run of the second."""
    root = tmp_path_factory.mktemp("clustered") / "portfolio"
    shutil.copytree(template.root, root)
    place = Workspace(root)
    return place, score_days_on_cluster(place, [EARLIER, DAY], engine=spark)[-1]


def test_the_run_has_the_id_counts_and_sums_of_the_embedded_one(embedded, clustered):
    named = ("run_id", "snapshot_hash", "customer_count", "colours", "exposure_amount", "reserve_amount")
    assert [getattr(clustered[1], name) for name in named] == [getattr(embedded[1], name) for name in named]


@pytest.mark.parametrize("read", [read_snapshot, read_scores])
def test_the_files_of_the_day_read_alike(embedded, clustered, read):
    found, expected = read(clustered[0], as_of=DAY), read(embedded[0], as_of=DAY)
    pd.testing.assert_frame_equal(found, expected, check_exact=True)


def test_the_store_serves_the_same_scores(embedded, clustered):
    with ScoreStore(clustered[0].store_url) as there, ScoreStore(embedded[0].store_url) as here:
        pd.testing.assert_frame_equal(there.scores(DAY), here.scores(DAY), check_exact=True)
        assert there.latest_run(DAY) == clustered[1]


def test_what_the_earlier_day_left_moves_the_later_one_as_it_does_in_the_embedded_run(embedded, clustered, decided):
    place, run = clustered
    assert decided(place) == decided(embedded[0])
    assert left(place) == left(embedded[0])
    scores = read_scores(place, as_of=DAY)
    with DecisionStore(place.store_url) as store:
        assert run.previous_run_id == store.latest_run(EARLIER).run_id
        frozen = store.freezes(run, scores["customer_id"].tolist())
    waiting = scores["colour"] != scores["governed_colour"]
    assert (scores.loc[waiting, "governed_since"] < pd.Timestamp(DAY)).any()
    assert {"stands", "frozen"} <= {freeze["change"] for freeze in frozen.values()}


def left(place):
    """Return the bytes of every file that the days left to those after them."""
    files = (path for path in place.decisions.rglob("*") if path.is_file())
    return {str(path.relative_to(place.root)): path.read_bytes() for path in files}


def test_running_again_on_either_engine_changes_nothing(clustered, spark):
    place, run = clustered
    assert score_days_on_cluster(place, [DAY], engine=spark) == (run,)
    assert score_portfolio(place, as_of=DAY) == run


def test_an_embedded_run_takes_the_place_of_the_folders(clustered, tmp_path):
    shutil.copytree(clustered[0].root, tmp_path / "portfolio")
    place = Workspace(tmp_path / "portfolio")
    (place.root / "scores.db").unlink()
    before = read_scores(place, as_of=DAY)
    score_days(place, [EARLIER, DAY])
    assert (place.scores / f"as_of={DAY}" / "scores.parquet").is_file()
    pd.testing.assert_frame_equal(read_scores(place, as_of=DAY), before, check_exact=True)


def test_executors_give_given_rows_the_same_bits(template, snapshot_rows, policy, spark):
    bundle = open_champion(template)
    rows = spark.session.createDataFrame(pa.Table.from_pandas(snapshot_rows, preserve_index=False)).repartition(5)
    found = scored(rows, bundle, policy).toArrow().to_pandas().sort_values("customer_id", ignore_index=True)
    expected = score_rows(bundle, policy, snapshot_rows)
    pd.testing.assert_frame_equal(found.astype(expected.dtypes), expected, check_exact=True)


def test_an_executor_refuses_rows_that_lack_a_feature(template, snapshot_rows, policy, spark):
    rows = spark.session.createDataFrame(pa.Table.from_pandas(snapshot_rows.drop(columns="overdue_ratio")))
    with pytest.raises(ContractError, match="overdue_ratio"):
        scored(rows, open_champion(template), policy)


def test_the_commands_take_spark(template, spark, tmp_path):  # noqa: ARG001 - the commands use its session
    root, out = tmp_path / "portfolio", tmp_path / "rows"
    shutil.copytree(template.root, root)
    shared = ["--as-of", str(DAY), "--workspace", str(root), "--engine", "spark"]
    scoring = CliRunner().invoke(build(), ["score", *shared])
    assert scoring.exit_code == 0
    assert "120 customers scored" in scoring.output
    writing = CliRunner().invoke(build(), ["snapshot", *shared, "--out", str(out)])
    assert writing.exit_code == 0
    assert len(pd.read_parquet(out)) == len(snapshot(Book.open(Workspace(root).book), as_of=DAY))
