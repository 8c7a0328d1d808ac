"""``creditscore snapshot``: the features of one day as Parquet."""

from pathlib import Path
from typing import Annotated

import typer

from creditscore.cli.console import Day, Folder, bars, say
from creditscore.cli.engines import Engine, EngineName, Location, cluster
from creditscore.domain import Workspace

HERE = Path()
Out = Annotated[Path, typer.Option("--out", help="Parquet file to write; with Spark a folder of such files.")]
Own = Annotated[
    Path | None,
    typer.Option("--features", metavar="FILE", help="Python file with features of your own; else the catalogue."),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(snapshot)


def snapshot(
    as_of: Day,
    out: Out,
    workspace: Folder = HERE,
    features: Own = None,
    engine: Engine = EngineName.DUCKDB,
    location: Location = None,
) -> None:
    """Write the features of every customer as of one day, one row a customer."""
    from creditscore.book import Book  # noqa: PLC0415 - brings pandas and DuckDB, as the next
    from creditscore.features import load_features, panel, write_snapshot  # noqa: PLC0415

    place = Workspace(workspace)
    book, own = Book.open(place.book), load_features(features) if features else None
    spark = cluster(engine, place, location)
    if spark is None:
        with bars() as progress:
            rows = panel(book, days=[as_of], features=own, progress=progress)
        rows.to_parquet(out, index=False, compression="zstd")
    else:
        write_snapshot(book, as_of=as_of, out=out, engine=spark, features=own)
    say(f"Features as of {as_of} in {out}")
