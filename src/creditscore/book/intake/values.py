"""From what a source writes to typed values; what cannot be read is marked as broken, never guessed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from creditscore.book.contract import Kind
from creditscore.book.mapping import DEFAULT_DATES, Expression, SourceMapping

Mask = npt.NDArray[np.bool_]
LARGEST_AMOUNT = float(1 << 53)  # up to here a float64 holds every whole number, so sums of features stay exact

CANONICAL = SourceMapping(file="*", dates=DEFAULT_DATES)  # how constants of the mapping file itself are read


@dataclass(frozen=True, slots=True)
class Parsed:
    """Values of one column, and for each rule that some of them break, which ones do."""

    values: pa.Array
    broken: Mapping[str, Mask] = field(default_factory=dict)

    def and_also(self, other: "Parsed") -> "Parsed":
        """Return the other's values with what is broken in either."""
        return Parsed(other.values, {**self.broken, **other.broken})


def text_of(column: pa.Array, formats: SourceMapping) -> pa.Array:
    """Return a column as trimmed text; missing markers become missing, whole floats lose their ``.0``."""
    text = pc.utf8_trim_whitespace(_plain_text(column))
    marked = pc.is_in(text, value_set=pa.array(formats.missing, pa.string()))
    return pc.if_else(marked, pa.scalar(None, pa.string()), text)


def parse(column: pa.Array, kind: Kind, *, formats: SourceMapping) -> Parsed:
    """Read a column as values of a kind."""
    reader: Callable[[pa.Array, SourceMapping], Parsed] = _READERS[kind]
    return reader(column, formats)


def translated(text: pa.Array, expression: Expression) -> Parsed:
    """Apply the value map of an expression; a value that it does not name is broken unless there is ``otherwise``."""
    if expression.words is None:
        return Parsed(text)
    found = pc.index_in(text, value_set=pa.array(list(expression.words), pa.string()))
    values = pc.take(pa.array(list(expression.words.values()), pa.string()), found)
    unnamed = pc.and_(pc.is_null(found), pc.is_valid(text))
    if expression.otherwise is None:
        return Parsed(values, breaking("each_value_is_in_the_value_map", mask(unnamed)))
    return Parsed(pc.if_else(unnamed, expression.otherwise, values))


def to_book(amounts: pa.Array, factors: pa.Array) -> Parsed:
    """Multiply amounts by factors and round half to even, to whole minor units.

    The rule is broken where the result is too large to be exact.
    """
    scaled = pc.round(pc.multiply(amounts, factors), round_mode="half_to_even")
    too_large = mask(pc.greater(pc.abs(scaled), LARGEST_AMOUNT))
    kept = pc.if_else(pa.array(too_large), pa.scalar(None, pa.float64()), scaled)
    return Parsed(kept.cast(pa.int64()), breaking("each_amount_is_small_enough_to_be_exact", too_large))


def factors_for(currencies: pa.Array, factor: Callable[[str], float | None]) -> Parsed:
    """Look up the factor of each row's currency; a currency without a rate is broken."""
    encoded = currencies.dictionary_encode()
    known = [factor(code.upper()) for code in encoded.dictionary.to_pylist()]
    values = pc.take(pa.array(known, pa.float64()), encoded.indices)
    return Parsed(values, breaking("each_currency_has_a_rate", mask(pc.is_null(values))))


def breaking(rule: str, rows: Mask) -> dict[str, Mask]:
    """Return the rows that break a rule, or nothing where none does."""
    return {rule: rows} if rows.any() else {}


def _plain_text(column: pa.Array) -> pa.Array:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _plain_text(column.cast(kind.value_type))
    if pa.types.is_floating(kind):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, kind), column)
        whole = pc.and_(pc.equal(pc.floor(column), column), pc.less(pc.abs(column), LARGEST_AMOUNT))
        as_whole = pc.if_else(whole, column, pa.scalar(None, kind)).cast(pa.int64()).cast(pa.string())
        return pc.coalesce(as_whole, column.cast(pa.string()))
    if pa.types.is_timestamp(kind):
        return pc.strftime(column.cast(pa.timestamp("s"), safe=False), format="%Y-%m-%d %H:%M:%S")
    return column.cast(pa.string())


def _texts(column: pa.Array, formats: SourceMapping) -> Parsed:
    return Parsed(text_of(column, formats))


def _days(column: pa.Array, formats: SourceMapping) -> Parsed:
    if pa.types.is_date(column.type) or pa.types.is_timestamp(column.type):
        return Parsed(column.cast(pa.date32(), safe=False))
    text = text_of(column, formats)
    encoded = text.dictionary_encode()  # days repeat: read each spelling once
    spelled = encoded.dictionary.to_pandas().astype("str")
    days = pd.Series(pd.NaT, index=spelled.index, dtype="datetime64[us]")
    for form in formats.dates:
        if days.isna().any():
            days = days.fillna(pd.to_datetime(spelled, format=form, errors="coerce").astype("datetime64[us]"))
    typed = pa.Array.from_pandas(days).cast(pa.date32(), safe=False)
    values = pc.take(typed, encoded.indices)
    return Parsed(values, breaking("each_date_exists", _unread(text, values)))


def _numbers(column: pa.Array, formats: SourceMapping, *, rule: str) -> Parsed:
    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        numbers = column.cast(pa.float64(), safe=False)
        markers = [float(word) for word in formats.missing if _is_finite_number(word)]
        absent = pc.or_(pc.is_nan(numbers), pc.is_in(numbers, value_set=pa.array(markers, pa.float64())))
        present = pc.if_else(absent, pa.scalar(None, pa.float64()), numbers)
        values = pc.if_else(pc.is_finite(present), present, pa.scalar(None, pa.float64()))
        return Parsed(values, breaking(rule, _unread(present, values)))
    text = text_of(column, formats)
    positive = pc.replace_substring_regex(text, r"^\((.+)\)$", r"-\1")  # an accountant's (12.50) is -12.50
    readable = pc.match_substring_regex(positive, _number_pattern(formats))
    digits = pc.if_else(readable, positive, pa.scalar(None, pa.string()))
    if formats.thousands:
        digits = pc.replace_substring(digits, formats.thousands, "")
    values = pc.replace_substring(digits, formats.decimal, ".").cast(pa.float64())
    values = pc.if_else(pc.is_finite(values), values, pa.scalar(None, pa.float64()))
    return Parsed(values, breaking(rule, _unread(text, values)))


def _number_pattern(formats: SourceMapping) -> str:
    """Thousands are only taken where they part groups of three: 12.5 is not 125 in a country that writes 1.250,00."""
    point, comma = re.escape(formats.decimal), re.escape(formats.thousands)
    grouped = rf"\d{{1,3}}(?:{comma}\d{{3}})+|" if formats.thousands else ""
    return rf"^[+-]?(?:(?:{grouped}\d+)(?:{point}\d*)?|{point}\d+)(?:[eE][+-]?\d+)?$"


def _whole(column: pa.Array, formats: SourceMapping) -> Parsed:
    parsed = _numbers(column, formats, rule="each_value_is_a_number")
    fractional = mask(pc.not_equal(pc.floor(parsed.values), parsed.values))
    whole = pc.if_else(pa.array(fractional), pa.scalar(None, pa.float64()), parsed.values)
    return parsed.and_also(Parsed(whole, breaking("each_count_is_whole", fractional)))


def _flags(column: pa.Array, formats: SourceMapping) -> Parsed:
    text = pc.utf8_lower(text_of(column, formats))
    yes = _is_one_of(text, formats.true_words)
    no = _is_one_of(text, formats.false_words)
    values = pc.if_else(yes, True, pc.if_else(no, False, pa.scalar(None, pa.bool_())))  # noqa: FBT003 - arrow's own
    return Parsed(values, breaking("each_flag_is_one_of_the_declared_words", _unread(text, values)))


def _is_one_of(text: pa.Array, words: tuple[str, ...]) -> pa.Array:
    return pc.is_in(text, value_set=pa.array([word.lower() for word in words], pa.string()))


def _is_finite_number(word: str) -> bool:
    return re.fullmatch(r"[+-]?\d+(\.\d*)?", word) is not None


def _unread(given: pa.Array, values: pa.Array) -> Mask:
    return mask(pc.and_(pc.is_valid(given), pc.is_null(values)))


def mask(condition: pa.Array) -> Mask:
    """Return a condition as a numpy mask in which unknown is false."""
    filled: Mask = pc.fill_null(condition, False).to_numpy(zero_copy_only=False)  # noqa: FBT003 - arrow's own
    return filled


_READERS: Mapping[Kind, Callable[[pa.Array, SourceMapping], Parsed]] = {
    Kind.KEY: _texts,
    Kind.TEXT: _texts,
    Kind.DAY: _days,
    Kind.MONEY: partial(_numbers, rule="each_amount_is_a_number"),
    Kind.WHOLE: _whole,
    Kind.REAL: partial(_numbers, rule="each_value_is_a_number"),
    Kind.FLAG: _flags,
}
