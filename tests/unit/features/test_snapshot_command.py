from datetime import date

import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from creditscore.book import Book
from creditscore.cli import snapshot as command
from creditscore.features import snapshot

RECIPE = """
from creditscore.features import named
kept = named("open_amount")
"""


@pytest.fixture
def ask(template, tmp_path):
    """Run ``creditscore snapshot`` on the template and return the command's answer and the file that it wrote."""
    app = typer.Typer()
    command.register(app)

    def run(*options):
        out = tmp_path / "rows.parquet"
        answer = CliRunner().invoke(app, ["-w", str(template.root), "--out", str(out), *options])
        assert answer.exit_code == 0, answer.output
        return answer, out

    return run


def test_the_command_writes_the_snapshot_and_says_where(ask, template):
    answer, out = ask("--as-of", "2023-01-31")
    assert str(out) in answer.output.replace("\n", "")
    expected = snapshot(Book.open(template.book), as_of=date(2023, 1, 31))
    pd.testing.assert_frame_equal(pd.read_parquet(out), expected, check_exact=True)


def test_the_command_takes_features_of_ones_own(ask, tmp_path):
    recipe = tmp_path / "mine.py"
    recipe.write_text(RECIPE, "utf-8")
    _, out = ask("--as-of", "2023-01-31", "--features", str(recipe))
    assert list(pd.read_parquet(out).columns) == ["customer_id", "as_of", "open_amount"]
