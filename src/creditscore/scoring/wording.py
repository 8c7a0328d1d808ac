"""Words and numbers for people, in English and Chinese: what explanations and improvements are told in."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan
from types import MappingProxyType
from typing import Final

from creditscore.book.conversion import minor_units
from creditscore.domain import Colour, Unit
from creditscore.errors import ParameterError
from creditscore.scoring.explanation import LANGUAGES

MISSING: Final = MappingProxyType({"en": "unknown", "zh": "未知"})
COLOURS: Final[Mapping[str, Mapping[Colour, str]]] = {
    "en": {colour: str(colour) for colour in Colour},
    "zh": {Colour.GREEN: "绿", Colour.YELLOW: "黄", Colour.RED: "红"},
}
FLAGS: Final[Mapping[str, tuple[str, str]]] = {"en": ("no", "yes"), "zh": ("否", "是")}
COUNTED: Final[Mapping[str, Mapping[Unit, str]]] = {
    "en": {Unit.DAYS: " days", Unit.MONTHS: " months", Unit.YEARS: " years"},
    "zh": {Unit.DAYS: " 天", Unit.MONTHS: " 个月", Unit.YEARS: " 年"},
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an explanation: a heading at depth 0, what it holds at depth 1.

    Parameters
    ----------
    depth
        0 or 1.
    label
        What it tells of.
    values
        The values, or the value before and after.
    points
        Points of the score; empty where there are none.
    """

    depth: int
    label: str
    values: str
    points: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """An explanation in one language.

    Parameters
    ----------
    title
        What it comes to.
    lines
        What it is made of.
    notes
        What else there is to say.
    """

    title: str
    lines: tuple[Line, ...]
    notes: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it as plain text."""
        told = [
            "  " * (line.depth + 1) + line.label + (f": {line.values}" if line.values else "") + f"  {line.points}"
            for line in self.lines
        ]
        return "\n".join([self.title, *told, *self.notes])


def check_language(language: str) -> None:
    """Refuse a language that the catalogue does not speak.

    >>> check_language("fr")
    Traceback (most recent call last):
    creditscore.errors.ParameterError: language: 'fr' is no language of the catalogue. Use one of en, zh.
    """
    if language not in LANGUAGES:
        raise ParameterError(
            where="language",
            found=f"{language!r} is no language of the catalogue.",
            fix=f"Use one of {', '.join(LANGUAGES)}.",
        )


def amount_text(amount: float, currency: str) -> str:
    """Write minor units as units of their currency.

    >>> amount_text(123456789, "CNY"), amount_text(1234, "JPY")
    ('1,234,567.89 CNY', '1,234 JPY')
    """
    digits = minor_units(currency)
    return f"{amount / 10**digits:,.{digits}f} {currency}"


def value_text(value: float, unit: Unit, *, currency: str, language: str) -> str:
    """Write a feature's value with its unit.

    >>> [value_text(0.4321, unit, currency="CNY", language="en") for unit in (Unit.RATIO, Unit.DAYS, Unit.LEVEL)]
    ['43.2 %', '0.4 days', '0.432']
    >>> value_text(1.0, Unit.FLAG, currency="CNY", language="zh"), value_text(45, Unit.DAYS, currency="", language="zh")
    ('是', '45 天')
    """
    if isnan(value):
        return MISSING[language]
    match unit:
        case Unit.RATIO:
            return f"{100 * value:,.1f} %"
        case Unit.AMOUNT:
            return amount_text(value, currency)
        case Unit.FLAG:
            return FLAGS[language][int(value != 0)]
        case Unit.LEVEL:
            return f"{value:,.3f}"
    return _whole_or_tenths(value) + COUNTED[language].get(unit, "")


def points_text(points: float) -> str:
    """Write points of a score with their sign.

    >>> points_text(-7.249), points_text(-0.001)
    ('-7.25', '+0.00')
    """
    return f"{round(points, 2) + 0.0:+,.2f}"  # adding 0 makes a plain zero of a negative one


def score_text(score: float, colour: Colour, *, language: str) -> str:
    """Write a score with its colour.

    >>> score_text(71.24, Colour.YELLOW, language="en"), score_text(71.24, Colour.YELLOW, language="zh")
    ('71.24 (yellow)', '71.24（黄）')
    """
    word = COLOURS[language][colour]
    return f"{score:.2f}（{word}）" if language == "zh" else f"{score:.2f} ({word})"


def _whole_or_tenths(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,.1f}"
