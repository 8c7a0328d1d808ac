"""The watch of a scored day: what it records, what it raises, whom it tells and how often."""

import json
import logging
import shutil
import threading
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer

import numpy as np
import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from creditscore.cli.app import build
from creditscore.domain import Workspace
from creditscore.errors import DeliveryError, ParameterError, StoreError
from creditscore.monitoring import AlarmBudget, Change, Level, Patience, collect_day, deliver, monitor, post
from creditscore.monitoring.effect import effect_points, set_back
from creditscore.monitoring.scored_day import Sample
from creditscore.scoring import MonitoringStore, read_snapshot, score_days
from creditscore.scoring.connection import connected
from creditscore.scoring.daily import snapshot_path
from creditscore.scoring.files import write_frame
from creditscore.scoring.schema import monitored_alarms, monitored_checks, monitored_days

MONTH_AGO, YESTERDAY, TODAY = date(2023, 1, 27), date(2023, 2, 26), date(2023, 2, 27)
TOMORROW = date(2023, 2, 28)
SMALL = AlarmBudget(fewest=30)
STRICT = AlarmBudget(fewest=30, least_effect_points=0.0)  # every notice is an alarm
BLIND = AlarmBudget(fewest=30, least_effect_points=100.0)  # of features, none is
QUICK = Patience(attempts=3, timeout_seconds=5, backoff_seconds=0.01)
runner = CliRunner()


@pytest.fixture(scope="module")
def scored_template(template, tmp_path_factory):
    """A portfolio with three scored days; copied, never changed."""
    root = tmp_path_factory.mktemp("scored") / "portfolio"
    shutil.copytree(template.root, root)
    score_days(Workspace(root), [MONTH_AGO, YESTERDAY, TODAY])
    return Workspace(root)


@pytest.fixture
def watched(scored_template, tmp_path):
    shutil.copytree(scored_template.root, tmp_path / "watched")
    return Workspace(tmp_path / "watched")


def drifted(workspace):
    """Let one feature go missing for every second customer of today."""
    path = snapshot_path(workspace, TODAY)
    rows = read_snapshot(workspace, as_of=TODAY)
    gone = np.arange(len(rows)) % 2 == 0
    write_frame(rows.assign(payback_365d_ratio=rows["payback_365d_ratio"].mask(gone)), path)
    return workspace


def rows_of(workspace):
    engine = connected(workspace.store_url, busy_seconds=5)
    with engine.connect() as connection:
        found = {
            table.name: sorted(map(str, connection.execute(sa.select(table)).all()))
            for table in (monitored_days, monitored_checks, monitored_alarms)
        }
    engine.dispose()
    return found


@contextmanager
def receiver(*, failures):
    """Run a receiver on loopback that answers 503 a number of times and then accepts; give what it was sent."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.append((self.headers["Content-Type"], json.loads(body)))
            self.send_response(503 if len(seen) <= failures else 204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/secret-path", seen
        finally:
            server.shutdown()
            thread.join()


def test_a_row_is_kept_for_each_thing_and_reference(watched):
    found = monitor(watched, budget=SMALL)
    assert (found.as_of, found.new) == (TODAY, True)
    with MonitoringStore(watched.store_url) as store:
        kept, day = store.monitored_checks(TODAY), store.monitored_day(TODAY)
    assert {row["reference"] for row in kept} == {"development", "last_month", "day_before"}
    assert {row["kind"] for row in kept} == {"values", "missing", "score", "share"}
    assert len({(row["reference"], row["measure"], row["kind"]) for row in kept}) == len(kept)
    assert (day["last_month_on"], day["day_before_on"]) == (MONTH_AGO, YESTERDAY)
    assert day["check_count"] == found.check_count


def test_watching_a_day_twice_changes_nothing(watched):
    first = monitor(drifted(watched), budget=SMALL)
    before = rows_of(watched)
    second = monitor(watched, budget=SMALL)
    assert not second.new
    assert second.alarms == first.alarms
    assert rows_of(watched) == before


def test_values_gone_missing_raise_one_alarm_that_says_where_how_much_and_where_to_look(watched, caplog):
    with caplog.at_level(logging.INFO, logger="creditscore"):
        found = monitor(drifted(watched), budget=SMALL)
    (alarm,) = [one for one in found.alarms if (one.sign.subject, one.sign.kind) == ("payback_365d_ratio", "missing")]
    assert alarm.change == Change.OPENED
    assert alarm.sign.difference > 0.3
    assert alarm.sign.effect_points is not None
    assert alarm.sign.source
    assert alarm.sign.sentence in caplog.text
    assert all(group.sentence in caplog.text for group in found.groups)
    assert "C000" not in caplog.text  # no customer


def test_an_alarm_of_the_day_before_stands_and_is_not_opened_again(watched):
    with MonitoringStore(watched.store_url) as store:
        monitor(watched, as_of=YESTERDAY, budget=SMALL)
        monitor(drifted(watched), budget=SMALL)
        ids = {row["alarm_id"] for row in store.monitored_alarms(TODAY)}
        score_days(watched, [TOMORROW])
        found = monitor(watched, budget=SMALL)
    carried = [alarm for alarm in found.alarms if alarm.alarm_id in ids]
    assert len(carried) == len(ids)
    assert Change.OPENED not in {alarm.change for alarm in carried}


def test_a_day_that_was_not_scored_is_refused(watched):
    with pytest.raises(StoreError, match="2023-02-01 was not scored"):
        monitor(watched, as_of=date(2023, 2, 1))


def test_a_portfolio_without_a_scored_day_is_refused(workspace):
    with pytest.raises(StoreError, match="No day has been scored"):
        monitor(workspace)


def test_a_receiver_that_fails_twice_is_told_once_and_never_again(watched):
    found = monitor(drifted(watched), budget=STRICT)
    with receiver(failures=2) as (url, seen):
        sent = deliver(watched, url, as_of=TODAY, patience=QUICK)
        again = deliver(watched, url, as_of=TODAY, patience=QUICK)
    assert sent > 0
    assert again == 0
    assert len(seen) == 3
    kind, content = seen[-1]
    assert kind.startswith("application/json")
    assert content["as_of"] == "2023-02-27"
    assert [group["sentence"] for group in content["groups"]] == [group.sentence for group in found.groups]
    told = [alarm for group in content["groups"] for alarm in group["alarms"]]
    assert {alarm["change"] for alarm in told} == {"opened"}
    assert {alarm["sentence"] for alarm in told} == {alarm.sign.sentence for alarm in found.alarms}
    assert len(told) == sent


def test_a_receiver_is_not_told_of_notices_unless_asked_to(watched):
    found = monitor(drifted(watched), budget=BLIND)
    notices = [alarm for alarm in found.alarms if alarm.level == Level.NOTICE]
    assert any(alarm.sign.subject == "payback_365d_ratio" for alarm in notices)
    with receiver(failures=0) as (url, seen):
        assert deliver(watched, url, as_of=TODAY, patience=QUICK) == len(found.alarms) - len(notices)
        assert deliver(watched, url, as_of=TODAY, least=Level.NOTICE, patience=QUICK) == len(notices)
    told = [group for _, content in seen for group in content["groups"]]
    assert [group["level"] for group in told] == sorted(group["level"] for group in told)
    assert {group["level"] for group in told if group["source"] == "invoices, payments"} == {"notice"}


def test_a_notice_that_comes_to_matter_is_raised_and_then_told(watched):
    monitor(drifted(watched), budget=BLIND)
    score_days(watched, [TOMORROW])
    path = snapshot_path(watched, TOMORROW)
    rows = read_snapshot(watched, as_of=TOMORROW)
    gone = np.arange(len(rows)) % 2 == 0
    write_frame(rows.assign(payback_365d_ratio=rows["payback_365d_ratio"].mask(gone)), path)
    found = monitor(watched, as_of=TOMORROW, budget=STRICT)
    (alarm,) = [one for one in found.alarms if (one.sign.subject, one.sign.kind) == ("payback_365d_ratio", "missing")]
    assert (alarm.change, alarm.level, alarm.opened_on, alarm.raised_on) == (
        Change.RAISED,
        Level.ALARM,
        TODAY,
        TOMORROW,
    )
    with receiver(failures=0) as (url, seen):
        deliver(watched, url, as_of=TOMORROW, patience=QUICK)
    told = [one for group in seen[0][1]["groups"] for one in group["alarms"] if one["alarm_id"] == alarm.alarm_id]
    assert [(one["change"], one["raised_on"]) for one in told] == [("raised", str(TOMORROW))]


def test_a_receiver_in_lasting_trouble_is_told_by_the_next_run(watched):
    monitor(drifted(watched), budget=STRICT)
    with receiver(failures=3) as (url, seen):
        with pytest.raises(DeliveryError, match="answered 503") as refusal:
            deliver(watched, url, as_of=TODAY, patience=QUICK)
        assert "secret" not in str(refusal.value)
        assert len(seen) == 3
        assert deliver(watched, url, as_of=TODAY, patience=QUICK) > 0


def test_a_receiver_that_nobody_runs_is_said_so():
    with receiver(failures=0) as (url, _):
        pass
    with pytest.raises(DeliveryError, match="could not be reached in 3 attempts"):
        post(url, {}, patience=QUICK)


@pytest.mark.parametrize("url", ["ftp://host/path", "nowhere", "file:///etc/hosts"])
def test_an_address_that_is_not_http_is_refused(url):
    with pytest.raises(ParameterError, match="webhook"):
        post(url, {})


def test_the_command_ends_with_four_while_an_alarm_is_open_and_tells_it_by_its_source(watched):
    drifted(watched)
    asked = ["monitor", "-w", str(watched.root), "--fail-on-alarm", "--false-alarms", "500", "--least-effect", "0"]
    first = runner.invoke(build(), asked)
    assert first.exit_code == 4, first.output
    lines = first.output.splitlines()
    (start,) = [
        place for place, line in enumerate(lines) if line.startswith("alarm opened  invoices, payments: payback")
    ]
    assert lines[start + 1].startswith("    opened  payback_365d_ratio: share of missing values")
    assert runner.invoke(build(), asked).exit_code == 4
    assert runner.invoke(build(), asked[:3]).exit_code == 0


def test_the_command_ends_with_four_for_a_notice_only_where_notices_are_asked_for(watched):
    drifted(watched)
    asked = ["monitor", "-w", str(watched.root), "--fail-on-alarm", "--false-alarms", "500", "--least-effect", "100"]
    first = runner.invoke(build(), asked)
    assert "notice opened  invoices, payments: payback" in first.output
    assert first.exit_code == (4 if "alarm opened" in first.output else 0)
    assert runner.invoke(build(), [*asked, "--notices"]).exit_code == 4


@pytest.mark.slow  # Evidently takes longer to import than all the rest of this file
def test_the_runs_of_evidently_are_collected_once_a_day(watched):
    folder = collect_day(watched, as_of=TODAY)
    first = sorted(path for path in folder.rglob("*") if path.is_file())
    collect_day(watched, as_of=TODAY)
    assert sorted(path for path in folder.rglob("*") if path.is_file()) == first
    assert len(first) > 1


def test_the_same_customers_are_watched_every_day(snapshot_rows):
    sample = Sample(customers=40)
    first = sample.of(snapshot_rows)
    later = sample.of(snapshot_rows.iloc[::-1])
    assert set(first["customer_id"]) == set(later["customer_id"])
    assert len(first) == 40


def test_a_feature_that_is_set_back_has_the_values_of_then():
    then = np.random.default_rng(0).normal(size=500)
    now = np.where(np.arange(500) < 50, np.nan, then + 1)
    assert np.sort(set_back(now, then)) == pytest.approx(np.sort(then), abs=0.5)
    assert not np.isnan(set_back(now, then)).any()
    assert np.isnan(set_back(now, np.full(3, np.nan))).all()


def test_the_effect_of_a_shift_is_what_it_does_to_the_score(portfolio):
    then = portfolio(1)
    now = then.assign(steady=then["steady"] + 0.5)
    found = effect_points(now, then, features=["steady"], score=lambda frame: 70 - 4 * frame["steady"].to_numpy())
    assert found == pytest.approx(-2.0)
