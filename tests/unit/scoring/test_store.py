import socket
import sqlite3
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime

import pandas as pd
import pytest
from sqlalchemy import text

from creditscore.accounts import Accounts
from creditscore.decisions import decide_day
from creditscore.decisions.alerts import NUMBERS
from creditscore.errors import ParameterError, StoreError
from creditscore.policy import load_policy
from creditscore.scoring import DailyRun, DecisionStore, ScoreStore, insertion, score_rows
from creditscore.scoring.connection import connected, writing
from creditscore.scoring.decided import DecidedScores, with_decisions

DAY = date(2023, 1, 31)


NOBODY = Accounts(
    limits=pd.DataFrame({"customer_id": [], "limit_amount": [], "term_days": []}, dtype="Int64"),
    receivables=pd.DataFrame(columns=["invoice_id", "customer_id", *NUMBERS]),
    affiliations=pd.DataFrame({"source_id": [], "target_id": [], "kind": []}, dtype="str"),
    segments=pd.DataFrame({"customer_id": [], "industry_code": [], "region": [], "group_id": []}, dtype="str"),
    histories=pd.DataFrame({"customer_id": [], "cooperation_years": [], "payback_ratio": []}),
)


def decided_on(policy, customers, *, accounts=NOBODY, as_of=DAY, before=None):
    today = customers[["customer_id", "score", "exposure_amount"]].assign(in_default_flag=0.0)
    return decide_day(policy, accounts, today, as_of=as_of, before=before)


@pytest.fixture
def frame(bundle, policy, snapshot_rows):
    scores = score_rows(bundle, policy, snapshot_rows)
    return with_decisions(scores, decided_on(policy, scores))


def of(frame):
    """Return scores as they are published on a day without alerts, freezes and movements."""
    return DecidedScores(frame, decided_on(load_policy(), frame[:0]))


@pytest.fixture
def run(frame):
    return DailyRun(
        run_id="a" * 32,
        as_of=DAY,
        horizon_months=12,
        customer_count=len(frame),
        colours={colour: int((frame["colour"] == colour).sum()) for colour in ("green", "yellow", "red")},
        governed_colours={"green": 1, "yellow": 2, "red": 3},
        exposure_amount=int(frame["exposure_amount"].sum()),
        reserve_amount=int(frame["reserve_amount"].sum()),
        held_amount=7,
        yellow_alert_count=4,
        red_alert_count=5,
        frozen_count=6,
        bundle_hash="b" * 64,
        policy_hash="c" * 64,
        snapshot_hash="d" * 64,
        accounts_hash="e" * 64,
        code_version="0.1.0+test",
        previous_run_id=None,
        started_at=datetime(2023, 2, 1, 3, 0, 0, 123456, tzinfo=UTC),
        duration_seconds=1.25,
    )


@pytest.fixture
def store(store_url):
    with ScoreStore(store_url) as opened:
        yield opened


def test_what_is_published_is_read_back_to_the_last_bit(store, run, frame):
    assert store.publish(run, of(frame)) == run
    pd.testing.assert_frame_equal(store.scores(), frame, check_exact=True)
    assert store.latest_run() == store.latest_run(DAY) == store.run(run.run_id) == run
    assert store.runs() == (run,)


def test_one_customer_is_read_as_it_was_published(store, run, frame):
    store.publish(run, of(frame))
    row = frame.iloc[3]
    found = store.score(row["customer_id"])
    assert found["run_id"] == run.run_id
    assert found["as_of"] == DAY
    assert found["pd_12m"] == row["pd_12m"]
    assert found["exposure_amount"] == row["exposure_amount"]
    assert list(found) == ["run_id", *frame.columns]


def test_many_customers_are_looked_up_in_one_run(store, run, frame, monkeypatch):
    monkeypatch.setattr("creditscore.scoring.store.IDS_AT_ONCE", 7)
    store.publish(run, of(frame))
    ids = frame["customer_id"].tolist()
    found, rows = store.look_up([*ids[:20], "nobody"])
    assert found == run
    assert sorted(rows) == ids[:20]
    assert rows[ids[4]]["score"] == frame["score"][4]


def test_an_empty_store_has_no_run_and_no_score(store):
    assert store.latest_run() is None
    assert store.latest_run(DAY) is None
    assert store.runs() == ()
    assert store.score("C1") is None
    assert store.look_up(["C1"]) is None
    with pytest.raises(StoreError, match="no scores yet"):
        store.scores()


def test_a_day_or_customer_that_was_not_scored_is_not_found(store, run, frame):
    store.publish(run, of(frame))
    assert store.score("nobody") is None
    assert store.score(frame["customer_id"][0], date(2023, 1, 30)) is None
    with pytest.raises(StoreError, match="2023-01-30 was not scored"):
        store.scores(date(2023, 1, 30))


def test_the_latest_day_is_served_though_an_earlier_day_was_scored_after_it(store, run, frame):
    store.publish(run, of(frame))
    earlier = replace(run, run_id="e" * 32, as_of=date(2023, 1, 30))
    store.publish(earlier, of(frame.assign(as_of=pd.Timestamp(2023, 1, 30).as_unit("ms"))))
    assert store.latest_run() == run
    assert store.latest_run(date(2023, 1, 30)) == earlier
    assert store.runs() == (earlier, run)


def test_a_later_run_of_a_day_supersedes_the_earlier_which_stays_in_the_ledger(store, run, frame):
    store.publish(run, of(frame))
    later = replace(run, run_id="f" * 32, policy_hash="9" * 64)
    store.publish(later, of(frame.assign(score=1.0)))
    assert store.latest_run(DAY) == later
    assert store.served_runs() == {DAY: later}
    assert set(store.scores()["score"]) == {1.0}
    assert store.runs() == (run, later)


def test_the_reserve_ledger_is_of_the_runs_that_are_served(store, run, frame, policy):
    last = replace(run, run_id="e" * 32, as_of=date(2023, 2, 1))
    first = decided_on(policy, frame)
    second = decided_on(policy, frame, as_of=last.as_of, before=first.standing)
    store.publish(replace(run, run_id="9" * 32), of(frame.assign(held_amount=0)))
    store.publish(last, DecidedScores(frame.assign(as_of=pd.Timestamp(2023, 2, 1).as_unit("ms")), second))
    store.publish(run, DecidedScores(frame, first))
    ledger = store.reserve_ledger()
    expected = [day.closings.assign(as_of=pd.Timestamp(day.as_of).as_unit("ms")) for day in (first, second)]
    pd.testing.assert_frame_equal(
        ledger.drop(columns="as_of"), pd.concat(expected, ignore_index=True)[ledger.columns[1:]]
    )
    assert ledger["as_of"].dt.date.drop_duplicates().tolist() == [DAY, last.as_of]


def test_exposures_of_several_days_are_those_that_are_served(store, run, frame):
    store.publish(
        replace(run, run_id="9" * 32), of(frame.assign(exposure_amount=pd.NA).astype({"exposure_amount": "Int64"}))
    )
    store.publish(run, of(frame))
    found = store.exposures([DAY, date(2023, 2, 1)])
    told = frame.rename(columns={"governed_colour": "colour", "colour": "raw"})[list(found)]
    pd.testing.assert_frame_equal(found, told, check_exact=True)
    assert store.exposures([]).dtypes.to_dict() == found.dtypes.to_dict()


def test_changes_of_alerts_are_told_by_day_and_invoice_in_the_same_order_by_every_database(
    store_url, run, frame, policy
):
    late = {"open_amount": 900, "days_past_due": 31, "term_elapsed_ratio": 2.0, "paid_ratio": 0.0}
    bills = pd.DataFrame([{"invoice_id": number, "customer_id": "C1"} | late for number in ["b", "a", "B", "é", "A2"]])
    day = decided_on(policy, frame[:0], accounts=replace(NOBODY, receivables=bills))
    with DecisionStore(store_url) as store:
        store.publish(replace(run, customer_count=0), DecidedScores(frame[:0], day))
        assert [change["invoice_id"] for change in store.alert_changes(run, "C1")] == ["A2", "B", "a", "b", "é"]


def test_an_empty_store_has_no_reserve_ledger(store):
    assert store.reserve_ledger().empty


def test_a_superseded_run_is_served_again_when_it_is_published_again(store, run, frame):
    later = replace(run, run_id="f" * 32)
    for published in (run, later, replace(run, duration_seconds=99.0)):
        last = store.publish(published, of(frame))
    assert last == run
    assert store.latest_run(DAY) == run
    assert store.runs() == (run, later)


def test_publishing_twice_changes_nothing(store, run, frame):
    store.publish(run, of(frame))
    store.publish(run, of(frame))
    assert store.runs() == (run,)
    assert len(store.scores()) == len(frame)


def test_amounts_beyond_32_bits_are_kept(store, run, frame):
    large = frame.assign(exposure_amount=pd.array([2**62] * len(frame), dtype="Int64"))
    store.publish(replace(run, exposure_amount=2**62), of(large))
    assert store.score(frame["customer_id"][0])["exposure_amount"] == 2**62


def test_missing_exposure_and_reasons_stay_missing(store, run, frame):
    blank = frame.assign(
        exposure_amount=pd.array([pd.NA] * len(frame), dtype="Int64"),
        reason_1=pd.Series(None, frame.index, dtype="str"),
    )
    store.publish(run, of(blank))
    found = store.score(frame["customer_id"][0])
    assert found["exposure_amount"] is None
    assert found["reason_1"] is None
    pd.testing.assert_frame_equal(store.scores(), blank)


AWKWARD = ["", " a ", 'a"b', "a,b", "a\nb", "a\r\nb", "\\.", "a\n\\.\nb", "\\N", "NULL", "华为", "a'b;--", "a\tb", "%s"]


def test_ids_of_any_characters_are_kept(store, run, frame):
    published = frame[: len(AWKWARD)].assign(customer_id=pd.Series(sorted(AWKWARD), dtype="str"))
    store.publish(replace(run, customer_count=len(AWKWARD)), of(published))
    pd.testing.assert_frame_equal(store.scores(), published, check_exact=True)


def test_batches_of_scores_make_one_run_and_tell_how_far_they_are(store, run, frame, monkeypatch):
    told = []
    monkeypatch.setattr(insertion, "ROWS_AT_ONCE", 50)
    store.publish(run, of(frame), progress=lambda *news: told.append(news))
    assert told == [("scores stored", done, len(frame)) for done in (50, 100, len(frame))]
    pd.testing.assert_frame_equal(store.scores(), frame, check_exact=True)


def test_nobody_can_be_published(store, run, frame):
    store.publish(replace(run, customer_count=0), of(frame[:0]))
    pd.testing.assert_frame_equal(store.scores(), frame[:0])


@pytest.mark.parametrize("rows_at_once", [50, 50_000])
def test_nothing_is_recorded_when_the_scores_cannot_be(store, run, frame, rows_at_once, monkeypatch):
    monkeypatch.setattr(insertion, "ROWS_AT_ONCE", rows_at_once)
    twice = pd.concat([frame, frame])
    with pytest.raises(StoreError):
        store.publish(run, of(twice))
    assert store.latest_run() is None
    assert store.runs() == ()


def test_a_reader_goes_on_while_a_writer_holds_the_store(store, store_url, run, frame):
    store.publish(run, of(frame))
    with other_writer(store_url), ScoreStore(store_url) as reader:
        assert reader.latest_run() == run


def test_a_locked_store_says_so_and_takes_the_run_once_it_is_free(store, store_url, run, frame):
    store.latest_run()
    with (
        other_writer(store_url),
        ScoreStore(store_url, busy_seconds=0.05) as hurried,
        pytest.raises(
            StoreError, match=r"locked by another process\. Wait until the other run has ended and run again"
        ),
    ):
        hurried.publish(run, of(frame))
    assert store.runs() == ()
    store.publish(run, of(frame))
    assert store.latest_run() == run


@contextmanager
def other_writer(url):
    engine = connected(url, busy_seconds=1)
    try:
        with writing(engine) as connection:
            yield connection
    finally:
        engine.dispose()


def test_tables_of_another_version_are_refused(store, store_url):
    store.latest_run()
    with other_writer(store_url) as connection:
        connection.execute(text("UPDATE schema_version SET version = 99"))
    with ScoreStore(store_url) as newer, pytest.raises(StoreError, match="of version 99"):
        newer.latest_run()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://host/db", "no url at all", ""])
def test_other_databases_are_refused_without_repeating_the_url(url):
    with pytest.raises(ParameterError, match="neither a SQLite file nor PostgreSQL"):
        ScoreStore(url).latest_run()


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "scores.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreError, match="no database"):
        ScoreStore(f"sqlite:///{tmp_path / 'scores.db'}").latest_run()


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(StoreError, match="cannot be reached"):
        ScoreStore(f"sqlite:///{tmp_path / 'nowhere' / 'scores.db'}").latest_run()


def test_a_server_that_does_not_answer_is_refused_without_its_password():
    with pytest.raises(StoreError) as refused:
        ScoreStore("postgresql://tester:sesame@127.0.0.1:1/scores").latest_run()
    assert "cannot be reached" in str(refused.value)
    assert "sesame" not in str(refused.value)


def test_a_server_that_takes_the_connection_and_says_nothing_is_given_up_in_bounded_time():
    begun = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as mute, pytest.raises(StoreError, match="cannot be reached"):
        ScoreStore(f"postgresql://tester@127.0.0.1:{mute.getsockname()[1]}/scores").latest_run()
    assert time.monotonic() - begun < 60  # 5 s, on a busy machine


def test_sqlite_keeps_a_write_ahead_log(run, frame, tmp_path):
    with ScoreStore(f"sqlite:///{tmp_path / 'scores.db'}") as store:
        store.publish(run, of(frame))
    with sqlite3.connect(tmp_path / "scores.db") as connection:
        mode = connection.execute("PRAGMA journal_mode").fetchone()
    connection.close()
    assert mode == ("wal",)
