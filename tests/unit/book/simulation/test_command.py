"""The command that simulates."""

import typer
from typer.testing import CliRunner

from creditscore.book import Book
from creditscore.cli import simulate


def test_the_command_writes_the_book_and_says_where_the_truth_lies(tmp_path):
    app = typer.Typer()
    app.callback()(lambda: None)
    simulate.register(app)
    arguments = ["simulate", "-w", str(tmp_path), "--customers", "20", "--months", "3", "--seed", "1"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0
    said = result.output.replace("\n", "")
    assert "20 rows of customers" in said
    assert "2022-03-31" in said
    assert (tmp_path / "truth" / "pd_12m.parquet").is_file()
    assert Book.open(tmp_path / "book").read("customers").num_rows == 20


def test_the_command_refuses_a_portfolio_of_nobody(tmp_path):
    app = typer.Typer()
    app.callback()(lambda: None)
    simulate.register(app)
    result = CliRunner().invoke(app, ["simulate", "-w", str(tmp_path), "--customers", "0"])
    assert result.exit_code == 2
    assert not (tmp_path / "book").exists()
