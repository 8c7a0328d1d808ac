"""Time and peak memory of a simulated portfolio: ``python benchmarks/simulation.py [CUSTOMERS [MONTHS]]``."""

import resource
import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq

from creditscore.book.simulation import Portfolio, simulate


def main(customers: int = 100_000, months: int = 36) -> None:
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        book = simulate(
            Portfolio(customers=customers, months=months, seed=7),
            book=Path(folder, "book"),
            truth=Path(folder, "truth"),
        )
        seconds = time.perf_counter() - start
        rows = {name: pq.read_metadata(book.path(name)).num_rows for name in book.files}
        size = sum(book.path(name).stat().st_size for name in book.files)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{customers:,} customers x {months} months: {seconds:.1f} s, peak {peak:.2f} GiB, {size / 2**20:,.0f} MiB")
    print(", ".join(f"{count:,} {name}" for name, count in sorted(rows.items())))


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3]))
