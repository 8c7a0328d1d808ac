"""How the columns of an evidence table read: the unit is the suffix of the name, as everywhere in the house."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Final

import numpy as np
import pandas as pd

from creditscore.domain import text

MISSING = "–"
MINOR_DIGITS: Final[Mapping[str, int]] = {  # ISO 4217; every other currency has two
    **dict.fromkeys(("CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
WORDS: Final[Mapping[str, str]] = {"pd": "PD", "auc": "AUC", "psi": "PSI", "hi": "HI", "cv": "CV"}
BOUNDS: Final[Mapping[str, str]] = {"low": "from", "high": "to"}

Read = Callable[[float], str]
Plain = str | bool | int | float | date | None


class Kind(StrEnum):
    """What the numbers of a column are."""

    SHARE = "share"
    PROBABILITY = "probability"  # of a test, down to a thousandth
    COUNT = "count"
    AMOUNT = "amount"  # minor units of the report's currency
    NUMBER = "number"


def percent(value: float) -> str:
    """Write a share with as many digits as it needs.

    >>> percent(0.1234), percent(0.01234), percent(0.0004)
    ('12.3 %', '1.23 %', '0.04 %')
    """
    return f"{100 * value:.{1 if abs(value) >= 0.1 else 2}f} %"  # noqa: PLR2004 - ten percent


def count(value: float) -> str:
    """Write a whole number.

    >>> count(12345.0)
    '12,345'
    """
    return f"{value:,.0f}"


def number(value: float) -> str:
    """Write a statistic with three digits after the point.

    >>> number(0.81249)
    '0.812'
    """
    return f"{value:.3f}"


def probability(value: float) -> str:
    """Write a p-value; below a thousandth only that it is.

    >>> probability(0.0312), probability(2e-9)
    ('0.031', '< 0.001')
    """
    return "< 0.001" if value < 0.001 else number(value)  # noqa: PLR2004 - the last digit that is shown


def amount(value: float, currency: str | None) -> str:
    """Write minor units of a currency as whole units of it.

    >>> amount(123456789, "CNY"), amount(1234, "JPY")
    ('1,234,568', '1,234')
    """
    return f"{value / 10 ** minor_digits(currency):,.0f}"


def minor_digits(currency: str | None) -> int:
    """Return how many digits of an amount lie after the point.

    >>> minor_digits("CNY"), minor_digits("JPY"), minor_digits(None)
    (2, 0, 2)
    """
    return MINOR_DIGITS.get(currency or "", 2)


def kind_of(name: str) -> Kind:
    """Return what the numbers of a column are, from its name.

    >>> kind_of("pd_12m"), kind_of("reserve_amount"), kind_of("auc")
    (<Kind.SHARE: 'share'>, <Kind.AMOUNT: 'amount'>, <Kind.NUMBER: 'number'>)
    """
    if re.search(r"(^pd$|^pd_|_rate$|_share$|_ratio$|_pd$)", name):
        return Kind.SHARE
    if name.endswith("p_value"):
        return Kind.PROBABILITY
    if name.endswith(("_count", "_grade", "_months")) or name == "grade":
        return Kind.COUNT
    return Kind.AMOUNT if name.endswith("_amount") else Kind.NUMBER


def reader_of(name: str, currency: str | None) -> Read:
    """Return how the numbers of a column read, from its name.

    >>> reader_of("missing_p_value", None)(0.0004), reader_of("missing_current_ratio", None)(0.0004)
    ('< 0.001', '0.04 %')
    >>> reader_of("default_after_months", None)(7.0), reader_of("pd", None)(0.02)
    ('7', '2.00 %')
    """
    readers: dict[Kind, Read] = {
        Kind.SHARE: percent,
        Kind.PROBABILITY: probability,
        Kind.COUNT: count,
        Kind.AMOUNT: lambda value: amount(value, currency),
        Kind.NUMBER: number,
    }
    return readers[kind_of(name)]


def plain(value: object) -> Plain:
    """Return one cell as Python's own text, truth, number or day; what is missing or not finite as ``None``.

    >>> plain(pd.NA), plain(float("inf")), plain(np.int64(3)), plain(pd.Timestamp("2024-01-31")), plain(np.True_)
    (None, None, 3, datetime.date(2024, 1, 31), True)
    """
    if isinstance(value, str):
        return str(value)
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    scalar: bool | int | float = value.item() if isinstance(value, np.generic) else value  # type: ignore[assignment]
    return scalar if math.isfinite(scalar) else None


def cell(value: object, read: Read) -> str:
    """Write one cell.

    >>> cell(None, number), cell(pd.Timestamp("2024-01-31"), number), cell(True, number), cell(0.5, percent)
    ('–', '2024-01-31', 'yes', '50.0 %')
    """
    if isinstance(value, str):
        return value
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return MISSING
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "yes" if value else "no"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return read(float(value))  # type: ignore[arg-type]


def heading(name: str, currency: str | None) -> str:
    """Write a column's name for people.

    >>> heading("default_rate", None), heading("pd_12m", None), heading("default_count", None)
    ('default rate', 'PD 12m', 'defaults')
    >>> heading("reserve_amount", "CNY"), heading("low_rate", None)
    ('reserve, CNY', 'from')
    >>> heading("A1_share", None)
    'A1 share'
    """
    words = [WORDS.get(word, word) for word in name.split("_")]
    if words[0] in BOUNDS:
        return BOUNDS[words[0]]
    match words:
        case ["to", grade, *what] if what:  # of a migration matrix
            return text("to {grade} {what}", grade=grade, what=heading("_".join(what), currency))
        case [*kept, "amount"]:
            return text("{what}, {currency}", what=" ".join(kept), currency=currency) if currency else " ".join(kept)
        case [*kept, "count"]:
            return plural(" ".join(kept))
        case [grade, "share"] if not grade.islower():
            return text("{grade} share", grade=grade)
        case [*kept, "on"]:
            words = kept
    return " ".join(words)


def plural(noun: str) -> str:
    """Write a noun for many of them.

    >>> plural("industry"), plural("day"), plural("default"), plural("outcome known")
    ('industries', 'days', 'defaults', 'outcome known')
    """
    if noun.endswith(("known", "s")):
        return noun
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeiou" else f"{noun}s"
