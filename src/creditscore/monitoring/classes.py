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


def class_order(name: str) -> tuple[bool, str, int, str]:
    """Sort classes by their letters and then by their number, the missing one last.

    >>> sorted(["missing", "10", "9"], key=class_order)
    ['9', '10', 'missing']
    >>> sorted(["B1", "A10", "A2", "missing"], key=class_order)
    ['A2', 'A10', 'B1', 'missing']
    """
    letters = "".join(letter for letter in name if not letter.isdecimal())
    digits = "".join(letter for letter in name if letter.isdecimal())
    return (name == MISSING, letters, int(digits or 0), name)
