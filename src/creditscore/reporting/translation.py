"""A report in another language: the same numbers, every sentence from the catalogue."""

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, Self, TypeVar, cast

import pandas as pd

from creditscore.domain import Language

Thing = TypeVar("Thing")


class Translation(str):
    """A sentence in another language that knows what it was in English, so that links and keys stay the same."""

    __slots__ = ("english",)

    english: str

    def __new__(cls, said: str, *, english: str) -> Self:
        """Keep both."""
        self = super().__new__(cls, said)
        self.english = english
        return self


def english_of(said: str) -> str:
    """Return what a sentence is in English.

    >>> english_of(Translation("方法", english="Method")), english_of("Method")
    ('Method', 'Method')
    """
    return said.english if isinstance(said, Translation) else str(said)


def translated(thing: Thing, language: Language) -> Thing:
    """Return a report, a sheet, a chart or a table with all that it says in a language.

    Parameters
    ----------
    thing
        Sentences, tables, and whatever holds them. Numbers, days and names of columns stay: the names carry the units,
        and whoever draws the table writes its head in the language.
    language
        The language.

    Examples
    --------
    >>> translated(("Method", 3), Language(code="zh", phrases={"Method": "方法"}))
    ('方法', 3)
    """
    return cast("Thing", _translated(thing, language))


def _translated(thing: object, language: Language) -> object:
    match thing:
        case Enum() | Language() | Translation():
            found: object = thing
        case str():
            said = language.say(thing)
            found = thing if said == thing else Translation(said, english=str(thing))
        case pd.DataFrame():
            found = _table(thing, language)
        case tuple() | list():
            found = type(thing)(_translated(part, language) for part in thing)
        case dict():
            found = {_translated(name, language): _translated(part, language) for name, part in thing.items()}
        case _ if is_dataclass(thing):
            found = _record(thing, language)
        case _:
            found = thing
    return found


def _record(thing: Any, language: Language) -> object:  # noqa: ANN401 - any dataclass
    return replace(thing, **{one.name: _translated(getattr(thing, one.name), language) for one in fields(thing)})


def _table(table: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Say the words of a table's cells; its verdicts are said by their badges."""
    said = table.copy()
    for place, name in enumerate(table.columns):
        column = table.iloc[:, place]
        if name != "verdict" and (pd.api.types.is_string_dtype(column) or pd.api.types.is_object_dtype(column)):
            said.isetitem(place, [language.say(value) if isinstance(value, str) else value for value in column])
    return said
