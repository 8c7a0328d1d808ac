"""One small simulated portfolio that all tests of the room read."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from creditscore.book import Book
from creditscore.book.simulation import Portfolio, simulate

PORTFOLIO = Portfolio(customers=800, months=30, seed=11)


@dataclass(frozen=True)
class Simulated:
    portfolio: Portfolio
    book: Book
    truth: Path


@pytest.fixture(scope="session")
def simulated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("simulated")
    book = simulate(PORTFOLIO, book=folder / "book", truth=folder / "truth")
    return Simulated(PORTFOLIO, book, folder / "truth" / "pd_12m.parquet")


@pytest.fixture(scope="session")
def frames(simulated):
    """Tables of the book as data frames, with days as timestamps."""
    return {
        name: simulated.book.read(name).to_pandas(date_as_object=False, types_mapper=None)
        for name in simulated.book.files
    }
