"""The command ``creditscore ingest``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from creditscore.cli.console import Folder, bars, console, parse_day, say
from creditscore.domain import Workspace

if TYPE_CHECKING:
    from rich.table import Table

    from creditscore.book import IngestSummary

Source = Annotated[str, typer.Argument(help="A file, a folder, or the SQLAlchemy URL of a database.")]
MappingFile = Annotated[Path, typer.Option("--mapping", "-m", help="YAML file: how the source becomes tables.")]
ReceivedOn = Annotated[
    date,
    typer.Option(parser=parse_day, metavar="DAY", help="Day the source reached us; corrections count from it."),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("ingest")(ingest_source)


def ingest_source(
    source: Source,
    mapping: MappingFile,
    workspace: Folder = Path(),
    received_on: ReceivedOn = "today",  # type: ignore[assignment]  # parsed like any other value
) -> None:
    """Read receivables and other facts into the book; running it twice changes nothing."""
    from creditscore.book import ingest, load_mapping  # noqa: PLC0415 - heavy

    place = Workspace(workspace)
    plan = load_mapping(mapping)
    with bars() as progress:
        summary = ingest(
            source, plan, book=place.book, quarantine=place.quarantine, received_on=received_on, progress=progress
        )
    console.print(_counts(summary))
    for table in summary.tables:
        for rule, count in table.quarantined.items():
            rows = "1 row breaks" if count == 1 else f"{count:,} rows break"
            say(f"{table.table}: {rows} the rule {rule}")
    if any(table.rows_quarantined for table in summary.tables):
        say(f"The rows that broke a rule lie in {summary.quarantine}")
    say(f"Book {summary.fingerprint[:16]} in {place.book}")


def _counts(summary: IngestSummary) -> Table:
    from rich.table import Table  # noqa: PLC0415 - only this command draws a table

    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("table", no_wrap=True)
    for heading in ("read", "left out", "new", "versions", "corrected", "unchanged", "quarantined"):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in summary.tables:
        counts = (one.rows_in, one.rows_left_out, one.facts_new, one.versions_new, one.corrections)
        table.add_row(one.table, *(f"{count:,}" for count in (*counts, one.rows_unchanged, one.rows_quarantined)))
    return table
