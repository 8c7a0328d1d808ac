"""What the gates of training say: a bundle keeps their sentences in English, and a card says them in its language."""

import re
from functools import cache
from string import Formatter
from typing import Final

from creditscore.domain import Text, kept

TEMPLATES: Final = (
    "The out-of-time test has {found} defaults; at least {asked} are asked for.",
    "The AUC out of time is {found}; at least {asked} is asked for.",
    (
        "The AUC out of time is {forest} against {logistic} of the logistic regression (paired DeLong p = {p_value}); "
        "it must not be significantly lower."
    ),
    "The calibration slope out of time is {found}; {low} to {high} is asked for.",
    (
        "The PSI of the score from development to test is {found}, where sampling alone would give about {by_chance}; "
        "at most {asked} is asked for, or what sampling explains."
    ),
    (
        "The worst step against a declared direction is {step}, and at most {hidden} of the values that a missing one "
        "may hide are riskier than what it counts as; both must be 0."
    ),
)


def heard(sentence: str) -> Text:
    """Return a gate's sentence with the numbers in it; one that is not of these gates stays as it is in every language.

    >>> heard("The AUC out of time is 0.896; at least 0.700 is asked for.").values
    {'found': '0.896', 'asked': '0.700'}
    """
    for template in TEMPLATES:
        found = _pattern(template).fullmatch(sentence)
        if found:
            return Text(sentence, template=template, values=found.groupdict())
    return kept(sentence)


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parts = Formatter().parse(template)
    return re.compile("".join(re.escape(said) + (rf"(?P<{name}>\S+?)" if name else "") for said, name, _, _ in parts))
