"""Numbers as the sentences of a report write them."""

from collections.abc import Sequence

from creditscore.domain import Text, joined, text
from creditscore.reporting.formats import amount, number, plural, probability
from creditscore.validation import Estimate

ONCE = text(
    "Intervals and tests take each customer once, when first observed out of time, since outcome windows overlap."
)


def with_interval(estimate: Estimate) -> Text:
    """Write an estimate with its interval.

    >>> with_interval(Estimate(0.8123, 0.79, 0.83)), with_interval(Estimate(0.5, float("nan"), float("nan")))
    ('0.812 (0.790 to 0.830)', '0.500 (interval unknown)')
    """
    value = number(estimate.value)
    if not estimate.known:
        return text("{value} (interval unknown)", value=value)
    return text("{value} ({low} to {high})", value=value, low=number(estimate.low), high=number(estimate.high))


def counted(count: int, noun: str) -> Text:
    """Write a count with its noun; the catalogue of another language has the noun for many.

    >>> counted(1, "grade"), counted(1200, "default")
    ('1 grade', '1,200 defaults')
    """
    many = plural(noun)
    return Text(f"{count:,} {noun if count == 1 else many}", template=f"{{count:,}} {many}", values={"count": count})


def with_p_value(p_value: float) -> Text:
    """Write a p-value within a sentence.

    >>> with_p_value(0.0312), with_p_value(1e-9)
    ('p 0.031', 'p < 0.001')
    """
    return text("p {value}", value=probability(p_value))


def money(minor_units: float, currency: str | None) -> str:
    """Write an amount within a sentence.

    >>> money(123456, "CNY"), money(-123456, None)
    ('1,235 CNY', '-1,235')
    """
    return f"{amount(minor_units, currency)} {currency or ''}".rstrip()


def listed(words: Sequence[str]) -> Text:
    """Write a list within a sentence.

    >>> listed(["1 green", "2 yellow", "3 red"]), listed(["1 red"])
    ('1 green, 2 yellow and 3 red', '1 red')
    """
    *others, last = words
    return joined([joined(others, ", "), last], " and ")


def span(ascending: Sequence[object]) -> Text:
    """Write the first and the last of what is in order, or the one that they are.

    >>> span([1, 4, 11]), span(["2024-11"])
    ('1 to 11', '2024-11')
    """
    first, last = ascending[0], ascending[-1]
    return joined([f"{first}"]) if first == last else text("{first} to {last}", first=f"{first}", last=f"{last}")
