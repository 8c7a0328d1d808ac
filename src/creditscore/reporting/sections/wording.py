"""Numbers as the sentences of a report write them."""

from collections.abc import Sequence

from creditscore.reporting.formats import amount, number, plural, probability
from creditscore.validation import Estimate

ONCE = "Intervals and tests take each customer once, when first observed out of time, since outcome windows overlap."


def with_interval(estimate: Estimate) -> str:
    """Write an estimate with its interval.

    >>> with_interval(Estimate(0.8123, 0.79, 0.83)), with_interval(Estimate(0.5, float("nan"), float("nan")))
    ('0.812 (0.790 to 0.830)', '0.500 (interval unknown)')
    """
    bounds = f"{number(estimate.low)} to {number(estimate.high)}" if estimate.known else "interval unknown"
    return f"{number(estimate.value)} ({bounds})"


def counted(count: int, noun: str) -> str:
    """Write a count with its noun.

    >>> counted(1, "grade"), counted(1200, "default")
    ('1 grade', '1,200 defaults')
    """
    return f"{count:,} {noun if count == 1 else plural(noun)}"


def with_p_value(p_value: float) -> str:
    """Write a p-value within a sentence.

    >>> with_p_value(0.0312), with_p_value(1e-9)
    ('p 0.031', 'p < 0.001')
    """
    return f"p {probability(p_value)}"


def money(minor_units: float, currency: str | None) -> str:
    """Write an amount within a sentence.

    >>> money(123456, "CNY"), money(-123456, None)
    ('1,235 CNY', '-1,235')
    """
    return f"{amount(minor_units, currency)} {currency or ''}".rstrip()


def listed(words: Sequence[str]) -> str:
    """Write a list within a sentence.

    >>> listed(["1 green", "2 yellow", "3 red"]), listed(["1 red"])
    ('1 green, 2 yellow and 3 red', '1 red')
    """
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def span(ascending: Sequence[object]) -> str:
    """Write the first and the last of what is in order, or the one that they are.

    >>> span([1, 4, 11]), span(["2024-11"])
    ('1 to 11', '2024-11')
    """
    first, last = ascending[0], ascending[-1]
    return f"{first}" if first == last else f"{first} to {last}"
