"""Reads the features of the ledger for whole days: slice after slice of customers, several at a time."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from creditscore.features.ledger.finish import Values, finished
from creditscore.features.ledger.plan import Plan
from creditscore.features.ledger.rows import read_rows
from creditscore.features.ledger.times import Days
from creditscore.features.ledger.totals import Totals, totals_of

PAIRS_AT_ONCE = 25_000  # customers times days of one slice; bounds the memory
WORKERS = min(4, os.cpu_count() or 1)
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found for a slice of the customers.

    Parameters
    ----------
    customers
        Places of the customers.
    totals, features
        Totals and features, each of shape (customers, days).
    """

    customers: slice
    totals: Totals
    features: Values


def read_ledger(path: Path, plan: Plan, *, customers: pd.Index, days: Sequence[date]) -> Iterator[Answer]:
    """Give the features of all customers on all days.

    Parameters
    ----------
    path
        The prepared receivables of a book.
    plan
        What to read.
    customers
        Customers, sorted.
    days
        Days of observation, ascending.

    Raises
    ------
    TooWide
        If a sum might not fit into 64 bits.
    """
    numbers = day_numbers(days)
    step = max(1, PAIRS_AT_ONCE // len(days))

    def answer(start: int) -> Answer:
        chosen = customers[start : start + step]
        pieces = read_rows(path, customers=chosen, columns=plan.columns, days=numbers)
        totals = totals_of(plan, pieces, customers=len(chosen), days=numbers)
        return Answer(slice(start, start + len(chosen)), totals, finished(plan, totals, days=numbers))

    with ThreadPoolExecutor(WORKERS) as pool:
        yield from pool.map(answer, range(0, len(customers), step))


def day_numbers(days: Sequence[date]) -> Days:
    """Return days as whole numbers since 1970."""
    return np.array([(day - EPOCH).days for day in days], np.int32)
