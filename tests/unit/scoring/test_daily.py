import resource
import shutil
import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
import yaml

from creditscore.book import Book
from creditscore.domain import add_months
from creditscore.errors import BundleError, ContractError, ParameterError, StoreError
from creditscore.features import snapshot, snapshot_hash
from creditscore.policy.policy import SHIPPED
from creditscore.scoring import (
    LEARNED_UNTIL,
    ScoreStore,
    daily,
    open_champion,
    read_scores,
    read_snapshot,
    score_days,
    score_portfolio,
    score_rows,
    set_champion,
    write_bundle,
)

TODAY, YESTERDAY = date(2023, 1, 31), date(2023, 1, 30)
SCRIPT = Path(__file__).with_name("killed_run.py")


@pytest.fixture
def served(workspace):
    """Ask what is served, on a connection of its own each time."""

    def ask(as_of=None):
        with ScoreStore(workspace.store_url) as store:
            return store.latest_run(as_of)

    return ask


def test_every_customer_known_on_the_day_is_scored(workspace, policy, served):
    run = score_portfolio(workspace, as_of=TODAY)
    features = open_champion(workspace).features
    known = snapshot(Book.open(workspace.book), as_of=TODAY, features=features)
    scores = read_scores(workspace, as_of=TODAY)
    assert scores["customer_id"].tolist() == known["customer_id"].tolist()
    assert (run.customer_count, run.as_of, run.horizon_months) == (len(known), TODAY, 12)
    assert run.colours == {colour: int((scores["colour"] == colour).sum()) for colour in ("green", "yellow", "red")}
    assert run.exposure_amount == scores["exposure_amount"].sum() > 0
    assert run.reserve_amount == scores["reserve_amount"].sum() > 0
    assert (run.bundle_hash, run.policy_hash) == (open_champion(workspace).hash, policy.hash)
    assert served() == run


def test_files_and_store_hold_the_same_scores(workspace, policy):
    run = score_portfolio(workspace, as_of=TODAY)
    taken = read_snapshot(workspace, as_of=TODAY)
    with ScoreStore(workspace.store_url) as store:
        pd.testing.assert_frame_equal(store.scores(), read_scores(workspace, as_of=TODAY), check_exact=True)
    assert snapshot_hash(taken) == run.snapshot_hash
    again = score_rows(open_champion(workspace), policy, taken)
    found = read_scores(workspace, as_of=TODAY)[again.columns]
    pd.testing.assert_frame_equal(again, found, check_exact=True)  # the first day has no other governed colour


def test_scoring_a_day_twice_changes_nothing(workspace):
    first = score_portfolio(workspace, as_of=TODAY)
    before = contents_of(workspace)
    assert score_portfolio(workspace, as_of=TODAY) == first
    assert contents_of(workspace) == before
    with ScoreStore(workspace.store_url) as store:
        assert store.runs() == (first,)


def test_lost_files_come_back_with_the_same_bytes_and_the_recorded_run(workspace):
    first = score_portfolio(workspace, as_of=TODAY)
    before = contents_of(workspace)
    (workspace.scores / f"as_of={TODAY}" / "scores.parquet").unlink()
    assert score_portfolio(workspace, as_of=TODAY) == first
    assert contents_of(workspace) == before


def test_days_scored_together_are_those_scored_one_after_the_other(workspace, template, tmp_path):
    days = [TODAY - timedelta(days=back) for back in (0, 31, 3, 20, 200)]
    together = score_days(workspace, days)
    assert [run.as_of for run in together] == sorted(days)
    apart = replace(workspace, root=copied(template, tmp_path / "apart"))
    alone = [score_portfolio(apart, as_of=day) for day in sorted(days)]
    assert all(map(same_but_clock, alone, together))
    assert [run.previous_run_id for run in alone] == [None, *(run.run_id for run in alone[:-1])]


def test_progress_is_told_after_each_day(workspace):
    told = []
    score_days(workspace, [YESTERDAY, TODAY], progress=lambda *news: told.append(news))
    assert told == [("daily scores", 1, 2), ("daily scores", 2, 2)]


def test_progress_within_a_large_day_is_told_step_by_step(workspace, monkeypatch):
    told = []
    monkeypatch.setattr(daily, "LARGE", 1)
    count = score_portfolio(workspace, as_of=TODAY, progress=lambda *news: told.append(news)).customer_count
    assert {step for step, _, _ in told[:-5]} == {"state", "features"}
    assert told[-5:] == [
        ("customers scored", count, count),
        ("files written", 1, 2),
        ("files written", 2, 2),
        ("scores stored", count, count),
        ("daily scores", 1, 1),
    ]


@pytest.mark.parametrize("change", ["policy", "bundle", "book"])
def test_a_changed_input_gives_a_new_run_that_supersedes_the_old(workspace, served, change):
    first = score_portfolio(workspace, as_of=TODAY)
    if change == "policy":
        content = yaml.safe_load(SHIPPED.read_text("utf-8"))
        content["colours"]["green"] = 85
        workspace.policy.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    elif change == "bundle":
        set_champion(workspace, "second", registry_version="2")
    else:
        book = Book.open(workspace.book)
        book.write({"invoices": book.read("invoices").slice(100)})
    second = score_portfolio(workspace, as_of=TODAY)
    assert second.run_id != first.run_id
    assert served(TODAY) == second
    with ScoreStore(workspace.store_url) as store:
        assert store.runs() == (first, second)


def test_going_back_to_the_former_bundle_serves_the_former_run_again(workspace, served):
    first = score_portfolio(workspace, as_of=TODAY)
    set_champion(workspace, "second", registry_version="2")
    score_portfolio(workspace, as_of=TODAY)
    set_champion(workspace, "first", registry_version="3")
    assert score_portfolio(workspace, as_of=TODAY) == first
    assert served(TODAY) == first


def test_facts_learned_later_do_not_change_the_run(workspace):
    first = score_portfolio(workspace, as_of=TODAY)
    book = Book.open(workspace.book)
    invoices = book.read("invoices")
    known = invoices.filter([day.as_py() <= TODAY for day in invoices["known_on"]])
    assert known.num_rows < invoices.num_rows
    book.write({"invoices": known})
    assert score_portfolio(workspace, as_of=TODAY) == first


def test_a_day_in_the_future_is_refused(workspace):
    with pytest.raises(ParameterError, match="lies in the future"):
        score_portfolio(workspace, as_of=date.today() + timedelta(days=1))  # noqa: DTZ011 - the user's own calendar


def test_a_day_before_the_first_fact_is_refused(workspace):
    with pytest.raises(ParameterError, match="first fact"):
        score_portfolio(workspace, as_of=add_months(TODAY, -120))


def test_a_champion_scores_no_day_before_the_last_it_learned_from(workspace, contents):
    learned = replace(contents(seed=1), training={LEARNED_UNTIL: str(TODAY)})
    write_bundle(workspace.bundles / "learned", contents=learned)
    set_champion(workspace, "learned")
    with pytest.raises(ParameterError, match="the champion learned from"):
        score_days(workspace, [TODAY, TODAY - timedelta(days=1)])
    assert score_portfolio(workspace, as_of=TODAY).customer_count > 0


@pytest.mark.parametrize("days", [[], [TODAY, TODAY]])
def test_no_day_or_a_day_twice_is_refused(workspace, days):
    with pytest.raises(ParameterError, match="Give each day once"):
        score_days(workspace, days)


def test_without_a_book_or_a_champion_the_user_is_told_what_to_do(workspace, tmp_path):
    (workspace.bundles / "champion.json").unlink()
    with pytest.raises(BundleError, match="creditscore train"):
        score_portfolio(workspace, as_of=TODAY)
    with pytest.raises(ContractError, match="creditscore ingest"):
        score_portfolio(replace(workspace, root=tmp_path / "nowhere"), as_of=TODAY)


def test_a_day_without_files_is_refused(workspace):
    with pytest.raises(StoreError, match="creditscore score"):
        read_scores(workspace, as_of=TODAY)


def test_a_portfolio_of_one_customer_is_scored(workspace):
    book = Book.open(workspace.book)
    book.write({"customers": book.read("customers").slice(0, 1)})
    assert score_portfolio(workspace, as_of=TODAY).customer_count == 1


def test_a_day_on_which_no_customer_is_known_yet_has_a_run_of_nobody(workspace, served):
    book = Book.open(workspace.book)
    customers = book.read("customers")
    later = pa.array([TODAY + timedelta(days=1)] * customers.num_rows, pa.date32())
    place = customers.schema.get_field_index("known_on")
    book.write({"customers": customers.set_column(place, "known_on", later)})
    run = score_portfolio(workspace, as_of=TODAY)
    assert (run.customer_count, run.reserve_amount) == (0, 0)
    assert served() == run
    assert read_scores(workspace, as_of=TODAY).empty


def test_a_full_disk_under_the_files_leaves_yesterday_served_and_a_rerun_completes(workspace, served, monkeypatch):
    write = pd.DataFrame.to_parquet

    def write_to_a_full_disk(*arguments, **options):
        with no_file_beyond(1_000):
            write(*arguments, **options)

    yesterday = score_portfolio(workspace, as_of=YESTERDAY)
    with monkeypatch.context() as full:
        full.setattr(pd.DataFrame, "to_parquet", write_to_a_full_disk)
        with pytest.raises(StoreError, match=r"snapshot\.parquet: The disk is full\. Free some space and run again"):
            score_portfolio(workspace, as_of=TODAY)
    assert served() == yesterday
    assert leftovers(workspace) == []
    assert score_portfolio(workspace, as_of=TODAY) == served()


def test_a_full_disk_under_the_store_leaves_yesterday_served_and_a_rerun_completes(workspace, served):
    yesterday = score_portfolio(workspace, as_of=YESTERDAY)
    with no_file_beyond(20_000), pytest.raises(StoreError, match="score store: The disk"):
        score_portfolio(workspace, as_of=TODAY)
    assert served() == yesterday
    assert score_portfolio(workspace, as_of=TODAY) == served(TODAY)
    with ScoreStore(workspace.store_url) as store:
        pd.testing.assert_frame_equal(store.scores(TODAY), read_scores(workspace, as_of=TODAY), check_exact=True)


def test_a_disk_that_is_really_full_is_survived(workspace, served, small_disk, monkeypatch):
    monkeypatch.setenv("CREDITSCORE_STORE", f"sqlite:///{small_disk / 'scores.db'}")
    days = [TODAY - timedelta(days=back) for back in range(40, 0, -1)]
    with pytest.raises(StoreError, match="disk is full"):
        score_days(workspace, days)
    before = served()
    assert before.as_of in days[:-1]
    subprocess.run(["mount", "-o", "remount,size=8m", small_disk], check=True)
    after = score_portfolio(workspace, as_of=TODAY)
    assert served() == after


@pytest.fixture
def small_disk(tmp_path):
    """Mount a disk of 768 KiB, where this user may."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=768k", "tmpfs", folder], capture_output=True, check=False
    ).returncode:
        pytest.skip("this user may not mount a small disk")
    yield folder
    subprocess.run(["umount", folder], check=True)


@contextmanager
def no_file_beyond(size):
    """Let the system refuse what a full disk refuses: any file that grows beyond ``size`` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_locked_store_leaves_yesterday_served_and_a_rerun_completes(workspace, served, monkeypatch):
    yesterday = score_portfolio(workspace, as_of=YESTERDAY)
    monkeypatch.setattr(ScoreStore.__init__, "__defaults__", (0.05,))
    blocker = sqlite3.connect(workspace.root / "scores.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked by another process"):
        score_portfolio(workspace, as_of=TODAY)
    assert served() == yesterday
    blocker.execute("ROLLBACK")
    blocker.close()
    assert score_portfolio(workspace, as_of=TODAY) == served()


KILLED_AT = (
    "before the scores are computed",
    "while the snapshot file is half written",
    "before the snapshot file takes its name",
    "after the snapshot file",
    "while the scores file is half written",
    "while the freezes file is half written",
    "after both files",
    "after the run was inserted",
    "after some of the scores were inserted",
    "after the scores were inserted",
    "after the changes of alerts were inserted",
    "after the movements of reserves were inserted",
    "before the commit",
)


@pytest.fixture(scope="module")
def runs(template, tmp_path_factory):
    """Score yesterday; then score today undisturbed in one copy, and killed at each moment in copies of their own.

    Returns the undisturbed workspace with its two runs, and the workspace of each moment.
    """
    root = tmp_path_factory.mktemp("runs")
    calm = replace(template, root=copied(template, root / "calm"))
    yesterday = score_portfolio(calm, as_of=YESTERDAY)
    killed = {moment: replace(calm, root=copied(calm, root / f"at-{n}")) for n, moment in enumerate(KILLED_AT)}
    moments = [text for moment, workspace in killed.items() for text in (moment, str(workspace.root))]
    command = [sys.executable, SCRIPT, str(TODAY), *moments]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return calm, (yesterday, score_portfolio(calm, as_of=TODAY)), killed


@pytest.mark.parametrize("moment", KILLED_AT)
def test_a_killed_run_leaves_yesterday_served_and_a_rerun_gives_the_undisturbed_bits(runs, moment, decided):
    calm, (yesterday, today), killed = runs
    workspace = killed[moment]
    with ScoreStore(workspace.store_url) as store:
        assert store.latest_run() == yesterday
        assert store.latest_run(TODAY) is None
        assert len(store.scores()) == yesterday.customer_count
        assert decided(workspace) == {key: rows for key, rows in decided(calm).items() if key[0] == yesterday.run_id}
        assert same_but_clock(score_portfolio(workspace, as_of=TODAY), today)
        assert same_but_clock(store.latest_run(), today)
        with ScoreStore(calm.store_url) as untouched:
            pd.testing.assert_frame_equal(store.scores(), untouched.scores(), check_exact=True)
    assert decided(workspace) == decided(calm)
    assert contents_of(workspace) == contents_of(calm)


def test_a_killed_run_had_something_to_insert_into_every_table_of_decisions(runs, decided):
    calm, both, _ = runs
    tables = ("alert_changes", "freezes", "reserve_closings", "reserve_movements")
    assert sorted(decided(calm)) == sorted((run.run_id, table) for run in both for table in tables)


def copied(template, root):
    shutil.copytree(template.root, root)
    return root


def contents_of(workspace):
    """Return the bytes of every Parquet file of the days, but for those of a draft that a killed run left behind."""
    files = sorted(path for folder in folders_of(workspace) for path in folder.rglob("*.parquet"))
    named = {path.relative_to(workspace.root): path for path in files}
    return {
        str(name): path.read_bytes() for name, path in named.items() if not any(part[0] == "." for part in name.parts)
    }


def leftovers(workspace):
    """Return the drafts that a run left behind."""
    return [path.name for folder in folders_of(workspace) for path in folder.rglob(".*")]


def folders_of(workspace):
    return workspace.scores, workspace.snapshots, workspace.decisions


def same_but_clock(one, other):
    clock = {"started_at": None, "duration_seconds": None}
    return asdict(one) | clock == asdict(other) | clock
