"""``creditscore audit``: proofs on the user's own book that the promises are kept."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from creditscore.cli.console import Day, Folder, bars, console, say
from creditscore.domain import Workspace

if TYPE_CHECKING:
    from rich.table import Column

    from creditscore.features import LeakageProof

HERE = Path()
Own = Annotated[
    Path | None,
    typer.Option("--features", metavar="FILE", help="Python file with features of your own; else the catalogue."),
]
Drawn = Annotated[
    int | None,
    typer.Option(min=1, help="Draw so many customers, with those linked to them; all by default."),
]
Seed = Annotated[int, typer.Option(min=0, help="Seed of the perturbation; equal seeds give equal proofs.")]

audit = typer.Typer(help="Prove on your own book that what is promised holds.", no_args_is_help=True)


@audit.command()
def leakage(
    as_of: Day, workspace: Folder = HERE, features: Own = None, customers: Drawn = None, seed: Seed = 0
) -> None:
    """Alter all that the book learned after a day; no feature of that day may move. Exit code 1 if one does."""
    from creditscore.book import Book  # noqa: PLC0415 - brings pandas and DuckDB, as the next
    from creditscore.features import load_features, prove_no_leakage  # noqa: PLC0415

    book = Book.open(Workspace(workspace).book)
    own = load_features(features) if features else None
    with bars() as progress:
        proof = prove_no_leakage(book, as_of=as_of, features=own, customers=customers, seed=seed, progress=progress)
    _tell(proof)
    proof.demand()


def register(app: typer.Typer) -> None:
    """Register ``audit`` with its commands."""
    app.add_typer(audit, name="audit")


def _tell(proof: "LeakageProof") -> None:
    from rich.table import Column  # noqa: PLC0415 - keeps --help quick

    kinds = ("new facts", "new versions", "later: changed", "later: removed")
    counts = [(one.new_count, one.version_count, one.changed_count, one.removed_count) for one in proof.altered]
    rows = [(one.table, *(f"{count:,}" for count in of)) for one, of in zip(proof.altered, counts, strict=True)]
    _show(["table", *(Column(kind, justify="right") for kind in kinds)], rows)
    if proof.moved:
        leaks = [
            (one.feature, f"{one.customer_count:,}", one.example, ", ".join(one.seen_in), one.cause)
            for one in proof.moved
        ]
        names = (Column("moves", no_wrap=True), Column("customers", justify="right"))
        _show([*names, "such as", "seen in", "moved by"], leaks)
    if proof.untested:
        say(f"Untested, for no fact of the book reaches them: {', '.join(proof.untested)}")
    say(proof.summary)


def _show(head: "Iterable[Column | str]", rows: Iterable[Iterable[str]]) -> None:
    from rich.table import Table  # noqa: PLC0415 - keeps --help quick

    table = Table(*head, box=None, padding=(0, 1, 0, 0), pad_edge=False)
    for row in rows:
        table.add_row(*row)
    console.print(table)
