"""The feature engine against what a competent user would write instead: pandas, Polars, SQL by hand on DuckDB.

21 behaviour features of all customers of a simulated ledger, from the same Parquet files, for one month end and for
twelve. Each answer is given by a process of its own, whose wall time, processor time and peak memory are measured from
the call to the answer; the engines take turns. The table of medians is shown only if all answers agree. Its last column
is the median of each engine's wall time over that of the first engine in the same round.

Run: .venv/bin/python benchmarks/behaviour.py
It asks Polars too: .venv/bin/uv pip install --python .venv/bin/python polars
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from behaviour_engines.cases import CASES, ENGINES

PACKAGES = ("creditscore", "ibis-framework", "duckdb", "pandas", "pyarrow", "polars")
HEADINGS = ("asked", "engine", "wall s", "CPU s", "peak GiB", "x first")
GIB = 2**30


@dataclass(frozen=True, slots=True)
class Run:
    """One answer of one engine."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    columns: int


Round = dict[tuple[str, str], Run]


def main() -> None:
    options = parsed()
    ledger = child("ledger", options.folder, options.customers, options.months)
    rounds = [one_round(ledger, options, number) for number in range(1, options.rounds + 1)]
    print(f"{description(ledger, options.rounds)}\n\n{shown(rows(rounds, ledger), markdown=options.markdown)}")


def parsed() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--folder", type=Path, help="where the ledger is, or is to be made; in the cache by default")
    parser.add_argument("--customers", type=int, default=200_000, help="customers of a ledger that is to be made")
    parser.add_argument("--months", type=int, default=36, help="months of a ledger that is to be made")
    parser.add_argument("--rounds", type=int, default=5, help="how often each engine is asked")
    parser.add_argument("--cases", nargs="+", choices=CASES, default=list(CASES), help="what is asked")
    parser.add_argument(
        "--engines", nargs="+", choices=ENGINES, default=list(ENGINES), help="who is asked; the first is compared with"
    )
    parser.add_argument("--markdown", action="store_true", help="show the table as Markdown")
    options = parser.parse_args()
    if find_spec("polars") is None:
        parser.error("Polars is missing. Install it: .venv/bin/uv pip install --python .venv/bin/python polars")
    if options.engines[0].startswith("scan"):
        parser.error("A bare scan gives no features that others could be compared with. Name another engine first.")
    options.cases = [name for name in options.cases if set(options.engines) & set(CASES[name].answers)]
    options.folder = (options.folder or cached(f"ledger-{options.customers}x{options.months}")).resolve()
    return options


def cached(name: str) -> Path:
    """Return where a ledger is kept from run to run."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "creditscore" / name


def child(module: str, *arguments: object) -> dict[str, Any]:
    """Return what a module of the engines says, run in a process of its own; stop where it fails."""
    command = [sys.executable, "-m", f"behaviour_engines.{module}", *map(str, arguments)]
    done = subprocess.run(command, cwd=Path(__file__).parent, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(done.returncode)
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def one_round(ledger: dict[str, Any], options: argparse.Namespace, number: int) -> Round:
    """Ask each engine once, and compare the answers to each case."""
    runs: Round = {}
    for name in options.cases:
        asked = [engine for engine in options.engines if engine in CASES[name].answers]
        with tempfile.TemporaryDirectory() as folder:
            for engine in asked:
                print(f"round {number} of {options.rounds}: {name}, {engine}", file=sys.stderr, flush=True)
                runs[name, engine] = answered(ledger, name, engine, Path(folder, engine))
            child("check", *(Path(folder, engine) for engine in asked if not engine.startswith("scan")))
    return runs


def answered(ledger: dict[str, Any], name: str, engine: str, answer: Path) -> Run:
    """Let an engine answer a case."""
    case = CASES[name]
    return Run(**child("measure", case.answers[engine], ledger["book"], answer, *ledger["days"][case.days]))


def rows(rounds: Sequence[Round], ledger: dict[str, Any]) -> list[tuple[str, ...]]:
    """Return the medians of each case and engine as text."""
    first: dict[str, str] = {}
    table: list[tuple[str, ...]] = []
    for case, engine in rounds[0]:
        runs = [one[case, engine] for one in rounds]
        reference = [one[case, first.setdefault(case, engine)] for one in rounds]
        table.append((
            asked_for(case, reference[0], ledger) if first[case] == engine else "",
            ENGINES[engine],
            f"{statistics.median(run.seconds for run in runs):.2f}",
            f"{statistics.median(run.cpu_seconds for run in runs):.2f}",
            f"{statistics.median(run.peak_bytes for run in runs) / GIB:.2f}",
            f"{statistics.median(run.seconds / base.seconds for run, base in zip(runs, reference, strict=True)):.2f}",
        ))  # fmt: skip
    return table


def asked_for(case: str, run: Run, ledger: dict[str, Any]) -> str:
    """Say how many features of how many days a case asks for."""
    days = ledger["days"][CASES[case].days]
    keys = 2
    return f"{run.columns - keys} features, {days[0]}" + (f" to {days[-1]} ({len(days)} days)" if len(days) > 1 else "")


def description(ledger: dict[str, Any], rounds: int) -> str:
    """Say what was asked of what, on which machine."""
    counts = ", ".join(f"{count:,} {name}" for name, count in ledger["rows"].items())
    size = sum(ledger["bytes"].values()) / 2**20
    versions = ", ".join(f"{package} {version(package)}" for package in PACKAGES)
    return (
        f"{counts}; the columns needed are {size:,.0f} MiB of compressed Parquet.\n"
        f"Medians of the rounds ({rounds}) on {os.cpu_count()} cores ({platform.machine()}).\n"
        f"Python {platform.python_version()}, {versions}."
    )


def shown(table: Sequence[tuple[str, ...]], *, markdown: bool) -> str:
    """Return the table with aligned columns."""
    widths = [max(map(len, column)) for column in zip(HEADINGS, *table, strict=True)]
    texts = 2
    lines = [
        [
            cell.ljust(width) if place < texts else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        for row in (HEADINGS, *table)
    ]
    if not markdown:
        return "\n".join("  ".join(line) for line in lines)
    rule = [("-" * width) if place < texts else f"{'-' * (width - 1)}:" for place, width in enumerate(widths)]
    return "\n".join(f"| {' | '.join(line)} |" for line in (lines[0], rule, *lines[1:]))


if __name__ == "__main__":
    main()
