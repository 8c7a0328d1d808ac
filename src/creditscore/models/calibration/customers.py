"""Which rows belong to one customer, and which are set aside together."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from creditscore.errors import ParameterError
from creditscore.models.checks import Floats

Codes = NDArray[np.intp]
Mask = NDArray[np.bool_]


def codes_of(where: str, values: ArrayLike | None, *, rows: int, name: str) -> Codes:
    """Return the rank (n,) of each row's value among the distinct ones; each row is its own where ``None``.

    Raises
    ------
    ParameterError
        If there is not one value for each row.
    """
    if values is None:
        return np.arange(rows)
    given = np.asarray(values)
    if given.shape != (rows,):
        raise ParameterError(
            where=where, found=f"{name} has shape {given.shape} for {rows} rows.", fix="Give one value a row."
        )
    return np.unique(given, return_inverse=True)[1]


def defaulter_count(codes: Codes, y: Floats) -> int:
    """Return how many customers default on some row."""
    return len(np.unique(codes[y == 1]))


def deal(codes: Codes, y: Floats, *, folds: int) -> Codes:
    """Return the fold (n,) of each row: all rows of a customer in one, defaulters and others dealt out evenly.

    Customers are dealt in the order of their codes, so nothing is drawn at random.
    """
    defaulted = np.bincount(codes, weights=y) > 0
    fold = np.empty(len(defaulted), dtype=np.intp)
    for flag in (True, False):
        members = np.flatnonzero(defaulted == flag)
        fold[members] = np.arange(len(members)) % folds
    return fold[codes]


def earlier_half(days: Codes, codes: Codes, y: Floats, *, least: int) -> Mask | None:
    """Return the rows of the earlier days, about half of all, or ``None`` where time cannot be cut in two.

    Both sides must hold at least ``least`` customers that default there.
    """
    middle = np.sort(days)[(len(days) - 1) // 2]
    early: Mask = days <= middle
    if early.all():
        early = days < middle
    enough = all(defaulter_count(codes[side], y[side]) >= least for side in (early, ~early))
    return early if enough else None


def learning_and_judging(fold: Codes, early: Mask | None, *, folds: int) -> Iterator[tuple[Mask, Mask]]:
    """Give the rows to learn from and those to judge by, fold after fold.

    No customer is on both sides. Where time can be cut, what is judged is also later than what was learned from.
    """
    for index in range(folds):
        held = fold == index
        yield (~held, held) if early is None else (~held & early, held & ~early)
