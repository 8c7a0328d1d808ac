"""``creditscore simulate``: a portfolio to try everything on, with known truth."""

from pathlib import Path
from typing import Annotated

import typer

from creditscore.cli.console import Folder, bars, say
from creditscore.domain import Workspace

HERE = Path()


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(simulate)


def simulate(
    workspace: Folder = HERE,
    customers: Annotated[int, typer.Option(min=1, help="Number of customers.")] = 5_000,
    months: Annotated[int, typer.Option(min=1, help="Number of months from January 2022.")] = 36,
    seed: Annotated[int, typer.Option(min=0, help="Seed; equal seeds give equal files.")] = 7,
) -> None:
    """Write a simulated portfolio, and its true probabilities of default apart from it."""
    from pyarrow import parquet  # noqa: PLC0415 - heavy, as the next

    from creditscore.book import simulation  # noqa: PLC0415 - brings numpy, pyarrow and DuckDB

    home = Workspace(workspace)
    portfolio = simulation.Portfolio(customers=customers, months=months, seed=seed)
    with bars() as progress:
        book = simulation.simulate(portfolio, book=home.book, truth=home.truth, progress=progress)
    counts = [
        f"{parquet.read_metadata(book.path(name)).num_rows:,} rows of {name}"
        for name in ("customers", "invoices", "payments")
    ]
    say(f"{', '.join(counts)} to {portfolio.last_day} in {home.book}; the true pd_12m in {home.truth}")
