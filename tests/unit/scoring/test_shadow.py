"""A challenger is scored beside the champion and cannot touch it, whatever becomes of it."""

import shutil
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from creditscore.book import Book
from creditscore.domain import Workspace
from creditscore.features import catalogue, snapshot
from creditscore.features.daily import StateFolder
from creditscore.models import CalibratedModel, LogisticCalibration, MonotoneForest
from creditscore.scoring import (
    LEARNED_UNTIL,
    ScoreStore,
    bundle_named,
    challenge,
    read_scores,
    read_shadow_scores,
    score_days,
    score_portfolio,
    score_rows,
    set_champion,
    shadow_run,
    shadow_runs,
    write_bundle,
)
from creditscore.scoring.shadow_record import shadow_path, told_of_challenger

TODAY, YESTERDAY = date(2023, 1, 31), date(2023, 1, 30)
OTHERS = ("overdue_ratio", "orders_365d_count", "open_amount", "overdue_amount")


@pytest.fixture
def other(workspace, contents):
    """A bundle with features that the champion has not."""
    known = {feature.name: feature for feature in catalogue()}
    features = tuple(known[name] for name in OTHERS)
    made = contents(seed=3)
    draws = np.random.default_rng(3)
    X, y = draws.random((400, len(features))), (draws.random(400) < 0.3).astype(float)
    forest = MonotoneForest(trees=5, leaves=4, min_leaf=20, seed=3, threads=1)
    forest.fit(X, y, monotone=[feature.monotone for feature in features])
    calibration = LogisticCalibration().fit(forest.default_rate(X), y)
    model = CalibratedModel(forest.ranker_, calibration, feature_names=OTHERS, horizon_months=12)
    return write_bundle(workspace.bundles / "other", contents=replace(made, model=model, features=features))


@pytest.fixture
def challenged(workspace, other):
    """The portfolio while that bundle challenges its champion, and the bundle."""
    challenge(workspace, other.folder.name)
    return workspace, other


@pytest.fixture
def alone(template, tmp_path):
    """The same portfolio without a challenger."""
    shutil.copytree(template.root, tmp_path / "alone")
    return Workspace(tmp_path / "alone")


def days_of(workspace):
    """Return the bytes of the champion's files."""
    files = [path for folder in (workspace.scores, workspace.snapshots) for path in folder.rglob("*.parquet")]
    return {str(path.relative_to(workspace.root)): path.read_bytes() for path in files}


def same_scores(one, another):
    with ScoreStore(one.store_url) as first, ScoreStore(another.store_url) as second:
        pd.testing.assert_frame_equal(first.scores(), second.scores(), check_exact=True)
        assert first.latest_run().run_id == second.latest_run().run_id
    return days_of(one) == days_of(another)


def test_the_challenger_says_of_each_customer_what_it_would_say_alone(workspace, other, policy):
    challenge(workspace, "other")
    run = score_portfolio(workspace, as_of=TODAY)
    found = read_shadow_scores(workspace, as_of=TODAY, challenger="other")
    rows = snapshot(Book.open(workspace.book), as_of=TODAY, features=other.features)
    flags = found["champion_score"].eq(0) & found["champion_pd_12m"].eq(1)
    expected = score_rows(other, policy, rows.assign(in_default_flag=flags.astype(float)))
    for name in ("pd_12m", "log_odds", "score", "grade", "colour"):
        assert found[f"challenger_{name}"].tolist() == expected[name].tolist()
    champions = read_scores(workspace, as_of=TODAY)
    assert found["champion_log_odds"].tolist() == champions["log_odds"].tolist()
    assert flags.any()
    told = shadow_run(workspace, as_of=TODAY, challenger="other")
    assert (told.run_id, told.customer_count, told.trouble) == (run.run_id, run.customer_count, None)
    assert told.changed_count == (found["champion_colour"] != found["challenger_colour"]).sum() > 0


@pytest.mark.parametrize("days", [[TODAY], [YESTERDAY, TODAY]])
def test_the_champions_bits_are_those_that_it_has_alone(workspace, other, alone, days):
    challenge(workspace, other.folder.name)
    score_days(workspace, days)
    score_days(alone, days)
    assert same_scores(workspace, alone)
    assert len(shadow_runs(workspace)) == len(days)
    assert shadow_runs(alone) == ()


def test_a_challenger_that_comes_later_is_scored_without_a_new_run(workspace, other):
    first = score_portfolio(workspace, as_of=TODAY)
    before = days_of(workspace)
    challenge(workspace, other.folder.name)
    assert score_portfolio(workspace, as_of=TODAY) == first
    assert days_of(workspace) == before
    assert shadow_run(workspace, as_of=TODAY, challenger="other").customer_count == first.customer_count


def test_scoring_again_scores_the_challenger_no_second_time(workspace, other):
    challenge(workspace, other.folder.name)
    score_portfolio(workspace, as_of=TODAY)
    path = shadow_path(workspace, TODAY, "other")
    before = path.stat().st_mtime_ns
    score_portfolio(workspace, as_of=TODAY)
    assert path.stat().st_mtime_ns == before
    path.unlink()
    score_portfolio(workspace, as_of=TODAY)
    assert path.is_file()


def broken_file(patch, bundle):  # noqa: ARG001 - all of these are called alike
    (bundle.folder / "reference.parquet").unlink()
    return "reference.parquet is missing"


def broken_feature(patch, bundle):  # noqa: ARG001
    patch.setattr("creditscore.scoring.snapshots._united", raising)
    return "ZeroDivisionError was raised"


def broken_model(patch, bundle):  # noqa: ARG001
    patch.setattr("creditscore.scoring.shadow.score_rows", raising)
    return "ZeroDivisionError was raised"


def learned_later(patch, bundle):  # noqa: ARG001
    patch.setattr("creditscore.scoring.bundle.Bundle.training", {LEARNED_UNTIL: "2023-02-28"})
    patch.setattr("creditscore.scoring.daily.check_knowledge", lambda *_: None)
    return "until which it learned"


def raising(*_, **__):
    raise ZeroDivisionError("the amount of a customer")


@pytest.mark.parametrize("breaking", [broken_file, broken_feature, broken_model, learned_later])
@pytest.mark.parametrize("days", [[TODAY], [YESTERDAY, TODAY]])
def test_a_broken_challenger_is_told_of_and_the_champion_stands(challenged, alone, days, breaking, monkeypatch, caplog):
    workspace, other = challenged
    score_days(alone, days)
    trouble = breaking(monkeypatch, other)
    runs = score_days(workspace, days)
    assert same_scores(workspace, alone)
    told = shadow_run(workspace, as_of=TODAY, challenger="other")
    assert trouble in told.trouble
    assert "amount of a customer" not in told.trouble + caplog.text
    assert f"Challenger other was not scored as of {TODAY}" in caplog.text
    assert not shadow_path(workspace, TODAY, "other").exists()
    (line,) = told_of_challenger(workspace, runs[-1])
    assert "the champion's scores stand" in line


def test_a_damaged_record_of_the_challenger_is_told_of_and_the_champion_stands(workspace, caplog):
    (workspace.bundles / "challenger.json").write_text("{", "utf-8")
    run = score_portfolio(workspace, as_of=TODAY)
    assert "challenger.json is damaged" in caplog.text
    assert "challenger.json is damaged" in told_of_challenger(workspace, run)[0]


def test_a_full_disk_under_the_challenger_leaves_the_champion_served(workspace, other, monkeypatch, caplog):
    challenge(workspace, other.folder.name)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("creditscore.scoring.shadow.write_frame", full)
    monkeypatch.setattr("creditscore.scoring.shadow_record.whole_file", full)
    run = score_portfolio(workspace, as_of=TODAY)
    with ScoreStore(workspace.store_url) as store:
        assert store.latest_run() == run
    assert "was not scored" in caplog.text


def test_the_state_covers_both_and_is_not_built_anew_each_day(workspace, other, monkeypatch):
    built = []
    make = StateFolder._built  # noqa: SLF001 - what costs the history

    def counted(self, book, plan, as_of):
        built.append(as_of)
        return make(self, book, plan, as_of)

    monkeypatch.setattr(StateFolder, "_built", counted)
    challenge(workspace, other.folder.name)
    for day in (date(2023, 1, 29), YESTERDAY, TODAY):
        score_portfolio(workspace, as_of=day)
    assert built == [date(2023, 1, 29)]


def test_nothing_is_scored_beside_the_champion_where_nobody_challenges(workspace):
    run = score_portfolio(workspace, as_of=TODAY)
    assert not workspace.shadow_scores.exists()
    assert told_of_challenger(workspace, run) == []


def test_a_challenger_set_after_the_run_is_said_not_to_be_scored(workspace, other):
    run = score_portfolio(workspace, as_of=TODAY)
    challenge(workspace, other.folder.name)
    assert told_of_challenger(workspace, run) == ["Challenger other was not scored beside this run."]


def test_a_champion_that_was_challenged_scores_as_itself(workspace):
    challenge(workspace, "second")
    score_portfolio(workspace, as_of=TODAY)
    beside = read_shadow_scores(workspace, as_of=TODAY, challenger="second")
    set_champion(workspace, "second")
    score_portfolio(workspace, as_of=TODAY)
    decided = read_scores(workspace, as_of=TODAY)
    assert beside["challenger_log_odds"].tolist() == decided["log_odds"].tolist()
    assert bundle_named(workspace, "champion").folder.name == "second"
