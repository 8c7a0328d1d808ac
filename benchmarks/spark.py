"""The snapshot of all features of one day on Spark, beside the embedded engine, as the ledger grows.

Run: .venv/bin/python benchmarks/spark.py [FOLDER [MILLIONS_OF_INVOICES ...]]

For each size a book of 36 months is simulated in FOLDER, if it is not there yet. Each case is a process of its own:
Spark on all processors of this machine, from the book as it came to the files of the snapshot; the embedded engine
from the book as it came; and the same with the ledger prepared. The start of Spark is told apart. Every value of the
two answers is compared before any figure of a size is shown.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

SIZES = ("1", "2", "5", "10")  # millions of invoices
INVOICES_OF_A_CUSTOMER = 62
MONTHS = 36
AS_OF = date(2024, 11, 30)  # a month before the last day, so that the files hold facts that are not known yet
HEAP = "4g"
PARTITIONS = "16"
TOLERANCE = 1e-12


def simulate_book(folder: Path, millions: str) -> dict[str, float]:
    """Simulate the book of a size and tell its rows."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - in a process of its own, whose memory does not count

    from creditscore.book import Book  # noqa: PLC0415
    from creditscore.book.simulation import Portfolio, simulate  # noqa: PLC0415

    if not (folder / "book" / "book.json").is_file():
        customers = round(float(millions) * 1e6 / INVOICES_OF_A_CUSTOMER)
        portfolio = Portfolio(customers=customers, months=MONTHS, seed=7)
        simulate(portfolio, book=folder / "book", truth=folder / "truth")
    book = Book.open(folder / "book")
    return {name: pq.read_metadata(book.path(name)).num_rows for name in ("customers", "invoices", "payments")}


def embedded(folder: Path) -> dict[str, float]:
    """Compute the snapshot in this process, and keep it beside the book."""
    from creditscore.book import Book  # noqa: PLC0415 - imports are not timed
    from creditscore.features import snapshot  # noqa: PLC0415

    begun, busy = time.perf_counter(), _own_cpu()
    frame = snapshot(Book.open(folder / "book"), as_of=AS_OF)
    found = {"wall": time.perf_counter() - begun, "cpu": _own_cpu() - busy, "peak": _own_peak()}
    frame.to_parquet(folder / "embedded.parquet")
    return found


def spark(folder: Path) -> dict[str, float]:
    """Write the snapshot by Spark on this machine."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 - imports are not timed

    from creditscore.book import Book, Spark  # noqa: PLC0415
    from creditscore.features import write_snapshot  # noqa: PLC0415

    settings: dict[str, bool | float | int | str | None] = {
        "spark.master": "local[*]",
        "spark.driver.memory": HEAP,
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.local.dir": str(folder / "shuffled"),
        "spark.sql.shuffle.partitions": PARTITIONS,
    }
    begun = time.perf_counter()
    engine = Spark(SparkSession.builder.config(map=settings).getOrCreate())
    started, busy = time.perf_counter() - begun, _own_cpu()
    (java,) = _children()
    busy += _cpu_of(java)
    write_snapshot(Book.open(folder / "book"), as_of=AS_OF, out=folder / "spark", engine=engine)
    wall = time.perf_counter() - begun - started
    cpu, peak = _own_cpu() + _cpu_of(java) - busy, _own_peak() + _peak_of(java)
    engine.session.stop()
    return {"wall": wall, "start": started, "cpu": cpu, "peak": peak}


def compare(folder: Path) -> dict[str, float]:
    """Tell how many features of the two answers differ in a bit, and refuse a difference beyond rounding."""
    import numpy as np  # noqa: PLC0415 - in a process of its own
    import pandas as pd  # noqa: PLC0415

    here = pd.read_parquet(folder / "embedded.parquet")
    there = pd.read_parquet(folder / "spark").sort_values("customer_id", ignore_index=True)
    if here["customer_id"].tolist() != there["customer_id"].tolist():
        sys.exit("The customers differ.")
    names = list(here.columns[2:])
    far = [n for n in names if not np.allclose(here[n], there[n], rtol=TOLERANCE, atol=0.0, equal_nan=True)]
    if far:
        sys.exit(f"The answers differ: {', '.join(far)}.")
    return {"features": len(names), "rounded": sum(not here[name].equals(there[name]) for name in names)}


CASES = {"simulate": simulate_book, "embedded": embedded, "spark": spark, "compare": compare}


def asked(case: str, *arguments: str) -> dict[str, float]:
    """Run a case in a process of its own, for a child's peak memory is at least its parent's."""
    command = [sys.executable, __file__, "--case", case, *arguments]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(answer.stdout.splitlines()[-1])


def main(place: str = "", *sizes: str) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        print(f"{'invoices':>10}  {'engine':<20} {'wall s':>8} {'cpu s':>8} {'peak GiB':>9}")
        for millions in sizes or SIZES:
            measure(Path(place or temporary) / f"{millions}m", millions)


def measure(folder: Path, millions: str) -> None:
    """Measure both engines on one size, and print a line for each."""
    rows = asked("simulate", str(folder), millions)
    shutil.rmtree(folder / "book" / "prepared", ignore_errors=True)
    found = {"Spark": asked("spark", str(folder))}
    found |= {name: asked("embedded", str(folder)) for name in ("embedded", "embedded, prepared")}
    checked = asked("compare", str(folder))
    for name, cost in found.items():
        print(f"{rows['invoices']:>10,}  {name:<20} {cost['wall']:8.1f} {cost['cpu']:8.1f} {cost['peak']:9.2f}")
    told = f"{rows['customers']:,} customers, {rows['payments']:,} payments; Spark started in"
    bits = f"{checked['rounded']} of {checked['features']} features differ in a bit"
    print(f"{told} {found['Spark']['start']:.1f} s; {bits}", flush=True)
    shutil.rmtree(folder / "spark")


def _own_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _own_peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def _children() -> list[int]:
    return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text("utf-8").split()]


def _cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak_of(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    (peak,) = (int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    return peak / 2**20


if __name__ == "__main__":
    if sys.argv[1:2] == ["--case"]:
        case, folder, *rest = sys.argv[2:]
        print(json.dumps(CASES[case](Path(folder), *rest)))
    else:
        main(*sys.argv[1:])
