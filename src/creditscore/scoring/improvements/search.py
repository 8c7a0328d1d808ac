"""The smallest amount that reaches a better colour: shares of what is open, the oldest first, then finer ones."""

from collections.abc import Sequence

from creditscore.book.conversion import minor_units
from creditscore.policy.colours import BEST_FIRST
from creditscore.scoring.improvements.remedies import Attempt, OpenInvoice, collected, past_due
from creditscore.scoring.improvements.results import Outcome, Remedy
from creditscore.scoring.improvements.trial import Trial

SHARES = 40  # amounts tried at once
FINE = 500  # parts of what is open within which the amount is found
ROUNDS = 3

Tried = tuple[Attempt, Outcome]


def first_amounts(trial: Trial, invoices: Sequence[OpenInvoice]) -> tuple[Attempt, ...]:
    """Return collections of growing amounts: shares of what is past due, then of the rest of what is open."""
    overdue, whole = past_due(invoices, trial.facts.as_of), sum(invoice.amount for invoice in invoices)
    half = SHARES // 2
    return _between(trial, invoices, 0, overdue, half) + _between(trial, invoices, overdue, whole, half)


def smallest_to_better_colour(
    trial: Trial, invoices: Sequence[OpenInvoice], tried: Sequence[Tried], *, now: Outcome
) -> Tried | None:
    """Return the smallest collection found that gives a better colour, with what it gives; ``None`` without one.

    The score need not rise with every payment: an old debt that is paid late makes the customer a late payer. So
    amounts are compared one by one; between the first that is enough and the one below it finer ones are tried.
    """
    for _ in range(ROUNDS):
        enough = next((place for place, one in enumerate(tried) if is_better(one[1], now)), None)
        if enough is None:
            return None
        high = tried[enough]
        low = tried[enough - 1][0].amount if enough else 0
        if (high[0].amount - low) * FINE <= sum(invoice.amount for invoice in invoices):
            break
        finer = _between(trial, invoices, low, high[0].amount, SHARES)
        outcomes = trial.outcomes([one.added for one in finer])
        tried = [*zip(finer, outcomes, strict=True), high]
    return high


def is_better(outcome: Outcome, now: Outcome) -> bool:
    """Tell whether an outcome has a better colour than there is now."""
    return BEST_FIRST.index(outcome.colour) < BEST_FIRST.index(now.colour)


def _between(trial: Trial, invoices: Sequence[OpenInvoice], low: int, high: int, count: int) -> tuple[Attempt, ...]:
    """Return collections of different amounts above ``low`` up to ``high``, in whole units of the currency."""
    unit = 10 ** minor_units(trial.book.currency)
    shares = [low - (low - high) * part // count for part in range(1, count + 1)]
    amounts = sorted({min(-(-share // unit) * unit, high) for share in shares} - {low})
    return tuple(collected(trial.facts, invoices, amount, remedy=Remedy.COLLECT_OLDEST) for amount in amounts)
