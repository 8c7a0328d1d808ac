"""How long ``creditscore --help`` takes, against importing what it is made with, the least that it could take.

Run: .venv/bin/python benchmarks/command_line.py
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

RUNS = 11
COMMANDS = {
    "creditscore --help": [Path(sys.executable).with_name("creditscore"), "--help"],
    "import typer, rich.console": [sys.executable, "-c", "import typer, rich.console"],
}


def seconds(command: list[str | Path]) -> float:
    """Return the wall time of one process."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Run both in turn and print medians and their ratio."""
    times = {name: [seconds(command) for _ in range(RUNS)] for name, command in COMMANDS.items()}
    medians = {name: statistics.median(runs[1:]) for name, runs in times.items()}
    for name, median in medians.items():
        print(f"{name:<30} {median:6.3f} s")
    whole, least = medians.values()
    print(f"{'ratio':<30} {whole / least:6.2f}")


if __name__ == "__main__":
    main()
