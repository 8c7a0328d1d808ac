"""``creditscore policy``: check, compare and try policy files, print the grading table and the schema for editors."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from creditscore.cli.console import console, say
from creditscore.cli.policy_file import read_policy
from creditscore.cli.policy_studies import backtest, frontier

if TYPE_CHECKING:
    from creditscore.policy import Difference

HASH_SHOWN = 12
File = Annotated[Path, typer.Argument(help="Policy file, or `shipped` for the one that comes with this version.")]

policy = typer.Typer(help="Check, compare and try the files that hold the rules of the trade.", no_args_is_help=True)
policy.command()(frontier)
policy.command()(backtest)


@policy.command()
def check(file: File) -> None:
    """Read a file as strictly as a daily run does, and say its version and hash. Exit code 1 if it is refused."""
    found = read_policy(file)
    say(f"Policy {found.version}, hash {found.hash[:HASH_SHOWN]}: sound.")


@policy.command()
def diff(before: File, after: File) -> None:
    """Show every value that differs between two policies."""
    from creditscore.policy import compare_policies  # noqa: PLC0415 - keeps --help quick

    old, new = read_policy(before), read_policy(after)
    found = compare_policies(old, new)
    if found:
        _show(found)
    many = "1 value differs" if len(found) == 1 else f"{len(found)} values differ"
    say(f"{many}: {old.version} {old.hash[:HASH_SHOWN]}, {new.version} {new.hash[:HASH_SHOWN]}.")
    if found and old.version == new.version:
        say("Both call themselves the same version: give the later one its own, with an entry in `changes`.")


@policy.command()
def table(file: File) -> None:
    """Print what each grading of an application leads to: all 81 rows, as Markdown."""
    from creditscore.policy import approval_page  # noqa: PLC0415 - keeps --help quick

    typer.echo(approval_page(read_policy(file)))


@policy.command()
def schema() -> None:
    """Print the JSON schema of a policy file, by which editors complete and explain its keys."""
    from creditscore.policy import policy_schema  # noqa: PLC0415 - keeps --help quick

    typer.echo(json.dumps(policy_schema(), indent=2, ensure_ascii=False))


def register(app: typer.Typer) -> None:
    """Register ``policy`` with its commands."""
    app.add_typer(policy, name="policy")


def _show(found: "tuple[Difference, ...]") -> None:
    from rich.table import Column, Table  # noqa: PLC0415 - keeps --help quick
    from rich.text import Text  # noqa: PLC0415 - keeps --help quick

    table = Table(Column("key", no_wrap=True), "before", "after", box=None)
    for one in found:
        values = [json.dumps(value, ensure_ascii=False) for value in (one.before, one.after)]
        table.add_row(*map(Text, (one.key, *values)))  # brackets of a key are no markup
    console.print(table)
