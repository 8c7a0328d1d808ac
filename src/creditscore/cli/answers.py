"""How answers about one customer are asked for and shown: language, JSON, features of one's own, a table."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from creditscore.cli.console import console, say

if TYPE_CHECKING:
    from rich.table import Table

    from creditscore.scoring.wording import Line, Telling

Customer = Annotated[str, typer.Argument(metavar="CUSTOMER", help="Id of the customer.")]
LANGUAGES = ("en", "zh")


def parse_language(text: str) -> str:
    """Read the code of a language that answers and reports are written in."""
    if text not in LANGUAGES:
        raise typer.BadParameter(f"There is no {text!r}. Choose one of {', '.join(LANGUAGES)}.")
    return text


Language = Annotated[
    str, typer.Option("--lang", parser=parse_language, metavar="en|zh", help="Language of what is said.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the whole answer as JSON.")]
Own = Annotated[
    Path | None,
    typer.Option("--features", metavar="FILE", help="Python file with features of your own, such as your recipe."),
]


def show(telling: "Telling") -> None:
    """Print an explanation: a line, a table, and what else there is to say."""
    say(telling.title)
    if telling.lines:
        console.print(_table(telling.lines))
    for note in telling.notes:
        say(note)


def show_json(record: dict[str, Any]) -> None:
    """Print an answer as JSON."""
    import json  # noqa: PLC0415 - few commands need it

    typer.echo(json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False))


def _table(lines: "tuple[Line, ...]") -> "Table":
    from rich.table import Column, Table  # noqa: PLC0415 - keeps --help quick

    table = Table(Column(overflow="fold"), Column(), Column(justify="right", no_wrap=True), box=None, show_header=False)
    for line in lines:
        style = None if line.depth else "bold"
        table.add_row("  " * line.depth + line.label, line.values, line.points, style=style)
    return table
