"""What all commands share: options, a progress bar, and how errors are shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from creditscore.domain import Progress as Listener

console = Console()
complaints = Console(stderr=True)


def parse_day(text: str) -> date:
    """Read a day as ``YYYY-MM-DD`` or the word ``today``."""
    if text == "today":
        return date.today()  # noqa: DTZ011 - a book's days are the user's own calendar days
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - as above
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day. Write it as YYYY-MM-DD, or `today`.") from None


Day = Annotated[date, typer.Option(parser=parse_day, metavar="DAY", help="Last day whose information may be used.")]
Folder = Annotated[
    Path,
    typer.Option("--workspace", "-w", envvar="CREDITSCORE_WORKSPACE", help="Folder of the portfolio."),
]


def say(text: str) -> None:
    """Print one line of result."""
    console.print(text, highlight=False, soft_wrap=True)


@contextmanager
def bars() -> Iterator[Listener]:
    """Show one progress bar for each step that reports to the listener."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        tasks = {}

        def listen(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = progress.add_task(step, total=total)
            progress.update(tasks[step], completed=done, total=total)

        yield listen
