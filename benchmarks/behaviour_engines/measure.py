"""One answer of one engine, measured in the process that gives it; imports are not counted.

Run by the benchmark: ``python -m behaviour_engines.measure MODULE:FUNCTION BOOK ANSWER DAY...``.
"""

import importlib
import json
import resource
import sys
import time
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from creditscore.book import Book


def main(entry: str, folder: str, answer: str, *days: str) -> None:
    module, function = entry.split(":")
    ask = getattr(importlib.import_module(f"behaviour_engines.{module}"), function)
    book, asked = Book.open(Path(folder)), [date.fromisoformat(day) for day in days]
    start, before = time.perf_counter(), cpu_seconds()
    table = ask(book, asked)
    spent = {"seconds": time.perf_counter() - start, "cpu_seconds": cpu_seconds() - before}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    pq.write_table(table, answer)
    print(json.dumps({**spent, "peak_bytes": peak, "columns": table.num_columns}))


def cpu_seconds() -> float:
    """Return the processor time of all threads of this process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main(*sys.argv[1:])
