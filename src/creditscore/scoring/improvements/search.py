"""The smallest amount that reaches a better colour: whole invoices and shares of what is open, then finer amounts."""

from collections.abc import Sequence
from itertools import accumulate

from creditscore.book.conversion import minor_units
from creditscore.policy.colours import BEST_FIRST
from creditscore.scoring.improvements.remedies import Attempt, OpenInvoice, collected, past_due
from creditscore.scoring.improvements.results import Outcome, Remedy
from creditscore.scoring.improvements.trial import Trial

SHARES = 40  # amounts tried at once
MOST_INVOICES = 20  # the oldest, whose whole amounts are tried
FINE = 500  # parts of what is open within which the amount is found
ROUNDS = 3

Tried = tuple[Attempt, Outcome]


def first_amounts(trial: Trial, invoices: Sequence[OpenInvoice]) -> tuple[Attempt, ...]:
    """Return collections of growing amounts: whole invoices, and shares of what is past due and of what is open."""
    overdue, whole = past_due(invoices, trial.facts.as_of), sum(invoice.amount for invoice in invoices)
    settled = list(accumulate(invoice.amount for invoice in invoices))[:MOST_INVOICES]
    half = SHARES // 2
    return _collections(trial, invoices, [*settled, *_shares(0, overdue, half), *_shares(overdue, whole, half)])


def smallest_to_better_colour(
    trial: Trial, invoices: Sequence[OpenInvoice], tried: Sequence[Tried], *, now: Outcome
) -> Tried | None:
    """Return the smallest collection found that gives a better colour, with what it gives; ``None`` without one.

    The score need not rise with every payment: an old debt that is paid late makes the customer a late payer. So
    amounts are compared one by one; between the first that is enough and the one below it finer ones are tried.
    """
    high, low = _first_better(tried, now), 0
    whole = sum(invoice.amount for invoice in invoices)
    for _ in range(ROUNDS):
        if high is None:
            return None
        low = max((one.amount for one, _ in tried if one.amount < high[0].amount), default=low)
        finer = _collections(trial, invoices, _rounded(trial, low, high[0].amount))
        if (high[0].amount - low) * FINE <= whole or not finer:
            break
        tried = list(zip(finer, trial.outcomes([one.added for one in finer]), strict=True))
        high = _first_better(tried, now) or high
    return high


def _first_better(tried: Sequence[Tried], now: Outcome) -> Tried | None:
    """Return the first that has a better colour."""
    return next((one for one in tried if is_better(one[1], now)), None)


def is_better(outcome: Outcome, now: Outcome) -> bool:
    """Tell whether an outcome has a better colour than there is now."""
    return BEST_FIRST.index(outcome.colour) < BEST_FIRST.index(now.colour)


def _rounded(trial: Trial, low: int, high: int) -> list[int]:
    """Return amounts between two, in whole units of the currency."""
    unit = 10 ** minor_units(trial.book.currency)
    rounded = [-(-share // unit) * unit for share in _shares(low, high, SHARES)]
    return [amount for amount in rounded if low < amount < high]


def _shares(low: int, high: int, count: int) -> list[int]:
    """Return equally spaced amounts above ``low`` up to ``high``."""
    return [low + (high - low) * part // count for part in range(1, count + 1)]


def _collections(trial: Trial, invoices: Sequence[OpenInvoice], amounts: Sequence[int]) -> tuple[Attempt, ...]:
    """Return the collections of different amounts, growing, each above 0."""
    wanted = sorted({amount for amount in amounts if amount > 0})
    return tuple(collected(trial.facts, invoices, amount, remedy=Remedy.COLLECT_OLDEST) for amount in wanted)
