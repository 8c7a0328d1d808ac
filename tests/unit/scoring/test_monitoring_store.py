"""What the watch keeps in the score store: the same rows on each database, whatever version the tables were of."""

import shutil
from datetime import date

import numpy as np
import pytest
import sqlalchemy as sa

from creditscore.domain import Workspace
from creditscore.monitoring import AlarmBudget, Change, Level, monitor
from creditscore.scoring import MonitoringStore, ScoreStore, read_snapshot, score_days
from creditscore.scoring.connection import connected, writing
from creditscore.scoring.daily import snapshot_path
from creditscore.scoring.files import write_frame
from creditscore.scoring.schema import monitored_alarms, monitored_checks, monitored_days, schema_version
from creditscore.scoring.versions import OF_LEVELS

BEFORE, FIRST, SECOND, THIRD = (date(2023, 2, day) for day in (25, 26, 27, 28))
BUDGET = AlarmBudget(fewest=30, quiet_days=1)
TABLES = (monitored_days, monitored_checks, monitored_alarms)


def portfolio(template, root):
    """Score four days; on the first one watched a feature is missing for every second customer, and then no more."""
    shutil.copytree(template.root, root)
    workspace = Workspace(root)
    score_days(workspace, [BEFORE, FIRST, SECOND, THIRD])
    rows = read_snapshot(workspace, as_of=FIRST)
    gone = np.arange(len(rows)) % 2 == 0
    write_frame(rows.assign(payback_365d_ratio=rows["payback_365d_ratio"].mask(gone)), snapshot_path(workspace, FIRST))
    return workspace


def watched_days(workspace):
    return [monitor(workspace, as_of=day, budget=BUDGET) for day in (FIRST, SECOND, THIRD)]


def rows_of(url):
    engine = connected(url, busy_seconds=5)
    with engine.connect() as connection:
        found = {table.name: sorted(map(repr, connection.execute(sa.select(table)).all())) for table in TABLES}
    engine.dispose()
    return found


def as_version(url, version):
    """Make of a store what an older version of the code left behind."""
    engine = connected(url, busy_seconds=5)
    with writing(engine) as connection:
        if version == 3:
            for name in OF_LEVELS:
                connection.execute(sa.text(f"ALTER TABLE monitored_alarms DROP COLUMN {name}"))
        else:
            for name in ("monitored_checks", "monitored_alarms", "monitored_days", "alarm_deliveries"):
                connection.execute(sa.text(f"DROP TABLE {name}"))
        connection.execute(sa.update(schema_version).values(version=version))
    engine.dispose()


@pytest.fixture(scope="module")
def filed(template, tmp_path_factory):
    """A portfolio whose store is a file; copied, never changed."""
    return portfolio(template, tmp_path_factory.mktemp("filed") / "portfolio")


@pytest.fixture
def watched(request, tmp_path, monkeypatch, store_url):
    if store_url.startswith("postgresql"):
        monkeypatch.setenv("CREDITSCORE_STORE", store_url)
        return portfolio(request.getfixturevalue("template"), tmp_path / "portfolio")
    shutil.copytree(request.getfixturevalue("filed").root, tmp_path / "portfolio")
    return Workspace(tmp_path / "portfolio")


def test_an_alarm_opens_stands_and_is_closed_and_watching_again_changes_nothing(watched):
    days = watched_days(watched)
    cause = ("payback_365d_ratio", "missing")
    changes = [one.change for day in days for one in day.alarms if (one.sign.subject, one.sign.kind) == cause]
    assert changes == [Change.OPENED, Change.STANDS, Change.CLOSED]
    before = rows_of(watched.store_url)
    again = watched_days(watched)
    assert [day.new for day in again] == [False, False, False]
    assert [day.alarms for day in again] == [day.alarms for day in days]
    assert rows_of(watched.store_url) == before


def test_what_was_told_is_not_told_again(watched):
    watched_days(watched)
    levels = [str(level) for level in Level]
    with MonitoringStore(watched.store_url) as store:
        news = store.undelivered_alarms(THIRD, levels=levels)
        alarms_only = store.undelivered_alarms(THIRD, levels=["alarm"])
        store.mark_delivered(news)
        assert store.undelivered_alarms(THIRD, levels=levels) == []
    assert [row for row in news if row["level"] == "alarm"] == alarms_only
    assert {row["change"] for row in news} >= {"opened", "closed"}


def test_a_store_of_before_the_watch_gets_its_tables_and_keeps_its_runs(watched):
    with ScoreStore(watched.store_url) as store:
        runs = store.runs()
    as_version(watched.store_url, 2)
    with ScoreStore(watched.store_url) as store:
        assert store.runs() == runs
    assert monitor(watched, as_of=FIRST, budget=BUDGET).new


def test_a_store_of_before_the_notices_keeps_its_alarms_and_each_was_one(watched):
    found = monitor(watched, as_of=FIRST, budget=BUDGET)
    as_version(watched.store_url, 3)
    with MonitoringStore(watched.store_url) as store:
        kept = store.monitored_alarms(FIRST)
    assert [row["alarm_id"] for row in kept] == [alarm.alarm_id for alarm in found.alarms]
    assert {(row["level"], row["raised_on"]) for row in kept} == {("alarm", FIRST)}
    assert [row["measure"] for row in kept] == [row["subject"] for row in kept]
    with MonitoringStore(watched.store_url) as store:  # the second time there is nothing left to do
        assert store.monitored_alarms(FIRST) == kept
    assert monitor(watched, as_of=SECOND, budget=BUDGET).new


@pytest.mark.postgresql
def test_both_databases_hold_the_same_rows(template, filed, tmp_path, monkeypatch, postgresql_url):
    shutil.copytree(filed.root, tmp_path / "filed")
    watched_days(Workspace(tmp_path / "filed"))
    in_file = rows_of(Workspace(tmp_path / "filed").store_url)
    monkeypatch.setenv("CREDITSCORE_STORE", postgresql_url)
    watched_days(portfolio(template, tmp_path / "served"))
    assert rows_of(postgresql_url) == in_file
    assert all(in_file.values())
