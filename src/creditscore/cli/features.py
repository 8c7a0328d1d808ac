"""The command ``features``: what the catalogue holds."""

from typing import TYPE_CHECKING, Annotated

import typer

from creditscore.cli.console import console, say

if TYPE_CHECKING:
    from rich.table import Table

    from creditscore.features import Feature


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(features)


def features(
    name: Annotated[str | None, typer.Argument(help="Feature to explain; all are listed without it.")] = None,
    *,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the catalogue page instead.")] = False,
) -> None:
    """List the catalogue of features, or explain one."""
    from creditscore.features import catalogue, catalogue_page, named  # noqa: PLC0415 - keeps --help quick

    if markdown:
        typer.echo(catalogue_page(catalogue()), nl=False)
    elif name is None:
        console.print(_listing(catalogue()))
        say(f"{len(catalogue())} features; `creditscore features NAME` explains one.")
    else:
        console.print(_explanation(named(name)))


def _listing(catalogued: "tuple[Feature, ...]") -> "Table":
    from rich.table import Column, Table  # noqa: PLC0415 - keeps --help quick

    table = Table(Column("feature", no_wrap=True), "family", "unit", "risk", "reason", box=None)
    for feature in catalogued:
        # Names are what one copies, so they stay whole; the sentences are one command further.
        table.add_row(feature.name, feature.family, feature.unit, feature.risk, feature.reason.code)
    return table


def _explanation(feature: "Feature") -> "Table":
    from rich.table import Table  # noqa: PLC0415 - keeps --help quick

    from creditscore.features.wording import explanation  # noqa: PLC0415 - keeps --help quick

    table = Table(title=feature.name, show_header=False)
    for name, said in explanation(feature):
        table.add_row(name, said)
    return table
