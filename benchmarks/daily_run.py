"""The whole daily run: advance the features, score, decide, explain, store; how long it takes and where the time goes.

Run: .venv/bin/python benchmarks/daily_run.py FOLDER [CUSTOMERS [MONTHS]]

FOLDER keeps a simulated book, 1,000,000 customers over twelve months by default, and a model of the shipped recipe,
trained on 5,000 customers over 36 months that end on the same day; both are made at the first need and used again. The
last day but one is scored first, which builds the state from nothing. Then the last day is scored in a process of its
own: that is a daily run. Whoever listens to its progress learns how long each step took.
"""

import json
import resource
import shutil
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

from creditscore.book import Book
from creditscore.book.simulation import Portfolio, simulate
from creditscore.domain import Workspace, add_months
from creditscore.scoring import score_portfolio, set_champion
from creditscore_training.pipeline import train
from creditscore_training.recipes import trade_credit

END = date(2025, 1, 1)
LINE = "{:<28} {:>9} {:>9}"


def prepared(folder: Path, customers: int, months: int) -> Workspace:
    """Return a workspace with a large book and a model that may score its last two days."""
    workspace = Workspace(folder / "large")
    if not (workspace.book / "book.json").is_file():
        portfolio = Portfolio(customers=customers, months=months, seed=7, first_month=add_months(END, -months))
        simulate(portfolio, book=workspace.book, truth=workspace.truth)
    if not (workspace.bundles / "champion.json").is_file():
        small = Workspace(folder / "small")
        teachers = Portfolio(customers=5_000, months=36, seed=8, first_month=add_months(END, -36))
        book = simulate(teachers, book=small.book, truth=small.truth)
        as_of = book.known_days()[1] - timedelta(days=1)
        train(trade_credit.RECIPE, small, as_of=as_of, tracking_uri=f"sqlite:///{folder / 'mlflow.db'}")
        champion = json.loads((small.bundles / "champion.json").read_text("utf-8"))["folder_name"]
        shutil.copytree(small.bundles / champion, workspace.bundles / champion)
        set_champion(workspace, champion)
    return workspace


def run(workspace: Workspace, day: date) -> None:
    """Score a day and print what each step took and the peak memory by its end."""
    print(LINE.format(f"scoring {day}", "seconds", "peak GiB"), flush=True)
    start = last = time.perf_counter()
    told: dict[str, float] = {}

    def listen(step: str, done: int, total: int) -> None:
        nonlocal last
        now = time.perf_counter()
        told[step] = told.get(step, 0.0) + now - last
        last = now
        if done == total and done > 0:
            print(LINE.format(step, f"{told[step]:.1f}", f"{peak():.2f}"), flush=True)

    found = score_portfolio(workspace, as_of=day, progress=listen)
    print(LINE.format("whole run", f"{time.perf_counter() - start:.1f}", f"{peak():.2f}"))
    print(f"{found.customer_count:,} customers: {dict(found.colours)}", flush=True)


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def main(place: str, customers: str = "1000000", months: str = "12") -> None:
    # A child's peak memory is at least its parent's, so whatever is large happens in other processes.
    asked("--prepare", place, customers, months)
    workspace = Workspace(Path(place) / "large")
    last = Book.open(workspace.book).known_days()[1]
    for day in (last - timedelta(days=1), last):
        asked("--day", str(workspace.root), str(day))


def asked(*arguments: str) -> None:
    subprocess.run([sys.executable, __file__, *arguments], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--day"]:
        run(Workspace(Path(sys.argv[2])), date.fromisoformat(sys.argv[3]))
    elif sys.argv[1:2] == ["--prepare"]:
        prepared(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    else:
        main(*sys.argv[1:4])
