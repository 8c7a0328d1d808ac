"""One day of the ledger: its state advanced by the day's facts, against the full snapshot of the same day.

Run: .venv/bin/python benchmarks/advance.py [FOLDER [CUSTOMERS [MONTHS]]]

A simulated book, made in FOLDER if it is not there yet, is cut on the evening before its last day. Its state is built.
Then the facts of the last day arrive, as an ingest would bring them, and all features of invoices and payments are
computed for that day: once by advancing the state, once anew. Each case is a process of its own; both must agree.
"""

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import duckdb

from creditscore.book import Book
from creditscore.book.simulation import Portfolio, simulate
from creditscore.features import OpenReceivables, Orders, Receivables, catalogue, snapshot, snapshot_hash
from creditscore.features.daily import snapshot_by_state

FEATURES = tuple(one for one in catalogue() if one.relation in (Receivables, OpenReceivables, Orders))
LEDGER = ("invoices", "payments")
ROUNDS = 3


def simulated(folder: Path, customers: int, months: int) -> Book:
    """Return the simulated book of a folder, made at the first need."""
    if not (folder / "book" / "book.json").is_file():
        simulate(Portfolio(customers=customers, months=months, seed=7), book=folder / "book", truth=folder / "truth")
    return Book.open(folder / "book")


def cut(source: Book, folder: Path, until: date) -> Book:
    """Write a book that knows of invoices and payments until a day."""
    book = Book.create(folder, currency=source.currency)
    written = {"customers": folder / ".customers.parquet"}
    written["customers"].write_bytes(source.path("customers").read_bytes())
    return book.adopt(written | ledger(source, folder, until))


def ledger(source: Book, folder: Path, until: date) -> dict[str, Path]:
    """Write the invoices and payments that were known on a day, in their order."""
    written = {}
    for name in LEDGER:
        written[name] = folder / f".{name}.parquet"
        rows = f"SELECT * FROM '{source.path(name)}' WHERE known_on <= DATE '{until}'"  # noqa: S608 - own names
        duckdb.sql(f"COPY ({rows}) TO '{written[name]}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)")
    return written


def arrive(source: Book, book: Book, day: date) -> Book:
    """Let the facts of a day arrive."""
    added = {
        name: duckdb.read_parquet(str(source.path(name))).filter(f"known_on = DATE '{day}'").to_arrow_table()
        for name in LEDGER
    }
    return book.adopt(ledger(source, book.folder, day), added=added)


def case(name: str, folder: Path, day: date) -> dict[str, float | str]:
    """Run one case and tell what it cost."""
    book = Book.open(folder / "book")
    start, busy = time.perf_counter(), time.process_time()
    if name == "advance":
        frame = snapshot_by_state(book, as_of=day, folder=folder / "state", features=FEATURES).snapshot
    else:
        frame = snapshot(book, as_of=day, features=FEATURES)
    wall, cpu = time.perf_counter() - start, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return {"wall": wall, "cpu": cpu, "peak": peak, "hash": snapshot_hash(frame)}


def measured(name: str, folder: Path, day: date) -> dict[str, float | str]:
    """Run one case in a process of its own."""
    command = [sys.executable, __file__, "--case", name, str(folder), str(day)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def forget(folder: Path, *parts: str) -> None:
    """Remove what a case left behind, so that it can run again."""
    for part in parts:
        for path in folder.glob(part):
            shutil.rmtree(path)


def prepare(place: Path, folder: Path, customers: int, months: int) -> None:
    """Cut the book on the evening before its last day, build the state, let that day arrive, and say which it is."""
    source = simulated(place, customers, months)
    day = source.last_known("payments")
    before = day - timedelta(days=1)
    snapshot_by_state(cut(source, folder / "book", before), as_of=before, folder=folder / "state", features=FEATURES)
    arrive(source, Book.open(folder / "book"), day)
    print(day)


def main(place: str = "", customers: str = "200000", months: str = "36") -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        # A child's peak memory is at least its parent's, so whatever is large happens in other processes.
        command = [
            sys.executable,
            __file__,
            "--prepare",
            place or str(folder / "whole"),
            str(folder),
            customers,
            months,
        ]
        day = date.fromisoformat(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip())
        results: dict[str, list[dict[str, float | str]]] = {}
        for _ in range(ROUNDS):
            forget(folder, "book/prepared", f"state/day-{day}")
            for name in ("full", "full, prepared", "advance"):
                results.setdefault(name, []).append(measured(name.split(",")[0], folder, day))
        if len({str(run["hash"]) for runs in results.values() for run in runs}) != 1:
            sys.exit("The state's snapshot is not the full one.")
        report(results)


def report(results: dict[str, list[dict[str, float | str]]]) -> None:
    """Print the median of each case, and each as a ratio to the advance."""
    medians = {
        name: {what: sorted(float(run[what]) for run in runs)[len(runs) // 2] for what in ("wall", "cpu", "peak")}
        for name, runs in results.items()
    }
    print(f"{len(FEATURES)} features of invoices and payments, median of {ROUNDS}")
    print(f"{'case':<16} {'wall s':>8} {'CPU s':>8} {'peak GiB':>9} {'advance/case':>13}")
    for name, cost in medians.items():
        ratio = medians["advance"]["wall"] / cost["wall"]
        print(f"{name:<16} {cost['wall']:8.2f} {cost['cpu']:8.2f} {cost['peak']:9.2f} {ratio:13.3f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--case"]:
        print(json.dumps(case(sys.argv[2], Path(sys.argv[3]), date.fromisoformat(sys.argv[4]))))
    elif sys.argv[1:2] == ["--prepare"]:
        prepare(Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
    else:
        main(*sys.argv[1:4])
