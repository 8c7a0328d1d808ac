"""``creditscore parity``: the same bits on every path, proved on the user's own book."""

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from creditscore.cli.answers import AsJson, show_json
from creditscore.cli.console import Folder, bars, console, say
from creditscore.cli.running import served
from creditscore.domain import Workspace, silent

if TYPE_CHECKING:
    from rich.table import Table

    from creditscore.scoring import ParityProof, PathResult

HERE = Path()
Url = Annotated[
    str | None, typer.Option("--url", metavar="URL", help="Ask the endpoint that runs here too, over HTTP.")
]
Serve = Annotated[bool, typer.Option("--serve", help="Start an endpoint on a free loopback port, and ask it too.")]
Sample = Annotated[int, typer.Option(min=1, help="So many customers are scored one at a time.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(parity)


def parity(
    url: Url = None,
    *,
    serve: Serve = False,
    sample: Sample = 200,
    workspace: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """Score the latest scored day on every path; exit code 1 if one gives other bits than the daily run recorded."""
    from creditscore.scoring import prove_parity  # noqa: PLC0415 - brings the models

    if serve and url is not None:
        raise typer.BadParameter("Give --url or --serve, not both.")
    place = Workspace(workspace)
    with (
        served(place) if serve else nullcontext(url) as asked,
        nullcontext(silent) if as_json else bars() as progress,
    ):
        proof = prove_parity(place, url=asked, sample=sample, progress=progress)
    if as_json:
        show_json(proof.as_record())
    else:
        console.print(_table(proof))
        for path in proof.paths:
            if not path.is_equal:
                say(_places(path))
        if proof.is_equal:
            say(proof.summary)
    proof.demand()


def _table(proof: "ParityProof") -> "Table":
    from rich.table import Column, Table  # noqa: PLC0415 - keeps --help quick

    counts = [Column(name, justify="right", no_wrap=True) for name in ("customers", "equal", "differ")]
    table = Table(Column("path", no_wrap=True), *counts, box=None, padding=(0, 1, 0, 0), pad_edge=False)
    for path in proof.paths:
        equal = path.customer_count - path.differing_count
        table.add_row(path.path, *(f"{figure:,}" for figure in (path.customer_count, equal, path.differing_count)))
    return table


def _places(path: "PathResult") -> str:
    where = "; ".join(f"{one.column} of {', '.join(one.examples)}" for one in path.differences[:3])
    return " ".join(part for part in (f"{path.path}:", where, path.note) if part)
