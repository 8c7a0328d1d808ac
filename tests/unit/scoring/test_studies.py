"""The stored days of a small portfolio are replayed: from its files to the figures."""

import shutil
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from creditscore.accounts import sales_between
from creditscore.book import Book
from creditscore.cli.policy import register
from creditscore.domain import Workspace
from creditscore.errors import StoreError
from creditscore.policy import Governance, load_policy
from creditscore.policy.policy import SHIPPED
from creditscore.scoring import read_scores, read_snapshot, score_days
from creditscore.scoring.studies import backtest_policies, governance_frontier, stored_days, stored_scores

DAYS = [date(2022, 1, 20), date(2022, 1, 31), date(2022, 2, 20), date(2022, 6, 30), date(2022, 12, 31)]


@pytest.fixture(scope="module")
def stored(template, tmp_path_factory):
    """The portfolio with five stored days; the outcome windows of the first three have ended. Not changed by tests."""
    folder = tmp_path_factory.mktemp("stored") / "portfolio"
    shutil.copytree(template.root, folder)
    workspace = Workspace(folder)
    score_days(workspace, DAYS)
    return workspace


@pytest.fixture
def ask(stored):
    app = typer.Typer()
    register(app)
    return lambda *words: CliRunner().invoke(app, ["policy", *map(str, words), "-w", str(stored.root)])


@pytest.fixture
def strict_file(tmp_path):
    path = tmp_path / "strict.yaml"
    text = SHIPPED.read_text("utf-8").replace("\n  green: 80\n  yellow: 60\n", "\n  green: 90\n  yellow: 70\n")
    path.write_text(text, "utf-8")
    return path


def test_every_stored_day_is_read_as_it_was_scored(stored):
    found = stored_scores(stored)
    assert stored_days(stored) == tuple(DAYS)
    for day in DAYS:
        scores = read_scores(stored, as_of=day).set_index("customer_id")
        rows = found[found["as_of"] == pd.Timestamp(day)].set_index("customer_id")
        pd.testing.assert_frame_equal(rows[["log_odds", "exposure_amount"]], scores[["log_odds", "exposure_amount"]])
        in_default = read_snapshot(stored, as_of=day).set_index("customer_id")["in_default_flag"] == 1
        assert rows["in_default_flag"].equals(in_default.reindex(rows.index))
    assert found["in_default_flag"].any()


def test_a_workspace_without_a_stored_day_is_refused(template):
    with pytest.raises(StoreError, match="No day is stored"):
        stored_scores(template)


def test_the_frontier_reads_the_stored_days(stored):
    grid = [Governance(), Governance(upgrade_margin=5, upgrade_dwell_days=365)]
    found = governance_frontier(stored, grid=grid)
    assert found["upgrade_margin"].tolist() == [0, 5]
    assert found["flips_per_year"].iloc[0] > found["flips_per_year"].iloc[1] > 0
    assert (found["days_late"] == 0).all()
    assert found["warned_default_count"].iloc[0] > 0


def test_the_backtest_replays_days_a_month_apart_whose_window_has_ended(stored, policy):
    found = backtest_policies(stored, policies=(policy, policy))
    assert found.by_day["as_of"].dt.date.unique().tolist() == [DAYS[0], DAYS[2]]
    assert found.by_day["until_on"].dt.date.unique().tolist() == [DAYS[2], DAYS[3]]
    assert (found.day_count, found.unfinished_day_count) == (2, 1)


def test_what_is_kept_and_lost_are_the_sales_of_the_book(stored, policy):
    book = Book.open(stored.book)
    found = backtest_policies(stored, policies=(policy, policy))
    first = found.by_day.iloc[0]
    sold = sales_between(book, book.known_days()[1], after=DAYS[0], until=DAYS[2])
    scored = read_scores(stored, as_of=DAYS[0])["customer_id"]
    of_scored = sold[sold["customer_id"].isin(scored)]
    assert first["sales_kept_amount"] + first["sales_lost_amount"] == of_scored["sales_amount"].sum() > 0


def test_the_command_names_the_chosen_setting_and_writes_them_all(ask, tmp_path):
    result = ask("frontier", "--csv", tmp_path / "all.csv", "--most-reserve-added", "0")
    assert result.exit_code == 0, result.output
    assert "100 settings" in result.output
    assert "at most 0 days late and 0.0% more reserve: downgrade_margin 0, upgrade_margin 0" in result.output
    assert len(pd.read_csv(tmp_path / "all.csv")) == 100


def test_the_command_compares_two_policies(ask, strict_file, tmp_path):
    assert load_policy(strict_file).colours.green == 90
    result = ask("backtest", "--policy", "shipped", "--policy", strict_file, "--csv", tmp_path / "days.csv")
    assert result.exit_code == 0, result.output
    assert "bad debt avoided" in result.output
    assert "1 of the replayed days" in result.output
    days = pd.read_csv(tmp_path / "days.csv")
    kept = days.groupby("policy")["sales_kept_amount"].sum()
    assert kept["B"] < kept["A"]


def test_one_policy_alone_is_no_comparison(ask):
    result = ask("backtest", "--policy", "shipped")
    assert result.exit_code == 2
    assert "Give --policy twice" in result.output


def test_the_difference_is_that_of_the_policies_given(stored, policy):
    dear = replace(policy, reserve=replace(policy.reserve, red=1.0))
    totals = backtest_policies(stored, policies=(policy, dear)).totals
    assert totals.loc["reserve_amount", "difference"] > 0
    assert (totals.drop("reserve_amount")["difference"] == 0).all()
