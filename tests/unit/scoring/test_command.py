from datetime import date

import pytest
import typer
from typer.testing import CliRunner

from creditscore.cli import score
from creditscore.errors import BundleError
from creditscore.scoring import ScoreStore


@pytest.fixture
def ask(workspace):
    """Run ``creditscore score`` with these options in the workspace."""
    app = typer.Typer()
    score.register(app)
    return lambda *options: CliRunner().invoke(app, [*options, "-w", str(workspace.root)])


def test_the_command_scores_a_day_and_says_one_line(ask, workspace):
    result = ask("--as-of", "2023-01-31")
    assert result.exit_code == 0, result.output
    with ScoreStore(workspace.store_url) as store:
        run = store.latest_run()
    assert f"{run.customer_count} customers scored as of 2023-01-31: {run.colours['green']} green" in result.output
    assert run.run_id[:12] in result.output


def test_the_command_scores_each_day_of_a_range(ask, workspace):
    assert "3 days in all" in ask("--as-of", "2023-01-29", "--until", "2023-01-31").output
    with ScoreStore(workspace.store_url) as store:
        assert [run.as_of for run in store.runs()] == [date(2023, 1, day) for day in (29, 30, 31)]


@pytest.mark.parametrize("options", [(), ("--as-of", "2023-02-30"), ("--as-of", "2023-01-31", "--until", "soon")])
def test_a_day_that_is_none_is_refused(ask, options):
    assert ask(*options).exit_code == 2


def test_a_failure_reaches_the_caller_as_the_librarys_error(ask, workspace):
    (workspace.bundles / "first" / "model.json").unlink()
    assert isinstance(ask("--as-of", "2023-01-31").exception, BundleError)
