"""Grades and colours as classes, a missing one being a class too."""

from typing import Any

import pandas as pd

MISSING = "missing"


def as_classes(column: "pd.Series[Any]") -> "pd.Series[str]":
    """Return the column as text, with ``missing`` where it has no value.

    >>> as_classes(pd.Series([1, None], dtype="Int64")).tolist()
    ['1', 'missing']
    """
    return column.astype("string").fillna(MISSING).astype("str")


def count_classes(column: "pd.Series[Any]") -> dict[str, int]:
    """Return the number of rows of each class.

    >>> count_classes(pd.Series(["green", "red", "green"]))
    {'green': 2, 'red': 1}
    """
    return {str(name): int(count) for name, count in as_classes(column).value_counts().items()}


def class_order(name: str) -> tuple[float, str]:
    """Sort classes by the number in their name, then by name; those without a number, and the missing one, come last.

    >>> sorted(["10", "missing", "9"], key=class_order)
    ['9', '10', 'missing']
    """
    digits = "".join(letter for letter in name if letter.isdigit())
    return (float(digits) if digits else float("inf"), name)
