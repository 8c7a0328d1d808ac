"""Markdown of a model card: headings, lists, and tables whose numbers read as those of a report."""

from collections.abc import Iterable, Mapping

import pandas as pd

from creditscore.reporting.formats import cell, reader_of
from creditscore.reporting.sheets import headings


def escaped(text: str) -> str:
    r"""Keep what comes from data or from people from being read as a table, as HTML or as several lines.

    >>> escaped("a|b <c>")
    'a\\|b &lt;c>'
    """
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def entries(told: Mapping[str, str]) -> str:
    """Return a table of two columns without a head to speak of.

    >>> print(entries({"model": "trade_credit"}))
    | entry | value |
    |---|---|
    | model | trade_credit |
    """
    return table(pd.DataFrame({"entry": told.keys(), "value": told.values()}, dtype="str"))


def table(frame: pd.DataFrame) -> str:
    """Return a frame as a table; the names of its columns say how its numbers read.

    >>> print(table(pd.DataFrame({"grade": ["A1"], "default_rate": [0.0123]})))
    | grade | default rate |
    |---|---|
    | A1 | 1.23 % |
    """
    readers = [reader_of(str(name), None) for name in frame.columns]
    rows = [
        [escaped(cell(value, read)) for value, read in zip(row, readers, strict=True)]
        for row in frame.itertuples(index=False, name=None)
    ]
    head = headings(frame, None)
    return "\n".join([_line(head), f"|{'---|' * len(head)}", *(_line(row) for row in rows)])


def points(sentences: Iterable[str]) -> str:
    """Return sentences as a list, escaped.

    >>> print(points(["One.", "Two."]))
    - One.
    - Two.
    """
    return "\n".join(f"- {escaped(sentence)}" for sentence in sentences)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
