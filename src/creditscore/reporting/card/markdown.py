"""Markdown of a model card: headings, lists, and tables whose numbers read as those of a report."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import pandas as pd

from creditscore.domain import ENGLISH, Language
from creditscore.reporting.formats import cell, reader_of
from creditscore.reporting.sheets import headings

Part: TypeAlias = str | tuple[str, ...] | pd.DataFrame


def written(parts: Iterable[Part], language: Language = ENGLISH) -> str:
    """Return parts of a chapter in a language: sentences as a paragraph, several of them as a list, frames as tables.

    >>> print(written(["To do:", ("One.", "Two.")]))
    To do:
    <BLANKLINE>
    - One.
    - Two.
    """
    return "\n\n".join(_written(part, language) for part in parts)


def escaped(text: str) -> str:
    r"""Keep what comes from data or from people from being read as a table, as HTML or as several lines.

    >>> escaped("a|b <c>")
    'a\\|b &lt;c>'
    """
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def entries(told: Mapping[str, str]) -> pd.DataFrame:
    """Return a table of two columns without a head to speak of.

    >>> print(table(entries({"model": "trade_credit"})))
    | entry | value |
    |---|---|
    | model | trade_credit |
    """
    return pd.DataFrame({"entry": told.keys(), "value": told.values()}, dtype=object)


def table(frame: pd.DataFrame, language: Language = ENGLISH) -> str:
    """Return a frame as a table; the names of its columns say how its numbers read.

    >>> print(table(pd.DataFrame({"grade": ["A1"], "default_rate": [0.0123]})))
    | grade | default rate |
    |---|---|
    | A1 | 1.23 % |
    """
    readers = [reader_of(str(name), None) for name in frame.columns]
    rows = [
        [escaped(language.say(cell(value, read))) for value, read in zip(row, readers, strict=True)]
        for row in frame.itertuples(index=False, name=None)
    ]
    head = headings(frame, None, language)
    return "\n".join([_line(head), f"|{'---|' * len(head)}", *(_line(row) for row in rows)])


def _written(part: Part, language: Language) -> str:
    if isinstance(part, pd.DataFrame):
        return table(part, language)
    if isinstance(part, tuple):
        return "\n".join(f"- {escaped(language.say(sentence))}" for sentence in part)
    return escaped(language.say(part))


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
