"""The simulated ledger that is asked: made where there is none, described, and read once so that it is in memory.

Run by the benchmark as a process of its own: ``python -m behaviour_engines.ledger FOLDER CUSTOMERS MONTHS``.
"""

import json
import sys
from collections import deque
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq

from behaviour_engines.cases import MONTH_ENDS
from behaviour_engines.features import COLUMNS
from creditscore.book import Book
from creditscore.book.simulation import Portfolio, simulate

SEED = 7


def opened(folder: Path, *, customers: int, months: int) -> Book:
    """Return the book in ``folder``, simulated where there is none yet."""
    if (folder / "book" / "book.json").is_file():
        return Book.open(folder / "book")
    folder.mkdir(parents=True, exist_ok=True)
    portfolio = Portfolio(customers=customers, months=months, seed=SEED)
    return simulate(portfolio, book=folder / "book", truth=folder / "truth")


def month_ends(last: date) -> list[date]:
    """Return the last month ends up to ``last``, in order."""
    ends: deque[date] = deque()
    end = (last + timedelta(days=1)).replace(day=1) - timedelta(days=1)
    while len(ends) < MONTH_ENDS:
        ends.appendleft(end)
        end = end.replace(day=1) - timedelta(days=1)
    return list(ends)


def described(book: Book) -> dict[str, object]:
    """Return where the book is, its rows, the compressed bytes of the columns that are needed, and the month ends."""
    return {
        "book": str(book.folder),
        "rows": {name: pq.read_metadata(book.path(name)).num_rows for name in COLUMNS},
        "bytes": {name: _compressed(book.path(name), columns) for name, columns in COLUMNS.items()},
        "days": [day.isoformat() for day in month_ends(book.known_days()[1])],
    }


def _compressed(path: Path, columns: tuple[str, ...]) -> int:
    metadata = pq.read_metadata(path)
    places = [metadata.schema.names.index(column) for column in columns]
    groups = [metadata.row_group(group) for group in range(metadata.num_row_groups)]
    return sum(group.column(place).total_compressed_size for group in groups for place in places)


def warm(book: Book) -> None:
    """Read the files once, so that no engine pays for the disk."""
    for name in COLUMNS:
        with book.path(name).open("rb") as stream:
            while stream.read(1 << 24):
                pass


def main(folder: str, customers: str, months: str) -> None:
    book = opened(Path(folder), customers=int(customers), months=int(months))
    warm(book)
    print(json.dumps(described(book)))


if __name__ == "__main__":
    main(*sys.argv[1:])
